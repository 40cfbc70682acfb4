import Market
import Portfolio

/// What scores were worth, day by day; NaN where that is not defined.
public struct SignalHistory: Sendable {
  /// The days with scores, ascending.
  public var days: [Day] = []
  /// The correlation of scores and labels among a day's rows.
  public var ic: [Double] = []
  /// The same of their ranks.
  public var rankIC: [Double] = []
  /// The mean label of each group of a day, those of the highest scores first.
  public var groups: [[Double]] = []

  /// A history of no days.
  public init() {}

  /// The mean over days that have a number.
  static func mean(_ values: [Double]) -> Double { values.filter { !$0.isNaN }.mean }

  /// The mean over the standard deviation with n - 1: ICIR of a list of IC.
  static func ratio(_ values: [Double]) -> Double {
    let known = values.filter { !$0.isNaN }
    return known.mean / known.deviation
  }
}
