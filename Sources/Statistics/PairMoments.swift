/// Sums about running means of pairs of numbers, for their correlation.
public struct PairMoments: Sendable {
  private var count = 0.0
  private var (meanX, meanY, xx, yy, xy) = (0.0, 0.0, 0.0, 0.0, 0.0)

  /// No pairs yet.
  public init() {}

  /// Takes in a pair, of which neither is NaN.
  public mutating func add(_ x: Double, _ y: Double) {
    count += 1
    let (dx, dy) = (x - meanX, y - meanY)
    meanX += dx / count
    meanY += dy / count
    xx += dx * (x - meanX)
    yy += dy * (y - meanY)
    xy += dx * (y - meanY)
  }

  /// Pearson's correlation, as pandas has it; NaN of fewer than two pairs and where a side is constant.
  public var correlation: Double {
    count > 1 ? pearson(xy, xx, yy) : .nan
  }
}

/// Pearson's correlation from the sums of products and squares about the means; NaN where a side is
/// constant.
func pearson(_ xy: Double, _ xx: Double, _ yy: Double) -> Double {
  guard xx > 0, yy > 0 else { return .nan }
  return min(1, max(-1, xy / (xx * yy).squareRoot()))
}
