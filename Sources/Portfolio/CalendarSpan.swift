import Days
import Statistics

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A span of the calendar that ends on the last day there is.
public enum CalendarSpan: String, CaseIterable, Sendable {
  case month = "mtd"
  case threeMonths = "3m"
  case sixMonths = "6m"
  case year = "ytd"
  case oneYear = "1y"
  case threeYears = "3y"
  case fiveYears = "5y"
  case tenYears = "10y"

  /// The years of those that are given as a return of a year; nil of the others.
  public var years: Double? {
    switch self {
    case .threeYears: 3
    case .fiveYears: 5
    case .tenYears: 10
    default: nil
    }
  }

  /// The day whose close the span begins at: what comes after it is in the span.
  ///
  /// A month before the 31st of one that has 31 days is the last day of one that has fewer.
  public func start(_ last: Day) -> Day {
    let (year, month, _) = last.parts
    switch self {
    case .month: return Self.day(year, month, 1, before: 1)
    case .year: return Self.day(year, 1, 1, before: 1)
    case .threeMonths: return last.months(before: 3)
    case .sixMonths: return last.months(before: 6)
    case .oneYear: return last.months(before: 12)
    case .threeYears: return last.months(before: 36)
    case .fiveYears: return last.months(before: 60)
    case .tenYears: return last.months(before: 120)
    }
  }

  private static func day(_ year: Int, _ month: Int, _ day: Int, before: Int32) -> Day {
    Day(number: (Day(year: year, month: month, day: day)?.number ?? 0) - before)
  }

  /// The compounded return of the span, of a year where it has several; NaN where the days do not reach
  /// back so far, but for ten that a holiday may take.
  public func value(_ returns: [Double], _ days: [Day]) -> Double {
    guard let first = days.first, let last = days.last else { return .nan }
    let start = start(last)
    guard first.number <= start.number + 10 else { return .nan }
    let known = zip(days, returns).filter { $0.0 > start }.map(\.1).known
    guard !known.isEmpty else { return .nan }
    let total = known.compounded
    return years.map { Self.power(1 + total, 1 / $0) - 1 } ?? total
  }

  /// A power that is not defined of an account of less than nothing.
  private static func power(_ base: Double, _ exponent: Double) -> Double {
    base < 0 ? .nan : pow(base, exponent)
  }
}

extension Day {
  /// The day so many months before; the last of its month where that has fewer days.
  func months(before count: Int) -> Day {
    let (year, month, day) = parts
    let months = 12 * year + month - 1 - count
    for last in stride(from: day, to: 0, by: -1) {
      if let found = Day(year: months / 12, month: months % 12 + 1, day: last) { return found }
    }
    return Day(number: -719_162)
  }
}
