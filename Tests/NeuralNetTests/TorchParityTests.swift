import Streams
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
    let (batch, inputs, outputs) = (5, 37, 11)
    // A tower must be there for the gradient of the features to be wanted.
    let network = try Network(Architecture("input 1x37, relu, fc 11"))
    let stage = network.head[0]
    for (i, value) in weight.enumerated() { network.values.start[stage.weight + i] = value }
    for (i, value) in bias.enumerated() { network.values.start[stage.bias + i] = value }
    let head = HeadPass(network, capacity: batch, training: true, workers: Workers(2))
    func turned(_ values: [Float], _ columns: Int, into target: FloatBuffer) {
      for (i, value) in values.enumerated() {
        target.start[i % columns * batch + i / columns] = value
      }
    }
    func error(_ values: FloatBuffer, _ columns: Int, _ expected: [Float]) -> Float {
      expected.enumerated().reduce(0) {
        max($0, abs(values.start[$1.offset % columns * batch + $1.offset / columns] - $1.element))
      }
    }
    turned(x, inputs, into: head.input)
    head.forward(batch, dropout: nil)
    #expect(error(head.logits, outputs, y) < 1e-5)
    turned(gradY, outputs, into: head.logitsGradient)
    let gradient = FloatBuffer(network.values.count)
    head.backward(batch, gradient: gradient, dropout: nil)
    #expect(error(try #require(head.inputGradient), inputs, gradX) < 1e-5)
    for (i, value) in gradWeight.enumerated() {
      #expect(abs(gradient.start[stage.weight + i] - value) < 1e-5)
    }
    for (i, value) in gradBias.enumerated() {
      #expect(abs(gradient.start[stage.bias + i] - value) < 1e-5)
    }
  }

  @Test(arguments: ["optim_sgd_momentum", "optim_adam_l2"])
  func optimiser(_ name: String) throws {
    let arrays = try Self.arrays(name).map { try $0.floats() }
    // Six numbers: five weights and a bias.
    let network = try Network(Architecture("input 1x5, fc 1"))
    let places = network.parameters.flatMap { $0.offset..<$0.offset + $0.count }
    for (i, place) in places.enumerated() { network.values.start[place] = arrays[0][i] }
    let isAdam = name.contains("adam")
    let optimiser = Optimiser(
      isAdam ? .adam(decoupled: false) : .momentum(0.9, nesterov: false), network
    ) { _ in isAdam ? 2e-4 : 0 }
    let gradient = FloatBuffer(network.values.count)
    for step in 0..<5 {
      for (i, place) in places.enumerated() { gradient.start[place] = arrays[1][step * 6 + i] }
      optimiser.steps += 1
      optimiser.update(
        network.values.start, gradient.start, learningRate: isAdam ? 0.002 : 0.01,
        range: 0..<network.values.count)
      for (i, place) in places.enumerated() {
        #expect(abs(network.values.start[place] - arrays[2][step * 6 + i]) < 1e-6)
      }
    }
  }
}
