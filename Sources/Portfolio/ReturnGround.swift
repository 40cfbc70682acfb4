import Statistics

/// What daily returns are ground enough for: a number of a year, a ratio to their deviation.
public struct ReturnGround: Sendable {
  /// Days that have a return.
  public let days: Int
  /// Whether a year may be spoken of: 60 days, or a quarter of the year where that has fewer.
  public let isOfYears: Bool
  /// Whether they differ by more than their rounding; those of one day do not.
  public let varies: Bool

  /// What returns without NaN are ground for, where a year has `annualization` days.
  public init(_ returns: [Double], annualization: Double) {
    self.init(days: returns.count, annualization: annualization, varies: returns.varies)
  }

  /// The same of so many days that are known to vary or not.
  public init(days: Int, annualization: Double, varies: Bool) {
    self.days = days
    isOfYears = days > 0 && Double(days) >= min(60, annualization / 4)
    self.varies = varies
  }

  /// Why numbers are not given; nil where all are.
  public var reason: String? {
    guard days > 0 else { return "no day has a return" }
    var reasons: [String] = []
    if let short { reasons.append(short) }
    if days > 1, !varies { reasons.append("constant: the deviation is below rounding") }
    return reasons.isEmpty ? nil : reasons.joined(separator: "; ")
  }

  /// How many days are too few for a year; nil where they are not.
  public var short: String? {
    isOfYears ? nil : "\(days) day\(days == 1 ? "" : "s"): not annualised"
  }
}
