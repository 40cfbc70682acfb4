import Mechanics
import Testing

@testable import Tensor

@Suite struct OperatorTimesTests {
  /// Convolutions that a training step of one layer calls.
  private static func calls(_ method: ConvolutionMethod) throws -> [String: Int] {
    let shape = try ConvolutionShape(
      batch: 2, inChannels: 3, height: 6, width: 6, outChannels: 4, kernelHeight: 3,
      kernelWidth: 3)
    let convolution = try Convolution(shape, method)
    let times = OperatorTimes()
    convolution.times = times
    var random = SplitMix64(seed: 1)
    let (x, w) = (random.floats(shape.inputCount), random.floats(shape.weightCount))
    let gradOutput = random.floats(shape.outputCount)
    let (y, gx) = (FloatBuffer(shape.outputCount), FloatBuffer(shape.inputCount))
    let (gw, gb) = (FloatBuffer(shape.weightCount), FloatBuffer(shape.outChannels))
    convolution.forward(input: x, weight: w, bias: nil, output: y.start)
    convolution.backward(
      input: x, weight: w, gradOutput: gradOutput, gradInput: gx.start, gradWeight: gw.start,
      gradBias: gb.start)
    #expect(times.entries.allSatisfy { $0.seconds > 0 })
    return Dictionary(uniqueKeysWithValues: times.entries.map { ($0.name, $0.calls) })
  }

  @Test func swapNeedsThreeTimesTheForwardConvolutions() throws {
    #expect(try Self.calls(.swap)["conv2d"] == 3)
    #expect(try Self.calls(.swap)["conv2d backward"] == nil)
    for method in [ConvolutionMethod.direct, .gemm, .winograd, .auto] {
      #expect(try Self.calls(method) == ["conv2d": 1, "conv2d backward": 1])
    }
  }

  @Test("calls are kept one by one where somebody asks, and follow each other")
  func spans() {
    let times = OperatorTimes()
    times.measure("before") {}
    times.spans = []
    for name in ["a", "b", "a"] { times.measure(name) {} }
    let spans = times.spans ?? []
    #expect(spans.map(\.name) == ["a", "b", "a"] && times.entries.map(\.calls) == [1, 2, 1])
    for (one, next) in zip(spans, spans.dropFirst()) {
      #expect(one.start + one.seconds <= next.start)
    }
  }
}
