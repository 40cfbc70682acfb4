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
    guard count > 1, xx > 0, yy > 0 else { return .nan }
    return min(1, max(-1, xy / (xx * yy).squareRoot()))
  }
}
