import Statistics

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What qlib's `risk_analysis` says of daily returns, by either convention.
///
/// What is not defined, as a deviation of one day, is NaN. Source: qlib 0.9.7,
/// `contrib/evaluate.py`.
public struct RiskStatistics: Sendable {
  /// The mean of a day: arithmetic, or geometric where returns are compounded.
  public let mean: Double
  /// The standard deviation of a day, with n - 1; of log(1 + return) where returns are compounded.
  public let deviation: Double
  /// The return of a year of `annualization` days.
  public let annualizedReturn: Double
  /// mean / std × √annualization.
  public let informationRatio: Double
  /// The lowest of `ReturnConvention.underwater`.
  public let maxDrawdown: Double

  /// Calmar's ratio: the return of a year over the largest fall.
  public var calmar: Double { annualizedReturn / -maxDrawdown }

  /// The statistics of returns, of which NaN is left out; a year has `annualization` days.
  public init(_ returns: [Double], _ convention: ReturnConvention, annualization: Double) {
    let known = returns.known
    switch convention {
    case .sum:
      mean = known.mean
      deviation = known.deviation
      annualizedReturn = mean * annualization
    case .product:
      let end = 1 + (convention.cumulative(known).last ?? .nan)
      mean = pow(end, 1 / Double(known.count)) - 1
      deviation = known.map { log(1 + $0) }.deviation
      annualizedReturn = pow(end, annualization / Double(known.count)) - 1
    }
    informationRatio = mean / deviation * annualization.squareRoot()
    maxDrawdown = convention.underwater(known).min() ?? .nan
  }
}
