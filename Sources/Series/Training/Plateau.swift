/// Halves the learning rate when a figure no longer falls: PyTorch's `ReduceLROnPlateau`, its mode `min`.
public struct Plateau: Equatable, Sendable {
  /// The rate now.
  public private(set) var rate: Float
  /// The least figure so far, by more than the threshold.
  public private(set) var best: Double
  /// Measurements since then.
  public private(set) var waited: Int
  /// Measurements without a lower figure that lower nothing yet.
  static let patience = 10
  private static let (factor, threshold) = (Float(0.5), 1e-4)

  /// A rate that has not been lowered yet, or one as it was kept.
  public init(rate: Float, best: Double = .infinity, waited: Int = 0) {
    (self.rate, self.best, self.waited) = (rate, best, waited)
  }

  /// Takes in a measurement; rates do not fall below `least`, nor by less than 1e-8.
  public mutating func add(_ figure: Double, least: Float = 1e-5) {
    if figure < best - Self.threshold * abs(best == .infinity ? 0 : best) {
      best = figure
      waited = 0
    } else {
      waited += 1
    }
    guard waited > Self.patience else { return }
    waited = 0
    let lower = max(rate * Self.factor, least)
    if rate - lower > 1e-8 { rate = lower }
  }
}
