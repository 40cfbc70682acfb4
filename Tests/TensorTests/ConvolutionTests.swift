import InstructionSets
import KernelChoice
import Mechanics
import Testing

@testable import Tensor

@Suite struct ConvolutionTests {
  static func randomShape(_ random: inout SplitMix64) throws -> ConvolutionShape {
    let groups = random.int(1...3) == 3 ? 2 : 1
    func perAxis(_ one: Int, _ other: Int, oneIn: Int) -> PerAxis {
      PerAxis(
        rows: random.int(1...oneIn) == 1 ? other : one,
        columns: random.int(1...oneIn) == 1 ? other : one)
    }
    return try ConvolutionShape(
      batch: random.int(1...3), inChannels: groups * random.int(1...7),
      height: random.int(9...17), width: random.int(9...35),
      outChannels: groups * random.int(1...40),
      kernelHeight: random.int(1...5), kernelWidth: random.int(1...5),
      stride: perAxis(1, random.int(2...3), oneIn: 4),
      padding: PerAxis(rows: random.int(0...3), columns: random.int(0...3)),
      dilation: perAxis(1, 2, oneIn: 4), groups: groups)
  }

  /// Compares both passes of a method with the textbook in Double.
  static func expectAgreement(
    _ shape: ConvolutionShape, _ method: ConvolutionMethod, bestFor pictures: Int? = nil,
    _ kernels: Kernels, threads: Int = 1, within tolerance: Float, _ random: inout SplitMix64
  ) throws {
    let convolution = try Convolution(
      shape, method, bestFor: pictures, workers: Workers(threads), kernels: kernels)
    let input = random.floats(shape.inputCount)
    let weight = random.floats(shape.weightCount)
    let bias = random.floats(shape.outChannels)
    let gradOutput = random.floats(shape.outputCount)
    // Buffers of their own size, with a guard behind them.
    let output = Guarded(shape.outputCount)
    convolution.forward(input: input, weight: weight, bias: bias, output: output.start)
    let expected = ConvolutionReference.forward(shape, input: input, weight: weight, bias: bias)
    #expect(relativeError(output.values, expected) < tolerance, "\(method) \(shape)")
    #expect(output.isIntact, "\(method) \(shape)")

    let gradInput = Guarded(shape.inputCount)
    let gradWeight = Guarded(shape.weightCount)
    let gradBias = Guarded(shape.outChannels)
    convolution.backward(
      input: input, weight: weight, gradOutput: gradOutput, gradInput: gradInput.start,
      gradWeight: gradWeight.start, gradBias: gradBias.start)
    let gradients = ConvolutionReference.backward(
      shape, input: input, weight: weight, gradOutput: gradOutput)
    for (name, found, expected) in [
      ("input", gradInput, gradients.input), ("weight", gradWeight, gradients.weight),
      ("bias", gradBias, gradients.bias),
    ] {
      #expect(
        relativeError(found.values, expected) < tolerance, "\(name) of \(method) \(shape)")
      #expect(found.isIntact, "\(name) of \(method) \(shape)")
    }
  }

  @Test(arguments: CPU.available)
  func gemmAgreesWithTheTextbook(cpu: CPU) throws {
    var random = SplitMix64(seed: 2)
    for trial in 0..<80 {
      try Self.expectAgreement(
        try Self.randomShape(&random), .gemm, cpu.kernels, threads: 1 + trial % 2, within: 2e-5,
        &random)
    }
  }

  /// Windows of more elements than a chunk of depths, of a channel or a few.
  @Test(arguments: CPU.available)
  func gemmDoesLargeWindows(cpu: CPU) throws {
    var random = SplitMix64(seed: 6)
    for (channels, stride) in [(1, 1), (1, 2), (3, 1), (2, 3)] {
      let shape = try ConvolutionShape(
        batch: 2, inChannels: channels, height: 21, width: 23, outChannels: 5, kernelHeight: 17,
        kernelWidth: 19, stride: PerAxis(rows: stride, columns: stride), padding: 1)
      try Self.expectAgreement(shape, .gemm, cpu.kernels, within: 2e-5, &random)
    }
  }

  @Test(arguments: [ConvolutionMethod.direct, .swap])
  func plainMethodsAgreeWithTheTextbook(method: ConvolutionMethod) throws {
    var random = SplitMix64(seed: 3)
    for _ in 0..<30 {
      try Self.expectAgreement(
        try Self.randomShape(&random), method, CPU.current.kernels, within: 2e-5, &random)
    }
  }

  @Test(arguments: CPU.available)
  func winogradAgreesWithTheTextbook(cpu: CPU) throws {
    var random = SplitMix64(seed: 4)
    var squares: [String: Int] = [:]
    for trial in 0..<120 {
      let (stride, pictures) = (random.int(1...2), random.int(0...1) == 0 ? 1 : 500)
      let kernel = random.int(stride == 1 ? 2...5 : 3...8)
      let padding = PerAxis(
        rows: random.int(0...kernel - 1), columns: random.int(0...kernel - 1))
      let shape = try ConvolutionShape(
        batch: random.int(1...3), inChannels: random.int(1...40), height: random.int(8...19),
        width: random.int(8...26), outChannels: random.int(1...70), kernelHeight: kernel,
        kernelWidth: kernel, stride: PerAxis(stride), padding: padding)
      try Self.expectAgreement(
        shape, .winograd, bestFor: pictures, cpu.kernels, threads: 1 + trial % 2, within: 2e-4,
        &random)
      guard !FewChannelsConvolution.does(shape) else { continue }
      let found = WinogradConvolution.squares(shape, pictures: pictures)
      squares["\(stride), \(found.kernel), \(found.span)", default: 0] += 1
    }
    #expect(squares.count == 15, "\(squares)")
  }

  /// Shapes that random ones do not reach: many channels that fill no vector, more bands than two of each phase, a
  /// last block of three vectors that is full, or has two; squares that end in a tile of eight; phases one behind
  /// another with many weights.
  @Test(arguments: CPU.available)
  func winogradOfLargerShapes(cpu: CPU) throws {
    var random = SplitMix64(seed: 13)
    for (batch, ins, outs, size, kernel, stride) in [
      (3, 260, 20, 7, 3, 1), (2, 20, 260, 7, 3, 1), (1, 9, 7, 51, 3, 2), (1, 3, 17, 50, 7, 2),
      (1, 70, 80, 13, 3, 1), (1, 66, 90, 13, 3, 2), (1, 256, 144, 24, 3, 1),
      (3, 64, 80, 15, 3, 2), (2, 128, 150, 29, 3, 2),
    ] {
      let shape = try ConvolutionShape(
        batch: batch, inChannels: ins, height: size, width: size + 1, outChannels: outs,
        kernelHeight: kernel, kernelWidth: kernel, stride: PerAxis(stride), padding: PerAxis(1))
      try Self.expectAgreement(
        shape, .winograd, cpu.kernels, threads: 3, within: 2e-4, &random)
    }
  }

  /// Phases one behind another, of each size of kernel: any phase may be the whole one.
  @Test(arguments: CPU.available)
  func winogradOfPhasesApart(cpu: CPU) throws {
    var random = SplitMix64(seed: 16)
    for kernel in 3...8 {
      for (rows, columns) in [(0, 0), (0, 1), (1, 0), (1, 1), (2, 2)] {
        let shape = try ConvolutionShape(
          batch: random.int(1...2), inChannels: 16 * random.int(1...3),
          height: random.int(8...19), width: random.int(8...22), outChannels: random.int(1...40),
          kernelHeight: kernel, kernelWidth: kernel, stride: 2,
          padding: PerAxis(rows: rows, columns: columns))
        try Self.expectAgreement(
          shape, .winograd, bestFor: 500, cpu.kernels, threads: random.int(1...2), within: 2e-4,
          &random)
      }
    }
  }

  /// The points that are left out are all that phases lack: zero, and no others are.
  @Test(arguments: CPU.available, [3, 5, 7])
  func pointsOfPhasesApart(cpu: CPU, kernel: Int) throws {
    var random = SplitMix64(seed: 17)
    let (kernels, channels) = (cpu.kernels, 16)
    let slot = kernels.slot
    for padding in [(0, 0), (0, 1), (1, 0), (1, 1)] {
      let shape = try ConvolutionShape(
        batch: 1, inChannels: channels, height: 20, width: 20, outChannels: 20,
        kernelHeight: kernel, kernelWidth: kernel, stride: 2,
        padding: PerAxis(rows: padding.0, columns: padding.1))
      var squares = WinogradConvolution.squares(shape, pictures: 64)
      let phases = try #require(squares.dealt)
      let whole = random.floats(channels * phases.wholeTaps * slot)
      var taps = [Float](repeating: 0, count: squares.channels * squares.taps * slot)
      phases.deal(kernels: channels, isApart: true, slot, whole, &taps)
      for span in squares.spans {
        squares.span = span
        var points = [Float](repeating: 1, count: squares.points * squares.channels * slot)
        var work = [Float](repeating: 0, count: squares.points * slot)
        squares.transforms(kernels).weight(
          squares.channels, taps, false, &points, squares.channels * slot, slot, &work)
        for point in 0..<squares.points {
          for channel in 0..<squares.channels {
            let isSeen = points[(point * squares.channels + channel) * slot] != 0
            #expect(
              isSeen == squares.seen(point).contains(channel),
              "\(padding), \(span): \(point), \(channel)")
          }
        }
      }
    }
  }

  /// Threads that share pixels: with several blocks of channels, and groups.
  @Test(arguments: CPU.available)
  func gradientsOfSmallWindows(cpu: CPU) throws {
    var random = SplitMix64(seed: 14)
    for (ins, outs, groups, stride) in [(3, 70, 1, 1), (6, 140, 2, 1), (1, 130, 1, 2)] {
      let shape = try ConvolutionShape(
        batch: 3, inChannels: ins, height: 17, width: 35, outChannels: outs, kernelHeight: 3,
        kernelWidth: 3, stride: PerAxis(stride), padding: 1, groups: groups)
      try Self.expectAgreement(shape, .gemm, cpu.kernels, threads: 3, within: 2e-5, &random)
    }
  }

  /// Pixels behind the last window have no gradient, not even one of rounding.
  @Test func gradientOfWhatNoWindowSees() throws {
    var random = SplitMix64(seed: 15)
    let shape = try ConvolutionShape(
      batch: 1, inChannels: 5, height: 20, width: 22, outChannels: 6, kernelHeight: 3,
      kernelWidth: 3, stride: 2)
    let convolution = try Convolution(shape, .winograd)
    var gradInput = [Float](repeating: 1, count: shape.inputCount)
    var gradWeight = [Float](repeating: 0, count: shape.weightCount)
    var gradBias = [Float](repeating: 0, count: shape.outChannels)
    convolution.backward(
      input: random.floats(shape.inputCount), weight: random.floats(shape.weightCount),
      gradOutput: random.floats(shape.outputCount), gradInput: &gradInput,
      gradWeight: &gradWeight, gradBias: &gradBias)
    for (index, value) in gradInput.enumerated() {
      let (row, column) = (index % shape.plane / shape.width, index % shape.width)
      #expect((value == 0) == (row == 19 || column == 21), "\(row), \(column)")
    }
  }

  /// Rows of pixels in vectors, where channels are too few to fill these.
  @Test(arguments: CPU.available)
  func winogradOfFewChannels(cpu: CPU) throws {
    var random = SplitMix64(seed: 12)
    for trial in 0..<40 {
      let kernel = trial % 2 == 0 ? 3 : 5
      let padding = PerAxis(
        rows: random.int(0...kernel - 1), columns: random.int(0...kernel - 1))
      let shape = try ConvolutionShape(
        batch: random.int(1...3), inChannels: random.int(1...4), height: random.int(5...19),
        width: random.int(21...60), outChannels: random.int(3...40), kernelHeight: kernel,
        kernelWidth: kernel, padding: padding)
      #expect(FewChannelsConvolution.does(shape))
      try Self.expectAgreement(
        shape, .winograd, cpu.kernels, threads: 1 + trial % 3, within: 2e-4, &random)
    }
  }

  /// Large squares have larger factors: they are held to the same bound where sums are long.
  @Test(
    "squares of 8×8 and 9×9 keep the bound with 512 channels",
    arguments: [(2, 14, 8), (3, 12, 8), (4, 10, 8), (5, 12, 8), (3, 14, 9), (4, 12, 9), (5, 10, 9)])
  func largeSquaresKeepTheBound(kernel: Int, outputs: Int, span: Int) throws {
    var random = SplitMix64(seed: 8)
    let size = outputs + kernel - 1 - kernel / 2 * 2
    let shape = try ConvolutionShape(
      batch: 1, inChannels: 512, height: size, width: size, outChannels: 20,
      kernelHeight: kernel, kernelWidth: kernel, padding: PerAxis(kernel / 2))
    #expect(WinogradConvolution.squares(shape, pictures: 64).span == span)
    for cpu in CPU.available {
      try Self.expectAgreement(
        shape, .winograd, bestFor: 64, cpu.kernels, within: 2e-4, &random)
    }
  }

  @Test(
    arguments: [ConvolutionMethod.gemm, .winograd, .swap], [(33, 1), (33, 2), (32, 2), (3, 1)])
  func sameBytesForAnyNumberOfThreads(
    method: ConvolutionMethod, of sizes: (channels: Int, stride: Int)
  ) throws {
    var random = SplitMix64(seed: 5)
    let shape = try ConvolutionShape(
      batch: 5, inChannels: sizes.channels, height: 15, width: 21, outChannels: 70,
      kernelHeight: 3, kernelWidth: 3, stride: PerAxis(sizes.stride), padding: 1)
    let (input, weight) = (random.floats(shape.inputCount), random.floats(shape.weightCount))
    let gradOutput = random.floats(shape.outputCount)
    func run(_ threads: Int) throws -> [[Float]] {
      let convolution = try Convolution(shape, method, workers: Workers(threads))
      var output = [Float](repeating: 0, count: shape.outputCount)
      var gradInput = [Float](repeating: 0, count: shape.inputCount)
      var gradWeight = [Float](repeating: 0, count: shape.weightCount)
      var gradBias = [Float](repeating: 0, count: shape.outChannels)
      convolution.forward(input: input, weight: weight, bias: nil, output: &output)
      convolution.backward(
        input: input, weight: weight, gradOutput: gradOutput, gradInput: &gradInput,
        gradWeight: &gradWeight, gradBias: &gradBias)
      return [output, gradInput, gradWeight, gradBias]
    }
    let alone = try run(1)
    for threads in 2...4 { #expect(try run(threads) == alone, "\(threads) threads") }
  }

  /// Squares of 9×9 of every kernel, of phases too; one channel; and many weights in narrow blocks.
  @Test(
    "squares of 9×9 agree with gemm, in the same bytes for any threads", arguments: CPU.available)
  func squaresOfNine(cpu: CPU) throws {
    var random = SplitMix64(seed: 12)
    for (ins, outs, size, kernel, stride) in [
      (33, 70, 20, 5, 1), (16, 40, 23, 4, 1), (16, 40, 48, 7, 2), (5, 1, 14, 3, 1),
      (33, 1, 14, 3, 1),
      (256, 70, 35, 3, 1),
    ] {
      let shape = try ConvolutionShape(
        batch: 2, inChannels: ins, height: size, width: size, outChannels: outs,
        kernelHeight: kernel, kernelWidth: kernel, stride: PerAxis(stride),
        padding: PerAxis(kernel / 2))
      let squares = WinogradConvolution.squares(shape, pictures: 64)
      #expect(squares.span == 9, "\(shape)")
      let (input, weight) = (random.floats(shape.inputCount), random.floats(shape.weightCount))
      let gradOutput = random.floats(shape.outputCount)
      func run(_ method: ConvolutionMethod, _ threads: Int) throws -> [[Float]] {
        let convolution = try Convolution(
          shape, method, bestFor: 64, workers: Workers(threads), kernels: cpu.kernels)
        let (output, gradInput) = (Guarded(shape.outputCount), Guarded(shape.inputCount))
        let (gradWeight, gradBias) = (Guarded(shape.weightCount), Guarded(shape.outChannels))
        convolution.forward(input: input, weight: weight, bias: nil, output: output.start)
        convolution.backward(
          input: input, weight: weight, gradOutput: gradOutput, gradInput: gradInput.start,
          gradWeight: gradWeight.start, gradBias: gradBias.start)
        let all = [output, gradInput, gradWeight, gradBias]
        for buffer in all { #expect(buffer.isIntact) }
        return all.map { Array($0.values) }
      }
      let one = try run(.winograd, 1)
      for threads in [2, 3] {
        let more = try run(.winograd, threads)
        #expect(more == one, "\(cpu), \(shape), \(threads) threads")
      }
      for (found, expected) in zip(one, try run(.gemm, 2)) {
        #expect(relativeError(found, expected) < 2e-4, "\(cpu), \(shape)")
      }
    }
  }

  /// Weights of more than 4 MB once transformed: few squares meet each block where it is made, many share blocks
  /// that are kept.
  @Test(
    "winograd with many weights agrees with gemm, in the same bytes for any threads and kept weights",
    arguments: CPU.available)
  func winogradWithManyWeights(cpu: CPU) throws {
    var random = SplitMix64(seed: 11)
    for (batch, size) in [(1, 13), (2, 9), (44, 12)] {
      let shape = try ConvolutionShape(
        batch: batch, inChannels: 150, height: size, width: size + 1, outChannels: 280,
        kernelHeight: 3, kernelWidth: 3, padding: 1)
      let squares = WinogradConvolution.squares(shape, pictures: batch)
      let plan = WinogradPlan(squares, outChannels: 280, threads: 1, kernels: cpu.kernels)
      #expect((plan.few >= squares.bands) == (batch <= 2), "\(cpu)")
      // Sixteen squares fill tiles of three vectors.
      let width = WinogradPlan.blockWidth(squares, 280, threads: 1, cpu.kernels)
      let isThree = width == 3 * cpu.kernels.slot
      #expect(isThree == (batch == 1 && cpu != .baseline), "\(cpu), \(width)")
      // A block of 64 channels is wide enough not to need others beside it.
      #expect((plan.blocksAtOnce > 1) == (batch > 2 && width != 64), "\(cpu)")
      let (input, weight) = (random.floats(shape.inputCount), random.floats(shape.weightCount))
      let (bias, gradOutput) = (
        random.floats(shape.outChannels), random.floats(shape.outputCount)
      )
      func run(
        _ method: ConvolutionMethod, _ threads: Int, stays: Bool = false
      ) throws -> [[Float]] {
        let convolution = try Convolution(
          shape, method, workers: Workers(threads), kernels: cpu.kernels)
        let (output, gradInput) = (Guarded(shape.outputCount), Guarded(shape.inputCount))
        let (gradWeight, gradBias) = (Guarded(shape.weightCount), Guarded(shape.outChannels))
        for _ in 0..<(stays ? 2 : 1) {
          convolution.forward(
            input: input, weight: weight, bias: bias, output: output.start, weightStays: stays)
        }
        convolution.backward(
          input: input, weight: weight, gradOutput: gradOutput, gradInput: gradInput.start,
          gradWeight: gradWeight.start, gradBias: gradBias.start)
        let all = [output, gradInput, gradWeight, gradBias]
        for buffer in all { #expect(buffer.isIntact) }
        return all.map { Array($0.values) }
      }
      let one = try run(.winograd, 1)
      let kept = try run(.winograd, 1, stays: true)
      #expect(kept == one, "\(cpu), \(batch)")
      for threads in [2, 3, 20] {
        let more = try run(.winograd, threads)
        #expect(more == one, "\(cpu), \(batch), \(threads) threads")
      }
      for (found, expected) in zip(one, try run(.gemm, 2)) {
        #expect(relativeError(found, expected) < 2e-4, "\(cpu), \(batch)")
      }
    }
  }

  @Test("weights that stay are used again, of phases too", arguments: [1, 2])
  func preparedWeightsAreUsedAgain(stride: Int) throws {
    var random = SplitMix64(seed: 6)
    let shape = try ConvolutionShape(
      batch: 1, inChannels: 16, height: 8, width: 8, outChannels: 32, kernelHeight: 3,
      kernelWidth: 3, stride: PerAxis(stride))
    let convolution = try Convolution(shape, .winograd)
    let input = random.floats(shape.inputCount)
    let (weight, other) = (random.floats(shape.weightCount), random.floats(shape.weightCount))
    func run(_ weight: [Float], stays: Bool) -> [Float] {
      var output = [Float](repeating: 0, count: shape.outputCount)
      convolution.forward(
        input: input, weight: weight, bias: nil, output: &output, weightStays: stays)
      return output
    }
    let first = run(weight, stays: true)
    #expect(run(other, stays: true) == first)
    // Weights that do not stay leave nothing behind that could be taken for others.
    let second = run(other, stays: false)
    #expect(second != first)
    #expect(run(other, stays: true) == second)
  }

  @Test func winogradNamesWhatItCannotDo() throws {
    let shape = try ConvolutionShape(
      batch: 1, inChannels: 1, height: 9, width: 9, outChannels: 1, kernelHeight: 3,
      kernelWidth: 3, stride: 3)
    #expect(throws: TensorError.self) { try Convolution(shape, .winograd) }
    #expect(try Convolution(shape, .auto).method == .gemm)
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
          batch: 1, inChannels: 1, height: 9, width: 9, outChannels: 1, kernelHeight: 3,
          kernelWidth: 3, dilation: 5)
      } == "kernel must fit the padded picture: 3×3 with dilation 5 in 9×9 with padding 0")
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
