import ArgumentParser
import Streams

/// A day of the Gregorian calendar, counted from 1970-01-01 as NumPy's `M8[D]` counts.
public struct Day: Hashable, Comparable, Sendable {
  /// Days since 1970-01-01.
  public let number: Int32

  /// The day of that number.
  public init(number: Int32) { self.number = number }

  /// The day of a number as tables store it; nil where it is not of years 1 to 9999, as NaT is not.
  public init?(stored number: Int64) {
    guard let day = Int32(exactly: number).map(Day.init(number:)), Self.years.contains(day) else {
      return nil
    }
    self = day
  }

  /// A day of years 1 to 9999; nil where there is no such day.
  ///
  /// Source: H. Hinnant, "chrono-compatible low-level date algorithms": years begin in March here, so
  /// that a leap day is the last of its year.
  public init?(year: Int, month: Int, day: Int) {
    guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
      day <= Self.length(ofMonth: month, year)
    else { return nil }
    let shifted = month > 2 ? year : year - 1
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let days = 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear
    number = Int32(days - 719_468)
  }

  /// Reads `YYYY-MM-DD`; nil for anything else.
  public init?(_ text: UnsafeRawBufferPointer) {
    guard text.count == 10, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-") else {
      return nil
    }
    var parts = (0, 0, 0)
    for (place, byte) in text.enumerated() where place != 4 && place != 7 {
      let digit = Int(byte &- UInt8(ascii: "0"))
      guard digit < 10 else { return nil }
      switch place {
      case 0...3: parts.0 = parts.0 * 10 + digit
      case 5...6: parts.1 = parts.1 * 10 + digit
      default: parts.2 = parts.2 * 10 + digit
      }
    }
    self.init(year: parts.0, month: parts.1, day: parts.2)
  }

  /// Reads `YYYY-MM-DD`; nil for anything else.
  public init?(_ text: some StringProtocol) {
    guard let day = Array(text.utf8).withUnsafeBytes({ Day($0) }) else { return nil }
    self = day
  }

  /// The days that can be written: of years 1 to 9999.
  static let years = Day(number: -719_162)...Day(number: 2_932_896)

  /// 0 on Mondays, 6 on Sundays.
  public var weekday: Int { (Int(number) + 719_468 + 2) % 7 }

  /// The earlier day is the lesser.
  public static func < (one: Day, other: Day) -> Bool { one.number < other.number }

  private static func length(ofMonth month: Int, _ year: Int) -> Int {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
  }
}

extension Day {
  /// Its year, month and day of the month, both from 1.
  public var parts: (year: Int, month: Int, day: Int) {
    let days = Int(number) + 719_468
    let era = (days >= 0 ? days : days - 146_096) / 146_097
    let dayOfEra = days - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    let day = dayOfYear - (153 * shifted + 2) / 5 + 1
    return (year, month, day)
  }
}

extension Day: CustomStringConvertible {
  /// `YYYY-MM-DD`.
  public var description: String {
    let (year, month, day) = parts
    return "\(zeroPadded(year, 4))-\(zeroPadded(month, 2))-\(zeroPadded(day, 2))"
  }
}

extension Day: ExpressibleByArgument {
  /// An option's value, as people write days.
  public init?(argument: String) { self.init(spelled: argument) }
}
