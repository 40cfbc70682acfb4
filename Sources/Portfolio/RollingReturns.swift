import Statistics

/// Figures of the last so many days, day by day; NaN on days that have no return, and before there are so
/// many.
public struct RollingReturns: Sendable {
  /// The days that a figure is of.
  public let window: Int
  /// The standard deviation of a year.
  public private(set) var volatility: [Double]
  /// Mean over standard deviation, of a year.
  public private(set) var sharpe: [Double]
  /// Mean over the root of the mean square of losses, of a year.
  public private(set) var sortino: [Double]
  /// The slope against the benchmark, over the last so many days that have both.
  public private(set) var beta: [Double]

  /// About half a year.
  public static func usualWindow(annualization: Double) -> Int {
    max(2, Int((annualization / 2).rounded(), within: 0...1_000_000))
  }

  /// The figures of returns; a year has `annualization` days, `rate` is that of a day without risk.
  public init(
    _ returns: [Double], benchmark: [Double], window: Int, annualization: Double, rate: Double = 0
  ) {
    self.window = window
    let none = returns.map { _ in Double.nan }
    (volatility, sharpe, sortino, beta) = (none, none, none, none)
    let root = annualization.squareRoot()
    let places = returns.indices.filter { !returns[$0].isNaN }
    let known = places.map { returns[$0] }
    for (end, place) in places.enumerated() where end + 1 >= window {
      let values = known[end + 1 - window...end]
      let deviation = values.deviation
      volatility[place] = deviation * root
      guard values.varies else { continue }
      let over = values.mean - rate
      sharpe[place] = over / deviation * root
      let losses = values.reduce(0) { $0 + min($1 - rate, 0) * min($1 - rate, 0) }
      if losses > 0 { sortino[place] = over / (losses / Double(window)).squareRoot() * root }
    }
    let both = places.filter { !benchmark[$0].isNaN }
    let (own, other) = (both.map { returns[$0] }, both.map { benchmark[$0] })
    for (end, place) in both.enumerated() where end + 1 >= window {
      let (one, two) = (own[end + 1 - window...end], other[end + 1 - window...end])
      guard two.varies else { continue }
      let (oneMean, twoMean) = (one.mean, two.mean)
      let product = zip(one, two).reduce(0) { $0 + ($1.0 - oneMean) * ($1.1 - twoMean) }
      beta[place] = product / two.squaresAboutMean
    }
  }
}
