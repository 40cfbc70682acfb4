/// Sees to it that days come in order, each once.
public struct DayOrder: Sendable {
  /// The last day that came.
  public private(set) var last: Day?

  /// An order that goes on after a day; nil where none came yet.
  public init(after last: Day? = nil) { self.last = last }

  /// Throws where a day is not after the last one.
  public func check(_ day: Day) throws {
    if let last, day <= last { throw DayError.notAscending(day, last: last) }
  }

  /// Takes a day for the last one; throws where it is not after the one before.
  public mutating func advance(to day: Day) throws {
    try check(day)
    last = day
  }
}
