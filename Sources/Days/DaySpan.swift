import ArgumentParser

/// A span of days, both ends included; an end that is left out is open.
public struct DaySpan: ExpressibleByArgument, Sendable, CustomStringConvertible {
  /// The first day; nil from the beginning.
  public let first: Day?
  /// The last day; nil to the end.
  public let last: Day?

  /// All days.
  public static let all = DaySpan()

  private init() { (first, last) = (nil, nil) }

  /// The span of the options --from and --to; throws a `ValidationError` where it has no day.
  public init(from first: Day?, to last: Day?) throws {
    if let first, let last, last < first {
      throw ValidationError("--to must not be before --from: \(last) < \(first)")
    }
    (self.first, self.last) = (first, last)
  }

  /// Reads `2010-01-01:2014-12-31`, or with an end left out; nil for anything else.
  public init?(argument: String) {
    let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    (first, last) = (Day(parts[0]), Day(parts[1]))
    guard first != nil || parts[0].isEmpty, last != nil || parts[1].isEmpty else { return nil }
    if let first, let last, last < first { return nil }
  }

  /// Whether a day is in it.
  public func contains(_ day: Day) -> Bool { !isAfter(day) && !isBefore(day) }

  /// Whether a day is in both.
  public func overlaps(_ other: DaySpan) -> Bool {
    !(other.last.map(isAfter) ?? false) && !(other.first.map(isBefore) ?? false)
  }

  /// Whether all its days are after this one.
  public func isAfter(_ day: Day) -> Bool { first.map { day < $0 } ?? false }

  /// Whether all its days are before this one.
  public func isBefore(_ day: Day) -> Bool { last.map { $0 < day } ?? false }

  /// The text that gives this span again.
  public var description: String {
    "\(first.map(\.description) ?? ""):\(last.map(\.description) ?? "")"
  }
}
