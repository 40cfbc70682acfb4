import Testing

@testable import Tensor

@Suite struct ConvolutionTests {
  static func randomShape(_ random: inout RandomFloats) throws -> ConvolutionShape {
    let groups = random.int(1...3) == 3 ? 2 : 1
    let (r, s) = (random.int(1...5), random.int(1...5))
    let dilation = random.int(1...4) == 4 ? 2 : 1
    return try ConvolutionShape(
      batch: random.int(1...3), inChannels: groups * random.int(1...7),
      height: random.int(9...17), width: random.int(9...19),
      outChannels: groups * random.int(1...40),
      kernelHeight: r, kernelWidth: s, stride: random.int(1...4) == 4 ? 2 : 1,
      padding: random.int(0...2), dilation: dilation, groups: groups)
  }

  @Test(arguments: CPU.allCases.filter { $0 <= .best })
  func agreesWithTheTextbook(cpu: CPU) throws {
    var random = RandomFloats(state: 2)
    let (scratch, kernels) = (Scratch(), Kernels(cpu))
    for _ in 0..<60 {
      let shape = try Self.randomShape(&random)
      let input = random.floats(shape.inputCount)
      let weight = random.floats(shape.weightCount)
      let bias = random.floats(shape.outChannels)
      let gradOutput = random.floats(shape.outputCount)
      var output = [Float](repeating: .nan, count: shape.outputCount)
      conv2d(
        shape, input: input, weight: weight, bias: bias, output: &output, scratch: scratch,
        kernels: kernels)
      let expected = ConvolutionReference.forward(shape, input: input, weight: weight, bias: bias)
      #expect(relativeError(output, expected) < 2e-5, "\(shape)")

      var gradInput = [Float](repeating: .nan, count: shape.inputCount)
      var gradWeight = random.floats(shape.weightCount)
      var gradBias = random.floats(shape.outChannels)
      let (weightBefore, biasBefore) = (gradWeight, gradBias)
      conv2dBackward(
        shape, input: input, weight: weight, gradOutput: gradOutput, gradInput: &gradInput,
        gradWeight: &gradWeight, gradBias: &gradBias, scratch: scratch, kernels: kernels)
      let gradients = ConvolutionReference.backward(
        shape, input: input, weight: weight, gradOutput: gradOutput)
      #expect(relativeError(gradInput, gradients.input) < 2e-5, "input of \(shape)")
      let weights = zip(gradients.weight, weightBefore).map(+)
      #expect(relativeError(gradWeight, weights) < 2e-5, "weight of \(shape)")
      let biases = zip(gradients.bias, biasBefore).map(+)
      #expect(relativeError(gradBias, biases) < 2e-5, "bias of \(shape)")
    }
  }

  @Test func sizesThatMakeNoConvolutionAreNamed() {
    func message(_ make: () throws -> ConvolutionShape) -> String {
      do {
        _ = try make()
        return "none"
      } catch { return "\(error)" }
    }
    #expect(
      message {
        try ConvolutionShape(
          batch: 1, inChannels: 1, height: 4, width: 4, outChannels: 1, kernelHeight: 5,
          kernelWidth: 5)
      } == "kernel must fit the padded picture: 5×5 in 4×4 with padding 0")
    #expect(
      message {
        try ConvolutionShape(
          batch: 0, inChannels: 1, height: 4, width: 4, outChannels: 1, kernelHeight: 1,
          kernelWidth: 1)
      } == "batch must be in 1...16777216: 0")
    #expect(
      message {
        try ConvolutionShape(
          batch: 1, inChannels: 3, height: 4, width: 4, outChannels: 4, kernelHeight: 1,
          kernelWidth: 1, groups: 2)
      } == "groups must divide input and output channels: 2 does not divide 3 and 4")
  }
}
