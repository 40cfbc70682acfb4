/// The hours of a day on which an exchange trades.
public struct Session: Sendable {
  /// The seconds of the day, with both ends.
  let seconds: ClosedRange<Int>

  /// Reads `09:30-16:00`; nil for anything else.
  public init?(argument: String) {
    let ends = argument.split(separator: "-", omittingEmptySubsequences: false).map { text in
      Array(text.utf8).withUnsafeBytes { try? Moment.second(of: $0).second }
    }
    guard ends.count == 2, let from = ends[0], let to = ends[1], from < to else { return nil }
    seconds = from...to
  }
}
