#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Turns gradients into steps, element by element, with the state that this takes.
///
/// Formulas are PyTorch's (`torch.optim.SGD`, `Adam`, `AdamW`).
public final class Optimiser: @unchecked Sendable {
  /// The rule of a step.
  public enum Rule: Equatable, Sendable {
    /// Gradient descent with momentum; weight decay is L2, added to the gradient.
    case momentum(Float, nesterov: Bool)
    /// Adam; weight decay is L2, or apart from the gradient (AdamW) when decoupled.
    case adam(beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8, decoupled: Bool)
  }

  /// The rule of a step.
  public let rule: Rule
  /// Steps done.
  public var steps = 0
  /// Momentum, or Adam's first moments.
  public let first: FloatBuffer
  /// Adam's second moments.
  public let second: FloatBuffer?
  /// Pieces of the parameters and the weight decay of each.
  private let decays: [(range: Range<Int>, decay: Float)]

  /// An optimiser at rest; `decay` gives each tensor's weight decay.
  public init(_ rule: Rule, _ network: Network, decay: (Network.Parameter) -> Float) {
    self.rule = rule
    let count = network.values.count
    first = FloatBuffer(count)
    if case .adam = rule { second = FloatBuffer(count) } else { second = nil }
    decays = network.parameters.map { ($0.offset..<$0.offset + $0.count, decay($0)) }
  }

  /// Moves the parameters in `range` by one step; `steps` must count this one already.
  func update(
    _ values: UnsafeMutablePointer<Float>, _ gradient: UnsafePointer<Float>, learningRate: Float,
    range: Range<Int>
  ) {
    for (tensor, decay) in decays {
      let part = tensor.clamped(to: range)
      guard !part.isEmpty else { continue }
      switch rule {
      case .momentum(let momentum, let nesterov):
        descend(values, gradient, learningRate, part, decay, momentum, nesterov)
      case .adam(let beta1, let beta2, let epsilon, let decoupled):
        adapt(values, gradient, learningRate, part, decay, beta1, beta2, epsilon, decoupled)
      }
    }
  }

  private func descend(
    _ values: UnsafeMutablePointer<Float>, _ gradient: UnsafePointer<Float>, _ rate: Float,
    _ range: Range<Int>, _ decay: Float, _ momentum: Float, _ nesterov: Bool
  ) {
    let velocity = first.start
    for i in range {
      let slope = gradient[i] + decay * values[i]
      velocity[i] = momentum * velocity[i] + slope
      values[i] -= rate * (nesterov ? slope + momentum * velocity[i] : velocity[i])
    }
  }

  private func adapt(
    _ values: UnsafeMutablePointer<Float>, _ gradient: UnsafePointer<Float>, _ rate: Float,
    _ range: Range<Int>, _ decay: Float, _ beta1: Float, _ beta2: Float, _ epsilon: Float,
    _ decoupled: Bool
  ) {
    guard let second else { return }
    let (mean, square) = (first.start, second.start)
    // The moments start at zero, and are too small by these factors.
    let correction1 = 1 - power(beta1, steps)
    let correction2 = 1 - power(beta2, steps)
    let pace = Float(Double(rate) / correction1)
    let root = Float(correction2.squareRoot())
    let shrink = decoupled ? 1 - rate * decay : 1
    let penalty = decoupled ? 0 : decay
    for i in range {
      let slope = gradient[i] + penalty * values[i]
      mean[i] += (1 - beta1) * (slope - mean[i])
      square[i] = beta2 * square[i] + (1 - beta2) * slope * slope
      values[i] = values[i] * shrink - pace * mean[i] / (square[i].squareRoot() / root + epsilon)
    }
  }

  private func power(_ base: Float, _ exponent: Int) -> Double {
    var result = 1.0
    var factor = Double(base)
    var rest = exponent
    while rest > 0 {
      if rest & 1 == 1 { result *= factor }
      factor *= factor
      rest >>= 1
    }
    return result
  }
}

/// How the learning rate changes while training.
public enum Schedule: Equatable, Sendable {
  /// `rate` × `decay`^epoch.
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
