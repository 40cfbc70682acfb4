import InstructionSets
import KernelChoice
import Mechanics
import Testing

@testable import Tensor

/// The same products one by one, with numbers narrowed as `Precision` says.
private struct PlainNarrow {
  /// The upper half of a float, to the nearest, ties to even; what is below a normal number is 0.
  static func bfloat16(_ x: Float) -> Float {
    guard x.isFinite, x.magnitude >= .leastNormalMagnitude else { return x.isFinite ? 0 : x }
    let bits = x.bitPattern
    return Float(bitPattern: (bits &+ 0x7fff &+ (bits >> 16 & 1)) & 0xffff_0000)
  }

  /// Whole numbers, and what a step is worth.
  static func bytes(_ values: [Float]) -> (numbers: [Int], step: Float) {
    let reach = values.reduce(0) { max($0, $1.magnitude) }
    guard reach > 0 else { return (values.map { _ in 0 }, 0) }
    let factor = 127 / reach
    return (
      values.map { Int(exactly: ($0 * factor).rounded(.toNearestOrEven)) ?? 0 }, reach / 127
    )
  }
}

/// A convolution of random numbers.
private struct RandomConvolution {
  let shape: ConvolutionShape
  let input, weight, bias: [Float]

  init(_ random: inout SplitMix64) throws {
    shape = try ConvolutionTests.randomShape(&random)
    input = random.floats(shape.inputCount)
    weight = random.floats(shape.weightCount)
    bias = random.floats(shape.outChannels)
  }
}

@Suite(
  .enabled(
    if: CPU.current == .avx512 && Precision.allCases.allSatisfy(\.isAvailable),
    "no AVX-512 with bfloat16 and VNNI: another processor"))
struct NarrowConvolutionTests {
  private func run(
    _ shape: ConvolutionShape, _ precision: Precision, _ input: [Float], _ weight: [Float],
    _ bias: [Float], threads: Int = 1
  ) throws -> [Float] {
    let convolution = try Convolution(
      shape, precision: precision, workers: Workers(threads))
    let output = Guarded(shape.outputCount)
    // Twice, since the second time the weights are there already.
    for stays in [false, true] {
      convolution.forward(
        input: input, weight: weight, bias: bias, output: output.start, weightStays: stays)
    }
    #expect(output.isIntact, "\(shape)")
    return output.values
  }

  @Test func bfloat16AgreesWithItsPlainTwin() throws {
    var random = SplitMix64(seed: 31)
    for trial in 0..<40 {
      let one = try RandomConvolution(&random)
      let (shape, input, weight, bias) = (one.shape, one.input, one.weight, one.bias)
      let (a, w) = (input.map(PlainNarrow.bfloat16), weight.map(PlainNarrow.bfloat16))
      var sums = (0..<shape.outputCount).map {
        Double(bias[$0 / shape.outPlane % shape.outChannels])
      }
      var sizes = sums.map(abs)
      ConvolutionReference.forEachProduct(shape) { output, x, y in
        sums[output] += Double(a[x]) * Double(w[y])
        sizes[output] += abs(Double(a[x]) * Double(w[y]))
      }
      let found = try run(shape, .bfloat16, input, weight, bias, threads: 1 + trial % 2)
      for i in found.indices {
        #expect(
          abs(Double(found[i]) - sums[i]) <= 2e-6 * max(1, sizes[i]),
          "\(shape) at \(i): \(found[i]), not \(sums[i])")
      }
    }
  }

  @Test func bytesAgreeWithTheirPlainTwin() throws {
    var random = SplitMix64(seed: 32)
    for trial in 0..<40 {
      let one = try RandomConvolution(&random)
      let (shape, input, weight, bias) = (one.shape, one.input, one.weight, one.bias)
      // The input has a scale for each picture and group of channels, the weights one for each channel.
      let length = shape.inGroup * shape.plane
      let pictures = (0..<shape.batch * shape.groups).map {
        PlainNarrow.bytes(Array(input[$0 * length..<($0 + 1) * length]))
      }
      let rows = (0..<shape.outChannels).map {
        PlainNarrow.bytes(Array(weight[$0 * shape.window..<($0 + 1) * shape.window]))
      }
      let (numbers, weights) = (pictures.flatMap(\.numbers), rows.flatMap(\.numbers))
      var sums = [Int](repeating: 0, count: shape.outputCount)
      ConvolutionReference.forEachProduct(shape) { output, x, y in
        sums[output] += numbers[x] * weights[y]
      }
      let found = try run(shape, .int8, input, weight, bias, threads: 1 + trial % 2)
      for (i, sum) in sums.enumerated() {
        let (picture, channel) = (i / shape.outPlane).quotientAndRemainder(
          dividingBy: shape.outChannels)
        let group = picture * shape.groups + channel / shape.outGroup
        // The sum is exact: only its last steps are rounded.
        let exact =
          Double(sum) * Double(rows[channel].step) * Double(pictures[group].step)
          + Double(bias[channel])
        #expect(
          abs(Double(found[i]) - exact) <= 4e-7 * (1 + abs(exact)),
          "\(shape) at \(i): \(found[i]), not \(exact)")
      }
    }
  }

  /// Both stay within what they promise, and further off than floats, which would not be narrow.
  @Test(arguments: [Precision.bfloat16, .int8])
  func errorsStayWithinTheirBounds(precision: Precision) throws {
    var random = SplitMix64(seed: 33)
    for _ in 0..<20 {
      let one = try RandomConvolution(&random)
      let (shape, input, weight, bias) = (one.shape, one.input, one.weight, one.bias)
      let found = try run(shape, precision, input, weight, bias)
      let expected = ConvolutionReference.forward(
        shape, input: input, weight: weight, bias: bias)
      let error = Double(relativeError(found, expected))
      #expect(error < precision.errorBound ?? 0, "\(shape)")
      #expect(error > 1e-5, "\(shape)")
    }
  }

  /// A picture's output does not depend on the others of its batch, nor on the threads.
  @Test(arguments: [Precision.bfloat16, .int8])
  func picturesStandAlone(precision: Precision) throws {
    var random = SplitMix64(seed: 34)
    func shape(_ batch: Int) throws -> ConvolutionShape {
      try ConvolutionShape(
        batch: batch, inChannels: 5, height: 11, width: 13, outChannels: 9, kernelHeight: 3,
        kernelWidth: 3, stride: 1, padding: 1, dilation: 1, groups: 1)
    }
    let (one, all) = (try shape(1), try shape(4))
    var input = random.floats(all.inputCount)
    for i in 0..<one.inputCount { input[i] *= 100 }
    let weight = random.floats(all.weightCount)
    let bias = random.floats(9)
    let together = try run(all, precision, input, weight, bias)
    let byThree = try run(all, precision, input, weight, bias, threads: 3)
    #expect(byThree == together)
    for picture in 0..<4 {
      let part = Array(input[picture * one.inputCount..<(picture + 1) * one.inputCount])
      let alone = try run(one, precision, part, weight, bias)
      #expect(Array(together[picture * one.outputCount..<(picture + 1) * one.outputCount]) == alone)
    }
  }

  /// What is no number is not made one: neither is it lost, nor does it reach other pictures.
  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func whatIsNoNumberStaysNone(value: Float) throws {
    var random = SplitMix64(seed: 35)
    let shape = try ConvolutionShape(
      batch: 2, inChannels: 3, height: 9, width: 9, outChannels: 4, kernelHeight: 3,
      kernelWidth: 3, stride: 1, padding: 1, dilation: 1, groups: 1)
    var input = random.floats(shape.inputCount)
    input[40] = value
    let weight = random.floats(shape.weightCount)
    let bias = random.floats(4)
    for precision in [Precision.bfloat16, .int8] {
      let found = try run(shape, precision, input, weight, bias)
      let half = shape.outputCount / 2
      #expect(found[..<half].contains { !$0.isFinite })
      #expect(found[half...].allSatisfy { $0.isFinite })
      if precision == .int8 { #expect(found[..<half].allSatisfy { $0.isNaN }) }
    }
    // Weights that are no numbers spoil their channel.
    var spoilt = weight
    spoilt[shape.window] = value
    let clean = random.floats(shape.inputCount)
    let found = try run(shape, .int8, clean, spoilt, bias)
    for (i, x) in found.enumerated() {
      #expect(x.isNaN == (i / shape.outPlane % 4 == 1))
    }
  }

  /// Zeros, and numbers so small that 127 to the greatest is infinite.
  @Test(arguments: [0, Float.leastNonzeroMagnitude, 1e-38])
  func nothingIsZero(value: Float) throws {
    let shape = try ConvolutionShape(
      batch: 1, inChannels: 2, height: 9, width: 9, outChannels: 3, kernelHeight: 3,
      kernelWidth: 3, stride: 1, padding: 0, dilation: 1, groups: 1)
    let input = [Float](repeating: value, count: shape.inputCount)
    let weight = [Float](repeating: 1, count: shape.weightCount)
    for precision in [Precision.bfloat16, .int8] {
      let found = try run(shape, precision, input, weight, [0, 1, 2])
      for (i, x) in found.enumerated() {
        #expect(abs(x - Float(i / shape.outPlane)) < 1e-30, "\(precision) \(x)")
      }
    }
  }
}

@Suite struct PrecisionTests {
  @Test func isRefusedWhereTheProcessorLacksIt() throws {
    let shape = try ConvolutionShape(
      batch: 1, inChannels: 2, height: 9, width: 9, outChannels: 3, kernelHeight: 3,
      kernelWidth: 3, stride: 1, padding: 0, dilation: 1, groups: 1)
    for precision in [Precision.bfloat16, .int8] {
      let error = #expect(throws: TensorError.self) {
        try Convolution(shape, precision: precision, kernels: CPU.baseline.kernels)
      }
      #expect(
        error?.description
          == "processor must have \(precision.instructions): \(precision.rawValue)")
      #expect(throws: TensorError.method("method must be gemm for \(precision)", "winograd")) {
        try Convolution(shape, .winograd, precision: precision)
      }
    }
  }
}
