/// A number of every day, averaged, and over its standard deviation: of correlations IC and ICIR.
public struct DailyMean: Sendable {
  private var sum = 0.0
  private var squares = 0.0
  private var (least, most) = (Double.infinity, -Double.infinity)
  /// Days that have one.
  public private(set) var days = 0

  /// No days yet.
  public init() {}

  /// Takes in a day's; NaN is left out.
  public mutating func add(_ number: Double) {
    guard !number.isNaN else { return }
    days += 1
    (least, most) = (min(least, number), max(most, number))
    let before = days > 1 ? sum / Double(days - 1) : 0
    sum += number
    squares += (number - before) * (number - sum / Double(days))
  }

  /// The mean over days.
  public var mean: Double { days > 0 ? sum / Double(days) : .nan }

  /// Whether the days' numbers differ by more than rounding.
  public var varies: Bool { days > 1 && [least, most].varies }

  /// The mean over the standard deviation, with n - 1; NaN where the numbers do not vary.
  public var ratio: Double {
    varies ? mean / (squares / Double(days - 1)).squareRoot() : .nan
  }
}
