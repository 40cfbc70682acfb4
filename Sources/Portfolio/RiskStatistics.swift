import Statistics

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What qlib's `risk_analysis` says of daily returns, by either convention.
///
/// What is not defined, as a deviation of one day, is NaN, and so is what the returns are no ground for:
/// a number of a year where they span none, a ratio where they do not vary. Source: qlib 0.9.7,
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
  /// The same as qlib has it, to which the first day is the first high.
  public let qlibMaxDrawdown: Double
  /// What the returns are ground enough for.
  public let ground: ReturnGround
  /// Calmar's ratio: the return of a year over the largest fall.
  public let calmar: Double

  /// The statistics of returns, of which NaN is left out; a year has `annualization` days.
  public init(_ returns: [Double], _ convention: ReturnConvention, annualization: Double) {
    let known = returns.known
    ground = ReturnGround(known, annualization: annualization)
    let year = ground.isOfYears ? annualization : .nan
    switch convention {
    case .sum:
      mean = known.mean
      deviation = known.deviation
      annualizedReturn = mean * year
    case .product:
      let end = 1 + (convention.cumulative(known).last ?? .nan)
      mean = pow(end, 1 / Double(known.count)) - 1
      deviation = known.map { log(1 + $0) }.deviation
      // A power of 1 is 1, whatever the exponent.
      annualizedReturn = ground.isOfYears ? pow(end, year / Double(known.count)) - 1 : .nan
    }
    informationRatio = ground.varies ? mean / deviation * year.squareRoot() : .nan
    maxDrawdown = convention.underwater(known).min() ?? .nan
    qlibMaxDrawdown = convention.underwater(known, fromStart: false).min() ?? .nan
    calmar = -maxDrawdown > convention.rounding(known) ? annualizedReturn / -maxDrawdown : .nan
  }
}
