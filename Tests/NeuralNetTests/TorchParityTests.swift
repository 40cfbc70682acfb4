import Streams
import Tensor
import Testing

@testable import NeuralNet

/// Numbers that PyTorch 2.13 gave, in `testdata/torch`.
@Suite struct TorchParityTests {
  static func arrays(_ name: String) throws -> [NpyArray] {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    var arrays: [NpyArray] = []
    try ByteReader(["/\(root)/testdata/torch/\(name).npy"]).arrays { arrays.append($0) }
    return arrays
  }

  @Test func linear() throws {
    let arrays = try Self.arrays("linear").map { try $0.floats() }
    let (x, weight, bias, y) = (arrays[0], arrays[1], arrays[2], arrays[3])
    let (gradY, gradX, gradWeight, gradBias) = (arrays[4], arrays[5], arrays[6], arrays[7])
    let batch = 5
    // A tower must be there for the gradient of the features to be wanted.
    let network = try Network(Architecture("input 1x37, relu, fc 11"))
    let stage = network.stages[1]
    for (i, value) in weight.enumerated() { network.values.start[stage.weight + i] = value }
    for (i, value) in bias.enumerated() { network.values.start[stage.bias + i] = value }
    let head = Pass(network, network.head, capacity: batch, training: true)
    let plans = StagePlans(
      network, network.head, capacity: batch, methods: Methods(), workers: Workers(2))
    let (input, output) = (FloatBuffer(x.count), FloatBuffer(y.count))
    let (gradOutput, gradInput) = (FloatBuffer(y.count), FloatBuffer(x.count))
    let gradient = FloatBuffer(network.values.count)
    for (i, value) in x.enumerated() { input.start[i] = value }
    for (i, value) in gradY.enumerated() { gradOutput.start[i] = value }
    let job = Pass.Job(count: batch, input: input.start, output: output.start)
    try head.forward(job, plans)
    try head.backward(
      job, plans, gradOutput: gradOutput.start, gradInput: gradInput.start,
      gradient: gradient.start)
    for (found, expected) in [
      (output.start, y), (gradInput.start, gradX), (gradient.start + stage.weight, gradWeight),
      (gradient.start + stage.bias, gradBias),
    ] {
      for (i, value) in expected.enumerated() { #expect(abs(found[i] - value) < 1e-5) }
    }
  }

  @Test(arguments: ["optim_sgd_momentum", "optim_adam_l2", "optim_adadelta"])
  func optimiser(_ name: String) throws {
    let arrays = try Self.arrays(name).map { try $0.floats() }
    // Six numbers: five weights and a bias.
    let network = try Network(Architecture("input 1x5, fc 1"))
    let places = network.parameters.flatMap { $0.offset..<$0.offset + $0.count }
    for (i, place) in places.enumerated() { network.values.start[place] = arrays[0][i] }
    let (rule, rate, decay): (Optimiser.Rule, Float, Float) =
      switch name {
      case "optim_adam_l2": (.adam(decoupled: false), 0.002, 2e-4)
      case "optim_adadelta": (.adadelta(), 1, 0)
      default: (.momentum(0.9, nesterov: false), 0.01, 0)
      }
    let optimiser = Optimiser(rule, network) { _ in decay }
    let gradient = FloatBuffer(network.values.count)
    for step in 0..<5 {
      for (i, place) in places.enumerated() { gradient.start[place] = arrays[1][step * 6 + i] }
      optimiser.steps += 1
      optimiser.update(
        network.values.start, gradient.start, learningRate: rate,
        range: 0..<network.values.count)
      for (i, place) in places.enumerated() {
        #expect(abs(network.values.start[place] - arrays[2][step * 6 + i]) < 1e-6)
      }
    }
  }
}
