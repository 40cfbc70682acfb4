import Statistics

/// Measures of daily returns that have one definition, whether returns are summed or compounded.
///
/// What is not defined is NaN, and so is what the returns are no ground for (`ReturnGround`). A year has `annualization` days; the rate without risk is one of a year.
public struct RiskMeasures: Sendable {
  /// What the returns are ground enough for.
  public let ground: ReturnGround
  /// Whether the benchmark varies on the days that have a return, as alpha and beta need it to.
  public let benchmarkVaries: Bool
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

  /// Why numbers are not given; nil where all are.
  public var reason: String? {
    let benchmark = ground.days > 1 && !benchmarkVaries ? "the benchmark does not vary" : nil
    let reasons = [ground.reason, benchmark].compactMap { $0 }
    return reasons.isEmpty ? nil : reasons.joined(separator: "; ")
  }

  /// The measures of returns; days on which they or, for alpha and beta, the benchmark is NaN are left
  /// out.
  public init(
    _ returns: [Double], benchmark: [Double], annualization: Double, riskFree: Double = 0
  ) {
    let known = returns.known
    let rate = riskFree / annualization
    ground = ReturnGround(known, annualization: annualization)
    let year = ground.isOfYears ? annualization : .nan
    let (mean, deviation) = (known.mean, ground.varies ? known.deviation : .nan)
    volatility = known.deviation * year.squareRoot()
    sharpe = (mean - rate) / deviation * year.squareRoot()
    let losses = known.map { min($0 - rate, 0) }
    let downside = losses.varies ? losses.map { $0 * $0 }.mean.squareRoot() : .nan
    sortino = ground.varies ? (mean - rate) / downside * year.squareRoot() : .nan
    let bound = known.sorted().sortedQuantile(0.05)
    valueAtRisk = bound
    conditionalValueAtRisk = known.filter { $0 <= bound }.mean
    winRate = known.map { $0 > 0 ? 1 : 0 }.mean
    tStatistic = mean / deviation * Double(known.count).squareRoot()

    let pairs = zip(returns, benchmark).filter { !$0.isNaN && !$1.isNaN }
    let (own, other) = (pairs.map(\.0), pairs.map(\.1))
    let (ownMean, otherMean) = (own.mean, other.mean)
    let covariance = pairs.reduce(0) { $0 + ($1.0 - ownMean) * ($1.1 - otherMean) }
    benchmarkVaries = other.varies
    beta = benchmarkVaries ? covariance / other.squaresAboutMean : .nan
    alpha = (ownMean - rate - beta * (otherMean - rate)) * year
  }
}
