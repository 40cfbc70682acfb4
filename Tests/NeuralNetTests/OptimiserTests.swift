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
}
