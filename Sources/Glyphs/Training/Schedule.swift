#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How the learning rate changes while training.
public enum Schedule: Equatable, Sendable {
  /// `rate` × `decay`^epoch: PyTorch's `StepLR` with steps of one epoch.
  case exponential(rate: Float, decay: Float)
  /// Rises evenly to `rate` in `warmup` steps, then falls as half a cosine to 0.
  ///
  /// Source: Loshchilov and Hutter, "SGDR", 2017, without restarts.
  case cosine(rate: Float, warmup: Int)

  /// The rate of a step, counted from 0.
  public func rate(step: Int, stepsPerEpoch: Int, epochs: Int) -> Float {
    switch self {
    case .exponential(let rate, let decay):
      var result = Double(rate)
      for _ in 0..<(step / max(1, stepsPerEpoch)) { result *= Double(decay) }
      return Float(result)
    case .cosine(let rate, let warmup):
      if step < warmup { return rate * Float(step + 1) / Float(warmup) }
      let total = max(1, stepsPerEpoch * epochs - warmup)
      let done = Double(step - warmup) / Double(total)
      return rate * Float(0.5 * (1 + cos(.pi * min(1, done))))
    }
  }
}
