import Days
import Statistics

/// How daily returns are shaped: their tails, gains beside losses, the best and the worst.
///
/// What is not defined, as a ratio to losses where there is none, is NaN. Sources: pandas' `skew` and `kurt`;
/// W. Shadwick and C. Keating, "A universal performance measure", 2002 (omega); P. Martin, "The Investor's
/// Guide to Fidelity Funds", 1989 (ulcer index); J. Kelly, "A new interpretation of information rate", 1956.
public struct ReturnShape: Sendable {
  /// All of them compounded.
  public let total: Double
  /// The skewness, adjusted for the count: G1 of Joanes and Gill, 1998.
  public let skewness: Double
  /// The kurtosis over that of a normal distribution, adjusted for the count: G2 of the same.
  public let kurtosis: Double
  /// What returns are above the rate without risk, over what they are below.
  public let omega: Double
  /// The mean gain over the mean loss.
  public let payoff: Double
  /// All returns over all losses.
  public let gainToPain: Double
  /// The 95 % quantile over the 5 % quantile, without their signs.
  public let tailRatio: Double
  /// The share of an account that grows it most: win rate less loss rate over `payoff`; of days that are not 0.
  public let kelly: Double
  /// The root of the mean square of `underwater`, compounded.
  public let ulcer: Double
  /// The most days in a row with a gain, and with a loss.
  public let runs: (gains: Int, losses: Int)

  /// The shape of returns, of which NaN is left out; `rate` is that of a day without risk.
  public init(_ returns: [Double], rate: Double = 0) {
    let known = returns.known
    let n = Double(known.count)
    total = known.isEmpty ? .nan : known.compounded
    let mean = known.mean
    let (square, cube, fourth) = known.reduce((0.0, 0.0, 0.0)) { sums, value in
      let distance = value - mean
      let square = distance * distance
      return (sums.0 + square, sums.1 + square * distance, sums.2 + square * square)
    }
    let variance = known.varies ? square / (n - 1) : .nan
    skewness = n > 2 ? n / ((n - 1) * (n - 2)) * cube / (variance * variance.squareRoot()) : .nan
    let tail = n * (n + 1) / ((n - 1) * (n - 2) * (n - 3)) * fourth / (variance * variance)
    kurtosis = n > 3 ? tail - 3 * (n - 1) * (n - 1) / ((n - 2) * (n - 3)) : .nan

    let (gains, losses) = (known.filter { $0 > 0 }, known.filter { $0 < 0 })
    let above = known.reduce(0) { $0 + max($1 - rate, 0) }
    let below = known.reduce(0) { $0 + max(rate - $1, 0) }
    omega = below > 0 ? above / below : .nan
    payoff = gains.mean / -losses.mean
    gainToPain = losses.isEmpty ? .nan : known.reduce(0, +) / -losses.reduce(0, +)
    let sorted = known.sorted()
    let (low, high) = (sorted.sortedQuantile(0.05), sorted.sortedQuantile(0.95))
    tailRatio = low == 0 ? .nan : (high / low).magnitude
    let wins = Double(gains.count) / Double(gains.count + losses.count)
    kelly = wins - (1 - wins) / payoff
    ulcer = ReturnConvention.product.underwater(known).map { $0 * $0 }.mean.squareRoot()
    runs = (Self.longest(known) { $0 > 0 }, Self.longest(known) { $0 < 0 })
  }

  /// The most values in a row that are so.
  private static func longest(_ values: [Double], where isSo: (Double) -> Bool) -> Int {
    var (longest, now) = (0, 0)
    for value in values {
      now = isSo(value) ? now + 1 : 0
      longest = max(longest, now)
    }
    return longest
  }
}

/// How returns go with those of the benchmark, on the days that have both.
public struct ReturnLikeness: Sendable {
  /// Pearson's correlation.
  public let correlation: Double

  /// The likeness of returns, of which NaN is left out.
  public init(_ returns: [Double], _ others: [Double]) {
    let pairs = zip(returns, others).filter { !$0.isNaN && !$1.isNaN }
    let (one, other) = (pairs.map(\.0), pairs.map(\.1))
    let (oneMean, otherMean) = (one.mean, other.mean)
    let product = pairs.reduce(0) { $0 + ($1.0 - oneMean) * ($1.1 - otherMean) }
    correlation =
      one.varies && other.varies
      ? product / (one.squaresAboutMean * other.squaresAboutMean).squareRoot() : .nan
  }
}
