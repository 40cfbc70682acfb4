/// What is wrong with the days and instruments of a table; the reader adds the place.
public enum DayError: Error, Equatable, Sendable {
  /// A code that no instrument has.
  case code(String)
  /// A text that is no day.
  case date(String)
  /// A day that is not after the last one of its instrument.
  case order(InstrumentCode, Day, last: Day)
  /// A day that is not after the last one of a stream.
  case notAscending(Day, last: Day)
  /// Another rule that is broken, with the value.
  case rule(String)
}

extension DayError: CustomStringConvertible {
  /// The rule, then the value.
  public var description: String {
    switch self {
    case .code(let text):
      "instrument must be 1 to 16 characters of ASCII, without blanks and / \\ , \": '\(text)'"
    case .date(let text): "date must be YYYY-MM-DD: '\(text)'\(Day.fault(text))"
    case .order(let code, let day, let last):
      day == last
        ? "second row of \(code) on a date: \(day)"
        : "dates of \(code) must ascend: \(day) after \(last)"
    case .notAscending(let day, let last): "days must ascend: \(day) after \(last)"
    case .rule(let rule): rule
    }
  }
}
