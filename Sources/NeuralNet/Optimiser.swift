import InstructionSets
import KernelChoice
import Tensor

/// Turns gradients into steps, element by element, with the state that this takes.
///
/// Formulas are PyTorch's (`torch.optim.SGD`, `Adam`, `AdamW`, `Adadelta`).
public final class Optimiser: @unchecked Sendable {
  /// The rule of a step.
  public enum Rule: Equatable, Sendable {
    /// Gradient descent with momentum; weight decay is L2, added to the gradient.
    case momentum(Float, nesterov: Bool)
    /// Adam; weight decay is L2, or apart from the gradient (AdamW) when decoupled.
    case adam(beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8, decoupled: Bool)
    /// Adadelta; weight decay is L2.
    ///
    /// Source: Zeiler, "ADADELTA: an adaptive learning rate method", 2012.
    case adadelta(rho: Float = 0.9, epsilon: Float = 1e-6)
  }

  /// The rule of a step.
  public let rule: Rule
  /// Steps done.
  public var steps = 0
  /// Momentum, Adam's first moments, or Adadelta's squares of steps.
  public let first: FloatBuffer
  /// Squares of gradients, where the rule looks at them.
  public let second: FloatBuffer?
  /// Pieces of the parameters and the weight decay of each.
  private let decays: [(range: Range<Int>, decay: Float)]

  /// An optimiser at rest of `count` parameters; those in no range of `decays` do not move.
  ///
  /// Each range has its own weight decay.
  public init(_ rule: Rule, count: Int, decays: [(range: Range<Int>, decay: Float)]) {
    self.rule = rule
    first = FloatBuffer(count)
    if case .momentum = rule { second = nil } else { second = FloatBuffer(count) }
    self.decays = decays
  }

  /// Moves the parameters in `range` by one step; `steps` must count this one already.
  public func update(
    _ values: UnsafeMutablePointer<Float>, _ gradient: UnsafePointer<Float>, learningRate: Float,
    range: Range<Int>
  ) {
    let elementwise = CPU.current.kernels
    for (tensor, decay) in decays {
      let part = tensor.clamped(to: range)
      guard !part.isEmpty else { continue }
      let (count, place) = (part.count, part.lowerBound)
      let (gradient, values) = (gradient + place, values + place)
      let (first, second) = (first.start + place, (second ?? first).start + place)
      switch rule {
      case .momentum(let momentum, let nesterov):
        elementwise.momentumStep(
          count, gradient, values, first, learningRate, decay, momentum, nesterov ? 1 : 0,
          nesterov ? momentum : 1)
      case .adam(let beta1, let beta2, let epsilon, let decoupled):
        // The moments start at zero, and are too small by these factors.
        let correction1 = 1 - power(beta1, steps)
        let correction2 = 1 - power(beta2, steps)
        elementwise.adamStep(
          count, gradient, values, first, second, Float(Double(learningRate) / correction1),
          decoupled ? 1 - learningRate * decay : 1, decoupled ? 0 : decay, beta1, beta2,
          Float(1 / correction2.squareRoot()), epsilon)
      case .adadelta(let rho, let epsilon):
        elementwise.adadeltaStep(
          count, gradient, values, second, first, learningRate, decay, rho, epsilon)
      }
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
