import Mechanics
import Streams

/// The trading days, in order.
public struct TradingCalendar: Sendable {
  /// The days, ascending.
  public let days: [Day]

  /// A calendar of days that ascend.
  public init(days: [Day]) { self.days = days }

  /// Reads qlib's `calendars/day.txt`: one day a line, ascending.
  public init(reading path: String) throws {
    var days: [Day] = []
    let reader = ByteReader([path])
    try reader.lines { line in
      let place = "\(path):\(reader.lineNumber)"
      guard !line.contains(0x0d) else { throw Failure.badData(place, ByteReader.bareReturns) }
      guard let day = Day(spelled: line) else {
        throw Failure.badData(
          place, "\(DayError.date(String(decoding: line.prefix(40), as: UTF8.self)))")
      }
      if let last = days.last, last >= day {
        throw Failure.badData(place, "trading days must ascend: \(day) after \(last)")
      }
      days.append(day)
    }
    self.days = days
  }

  /// Throws where a day is none of these.
  public func check(_ day: Day) throws {
    guard contains(day) else {
      throw DayError.rule("date is no trading day of the calendar: \(day)")
    }
  }

  /// Throws where a day is not the next of these after the last one; with no last one, any of them is.
  public func check(_ day: Day, after last: Day?) throws {
    try check(day)
    guard let last, let missing = days(between: last, and: day).first else { return }
    throw DayError.rule("a day is missing: \(day) comes after \(last), the calendar has \(missing)")
  }

  /// Whether a day is one of these.
  public func contains(_ day: Day) -> Bool {
    let place = place(notBefore: day)
    return place < days.count && days[place] == day
  }

  /// The days after one and before another.
  public func days(between first: Day, and last: Day) -> ArraySlice<Day> {
    days[range(from: Day(number: first.number + 1), to: Day(number: last.number - 1))]
  }

  /// The places of the days from one to another, both included; nil is as far as there are days.
  public func range(from first: Day?, to last: Day?) -> Range<Int> {
    let start = first.map { place(notBefore: $0) } ?? 0
    let end = last.map { place(notBefore: Day(number: $0.number + 1)) } ?? days.count
    return start..<max(start, end)
  }

  /// The place of the first day that is not before this one.
  public func place(notBefore day: Day) -> Int {
    days.firstPlace(notBelow: day)
  }
}
