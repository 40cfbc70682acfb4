import Tensor
import TestFolders
import Testing

@testable import NeuralNet

/// Steps of six parameters beside those of PyTorch 2.13, in `testdata/torch`.
@Suite struct OptimiserTests {
  @Test(arguments: ["optim_sgd_momentum", "optim_adam_l2", "optim_adadelta"])
  func torch(_ name: String) throws {
    let arrays = try torchArrays(name).map { try $0.floats() }
    let values = FloatBuffer(6)
    let gradient = FloatBuffer(6)
    for (i, value) in arrays[0].enumerated() { values.start[i] = value }
    let (rule, rate, decay): (Optimiser.Rule, Float, Float) =
      switch name {
      case "optim_adam_l2": (.adam(decoupled: false), 0.002, 2e-4)
      case "optim_adadelta": (.adadelta(), 1, 0)
      default: (.momentum(0.9, nesterov: false), 0.01, 0)
      }
    // Five weights and a bias.
    let optimiser = Optimiser(rule, count: 6, decays: [(0..<5, decay), (5..<6, decay)])
    for step in 0..<5 {
      for i in 0..<6 { gradient.start[i] = arrays[1][step * 6 + i] }
      optimiser.steps += 1
      optimiser.update(values.start, gradient.start, learningRate: rate, range: 0..<6)
      for i in 0..<6 { #expect(abs(values.start[i] - arrays[2][step * 6 + i]) < 1e-6) }
    }
  }

  @Test(
    "every rule is its formula, recomputed in double, with a decay of its own for each range",
    arguments: [
      .momentum(0.9, nesterov: false), .momentum(0.7, nesterov: true), .adam(decoupled: false),
      .adam(decoupled: true), .adam(beta1: 0.5, beta2: 0.8, epsilon: 0.25, decoupled: true),
      .adadelta(), .adadelta(rho: 0.5, epsilon: 0.125),
    ] as [Optimiser.Rule])
  func formula(_ rule: Optimiser.Rule) {
    // Decays so large that a rate too many or too few shows at once; the last two do not move.
    let decays: [Double] = [0, 0, 0, 0.5, 0.5, 0.5, 0.5, 0.125, 0.125]
    let optimiser = Optimiser(
      rule, count: 11, decays: [(0..<3, 0), (3..<7, 0.5), (7..<9, 0.125)])
    let (values, gradient) = (FloatBuffer(11), FloatBuffer(11))
    var expected = (0..<11).map { Double($0 - 5) / 4 }
    var (first, second) = ([Double](repeating: 0, count: 11), [Double](repeating: 0, count: 11))
    for i in 0..<11 { values.start[i] = Float(expected[i]) }
    for (step, rate) in [0.0625, 0.25, 0.03125, 0.125, 0.0625, 0.25].enumerated() {
      for i in 0..<11 { gradient.start[i] = Float((i * 7 + step * 5) % 13 - 6) / 8 }
      for (i, decay) in decays.enumerated() {
        let slope = Double(gradient.start[i])
        let pull = slope + decay * expected[i]
        switch rule {
        case .momentum(let momentum, let nesterov):
          let momentum = Double(momentum)
          first[i] = momentum * first[i] + pull
          expected[i] -= rate * (nesterov ? pull + momentum * first[i] : first[i])
        case .adam(let beta1, let beta2, let epsilon, let decoupled):
          let (beta1, beta2, slope) = (Double(beta1), Double(beta2), decoupled ? slope : pull)
          if decoupled { expected[i] -= rate * decay * expected[i] }
          first[i] = beta1 * first[i] + (1 - beta1) * slope
          second[i] = beta2 * second[i] + (1 - beta2) * slope * slope
          // By its definition: 1 - beta to the number of steps.
          var (left1, left2) = (1.0, 1.0)
          for _ in 0...step { (left1, left2) = (left1 * beta1, left2 * beta2) }
          let root = (second[i] / (1 - left2)).squareRoot()
          expected[i] -= rate * first[i] / (1 - left1) / (root + Double(epsilon))
        case .adadelta(let rho, let epsilon):
          let (rho, epsilon) = (Double(rho), Double(epsilon))
          second[i] = rho * second[i] + (1 - rho) * pull * pull
          let move = ((first[i] + epsilon) / (second[i] + epsilon)).squareRoot() * pull
          first[i] = rho * first[i] + (1 - rho) * move * move
          expected[i] -= rate * move
        }
      }
      optimiser.steps += 1
      // In two pieces, one of which ends within a range.
      for range in [0..<5, 5..<11] {
        optimiser.update(
          values.start, gradient.start, learningRate: Float(rate), range: range)
      }
      for i in 0..<11 {
        let difference = Double(values.start[i]) - expected[i]
        #expect(
          abs(difference) < 4e-6, "step \(step), \(i): \(values.start[i]), \(expected[i])")
      }
    }
    #expect(values.start[9] == 1 && values.start[10] == 1.25)
  }
}
