import Days
import Statistics

/// What daily returns are put together to.
public enum ReturnPeriod: String, CaseIterable, Sendable {
  /// Days by themselves.
  case day
  /// Weeks, from Monday to Sunday.
  case week
  /// Months of the calendar.
  case month
  /// Quarters of the calendar.
  case quarter
  /// Years of the calendar.
  case year

  /// The places of the days of each period that has some, in order.
  public func ranges(of days: [Day]) -> [Range<Int>] {
    let keys = days.map(key)
    var ranges: [Range<Int>] = []
    var start = 0
    for place in keys.indices where place + 1 == keys.count || keys[place + 1] != keys[place] {
      ranges.append(start..<place + 1)
      start = place + 1
    }
    return ranges
  }

  /// A number that days of the same period share.
  private func key(_ day: Day) -> Int {
    switch self {
    case .day: return Int(day.number)
    case .week: return Int(day.number) - day.weekday
    case .month, .quarter, .year:
      let (year, month, _) = day.parts
      switch self {
      case .month: return 12 * year + month
      case .quarter: return 4 * year + (month - 1) / 3
      default: return year
      }
    }
  }

  /// The compounded return of each period that has one, and the places of its days.
  public func returns(_ daily: [Double], _ days: [Day]) -> [(days: Range<Int>, value: Double)] {
    ranges(of: days).compactMap { range in
      let known = daily[range].known
      guard !known.isEmpty else { return nil }
      return (range, self == .day ? known[0] : known.compounded)
    }
  }
}

extension Collection<Double> {
  /// The product of 1 + value, less 1.
  public var compounded: Double { reduce(1) { $0 * (1 + $1) } - 1 }
}

/// How values are spread, as a box plot shows it.
///
/// Source: J. Tukey, "Exploratory Data Analysis", 1977.
public struct ReturnSpread: Sendable {
  /// How many values there are.
  public let count: Int
  /// The least value.
  public let least: Double
  /// Below it is a quarter of the values, linear between two of them.
  public let lowerQuartile: Double
  /// Below it is half of the values.
  public let median: Double
  /// Below it are three quarters of the values.
  public let upperQuartile: Double
  /// The greatest value.
  public let most: Double
  /// Their mean.
  public let mean: Double
  /// The values that are furthest out, and yet no further from the box than one and a half times its length.
  public let whiskers: (low: Double, high: Double)
  /// Those beyond.
  public let outliers: [Double]

  /// The spread of values, none of which is NaN.
  public init(_ values: [Double]) {
    let sorted = values.sorted()
    count = sorted.count
    (least, most) = (sorted.first ?? .nan, sorted.last ?? .nan)
    let (low, high) = (sorted.sortedQuantile(0.25), sorted.sortedQuantile(0.75))
    (lowerQuartile, median, upperQuartile) = (low, sorted.sortedQuantile(0.5), high)
    mean = sorted.mean
    let reach = 1.5 * (high - low)
    let inside = sorted.filter { $0 >= low - reach && $0 <= high + reach }
    whiskers = (inside.first ?? .nan, inside.last ?? .nan)
    outliers = sorted.filter { $0 < low - reach || $0 > high + reach }
  }
}
