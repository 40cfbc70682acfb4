import NeuralNet
import Tensor
import TestFolders
import Testing

@testable import Glyphs

/// A fully connected layer beside PyTorch 2.13's, by the numbers in `testdata/torch`.
@Suite struct LinearParityTests {
  @Test func linear() throws {
    let arrays = try torchArrays("linear").map { try $0.floats() }
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
}
