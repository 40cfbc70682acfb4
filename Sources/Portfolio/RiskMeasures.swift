import Statistics

/// Measures of daily returns that have one definition, whether returns are summed or compounded.
///
/// What is not defined is NaN. A year has `annualization` days; the rate without risk is one of a year.
public struct RiskMeasures: Sendable {
  /// Days that have a return.
  public let days: Int
  /// The standard deviation of a year: std × √annualization.
  public let volatility: Double
  /// (mean - rate of a day) / std × √annualization.
  public let sharpe: Double
  /// (mean - rate of a day) / √(mean of min(return - rate, 0)²) × √annualization.
  public let sortino: Double
  /// The 5 % quantile of the daily returns, linear between two of them.
  public let valueAtRisk: Double
  /// The mean of the returns that are not above `valueAtRisk`.
  public let conditionalValueAtRisk: Double
  /// The part of the mean that the benchmark does not explain: (mean - beta × mean of the benchmark)
  /// × annualization, over the rate without risk.
  public let alpha: Double
  /// The covariance with the benchmark over the benchmark's variance.
  public let beta: Double
  /// The share of days with a return above 0.
  public let winRate: Double
  /// mean / std × √days: beyond ±2 a mean is hardly one of chance.
  public let tStatistic: Double

  /// The measures of returns; days on which they or, for alpha and beta, the benchmark is NaN are left
  /// out.
  public init(
    _ returns: [Double], benchmark: [Double], annualization: Double, riskFree: Double = 0
  ) {
    let known = returns.known
    let rate = riskFree / annualization
    let (mean, deviation, year) = (known.mean, known.deviation, annualization.squareRoot())
    days = known.count
    volatility = deviation * year
    sharpe = (mean - rate) / deviation * year
    let losses = known.map { min($0 - rate, 0) }
    sortino = (mean - rate) / losses.map { $0 * $0 }.mean.squareRoot() * year
    let bound = known.sorted().sortedQuantile(0.05)
    valueAtRisk = bound
    conditionalValueAtRisk = known.filter { $0 <= bound }.mean
    winRate = known.map { $0 > 0 ? 1 : 0 }.mean
    tStatistic = mean / deviation * Double(known.count).squareRoot()

    let pairs = zip(returns, benchmark).filter { !$0.isNaN && !$1.isNaN }
    let (own, other) = (pairs.map(\.0), pairs.map(\.1))
    let (ownMean, otherMean) = (own.mean, other.mean)
    let covariance = pairs.reduce(0) { $0 + ($1.0 - ownMean) * ($1.1 - otherMean) }
    beta = covariance / other.squaresAboutMean
    alpha = (ownMean - rate - beta * (otherMean - rate)) * annualization
  }
}
