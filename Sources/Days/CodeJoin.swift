/// What became of codes that one table looks for in another: a join of nothing is an error that shows
/// a code of each side, a join of a part is a line.
public struct CodeJoin: Sendable {
  private let side: String
  private let other: String
  /// Every code that was looked for, ascending, and whether it was ever found.
  private var entries: [(code: InstrumentCode, isFound: Bool)] = []

  /// A join of one side's codes with another's; both are names as in `members have no row in NAME`.
  public init(_ side: String, with other: String) { (self.side, self.other) = (side, other) }

  /// How many codes were looked for.
  public var count: Int { entries.count }

  /// The codes that were never found.
  public var missing: [InstrumentCode] { entries.filter { !$0.isFound }.map(\.code) }

  /// Looks for codes among others, both ascending; the places of those that are not among them.
  ///
  /// Throws where there are some on both sides, and none is found.
  @discardableResult
  public mutating func add(
    _ codes: [InstrumentCode], among others: [InstrumentCode]
  ) throws -> [Int] {
    var absent: [Int] = []
    var new: [(code: InstrumentCode, isFound: Bool)] = []
    var (theirs, known) = (0, 0)
    for (place, code) in codes.enumerated() {
      while theirs < others.count, others[theirs] < code { theirs += 1 }
      while known < entries.count, entries[known].code < code { known += 1 }
      let isFound = theirs < others.count && others[theirs] == code
      if !isFound { absent.append(place) }
      if known < entries.count, entries[known].code == code {
        if isFound { entries[known].isFound = true }
      } else {
        new.append((code, isFound))
      }
    }
    if !new.isEmpty {
      entries += new
      entries.sort { $0.code < $1.code }
    }
    if absent.count == codes.count, let one = codes.first, !others.isEmpty {
      let alike = one.alike(among: others) ?? others[0]
      throw DayError.rule(
        "none of \(codes.count) \(side) is in \(other): \(one) here, \(alike) there")
    }
    return absent
  }

  /// What to say of a join of a part: how many of how many, and the first three; nil where all were
  /// found.
  public var note: String? {
    let missing = missing
    guard !missing.isEmpty else { return nil }
    return "\(missing.count) of \(count) \(side) are not in \(other): \(missing.firstThree)"
  }
}

extension Array where Element: CustomStringConvertible {
  /// The first three, for a line that names some of many.
  public var firstThree: String {
    prefix(3).map { "\($0)" }.joined(separator: ", ") + (count > 3 ? ", ..." : "")
  }
}

extension InstrumentCode {
  /// The first of others that may be the same one, spelt in another way: it has the same digits.
  public func alike(among others: [InstrumentCode]) -> InstrumentCode? {
    let digits = digits
    return digits.isEmpty ? nil : others.first { $0.digits == digits }
  }

  /// The digits alone: what two spellings of a code have in common.
  fileprivate var digits: String { "\(self)".filter(\.isNumber) }
}
