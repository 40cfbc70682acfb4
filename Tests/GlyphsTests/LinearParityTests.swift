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
    // Only with a tower is the gradient of the features computed.
    let network = try Network(Architecture("input 1x37, relu, fc 11"))
    let stage = network.stages[1]
    for (i, value) in weight.enumerated() { network.values.start[stage.weight + i] = value }
    for (i, value) in bias.enumerated() { network.values.start[stage.bias + i] = value }
    let head = StageExecutor(network, network.head, capacity: batch, training: true)
    let workspace = StageWorkspace(
      network, network.head, capacity: batch, methods: Methods(), workers: Workers(2))
    let (input, output) = (FloatBuffer(x.count), FloatBuffer(y.count))
    let (gradOutput, gradInput) = (FloatBuffer(y.count), FloatBuffer(x.count))
    let gradient = FloatBuffer(network.values.count)
    for (i, value) in x.enumerated() { input.start[i] = value }
    for (i, value) in gradY.enumerated() { gradOutput.start[i] = value }
    let job = StageExecutor.Job(count: batch, input: input.start, output: output.start)
    try head.forward(job, workspace)
    try head.backward(
      job, workspace, gradOutput: gradOutput.start, gradInput: gradInput.start,
      gradient: gradient.start)
    for (found, expected) in [
      (output.start, y), (gradInput.start, gradX), (gradient.start + stage.weight, gradWeight),
      (gradient.start + stage.bias, gradBias),
    ] {
      for (i, value) in expected.enumerated() { #expect(abs(found[i] - value) < 1e-5) }
    }
  }
}
