/// What stands between whole and fraction in a number; the other of the two groups thousands.
public enum DecimalMark: String, CaseIterable, Sendable {
  /// `1,000.5`.
  case point = "."
  /// `1.000,5`.
  case comma = ","

  /// The one that it is not.
  var other: DecimalMark { self == .point ? .comma : .point }

  /// A number with a point and without groups; nil where it is none.
  ///
  /// Groups have three digits each behind a first one of one to three that is not 0: `0,123` and `12,34`
  /// are decimals of other countries, and no number here.
  func plain(_ number: String) -> String? {
    let parts = number.split(
      separator: Character(rawValue), maxSplits: 1, omittingEmptySubsequences: false)
    let fraction = parts.count > 1 ? parts[1] : ""
    guard fraction.allSatisfy(\.isNumber) else { return nil }
    let groups = parts[0].split(
      separator: Character(other.rawValue), omittingEmptySubsequences: false)
    if groups.count > 1 {
      guard (1...3).contains(groups[0].count), groups[0].first != "0",
        groups.dropFirst().allSatisfy({ $0.count == 3 })
      else { return nil }
    }
    let whole = groups.joined()
    guard !(whole + fraction).isEmpty else { return nil }
    return parts.count > 1 ? "\(whole).\(fraction)" : whole
  }

  /// A text of ours with this mark for its points.
  func written(_ text: String) -> String {
    self == .point ? text : text.replacing(".", with: rawValue)
  }
}
