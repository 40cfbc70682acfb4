import ArgumentParser

/// A span of days, both ends included; an end that is left out is open.
public struct DaySpan: ExpressibleByArgument, Sendable, CustomStringConvertible {
  /// The first day; nil from the beginning.
  public let first: Day?
  /// The last day; nil to the end.
  public let last: Day?

  /// Reads `2010-01-01:2014-12-31`, or with an end left out; nil for anything else.
  public init?(argument: String) {
    let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    (first, last) = (Day(parts[0]), Day(parts[1]))
    guard first != nil || parts[0].isEmpty, last != nil || parts[1].isEmpty else { return nil }
    if let first, let last, last < first { return nil }
  }

  /// Whether a day is in it.
  public func contains(_ day: Day) -> Bool {
    first.map { $0 <= day } ?? true && last.map { day <= $0 } ?? true
  }

  /// The text that gives this span again.
  public var description: String {
    "\(first.map(\.description) ?? ""):\(last.map(\.description) ?? "")"
  }
}
