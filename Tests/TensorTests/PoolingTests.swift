import InstructionSets
import KernelChoice
import Mechanics
import Testing

@testable import Tensor

@Suite struct PoolingTests {
  static let processors = CPU.available

  @Test(arguments: processors)
  func agreesWithThePlainTwin(_ cpu: CPU) {
    var random = SplitMix64(seed: 3)
    for _ in 0..<60 {
      let (planes, height, width) = (
        random.int(1...5), random.int(2...19), random.int(2...35)
      )
      let floor: Float = random.int(0...1) == 0 ? 0 : -.infinity
      let pool = MaxPool2(planes: planes, height: height, width: width, floor: floor)
      let outputs = planes * pool.outHeight * pool.outWidth
      // Few different values, so that there are ties.
      var input = random.floats(planes * height * width).map { ($0 * 4).rounded() / 4 }
      var gradOutput = random.floats(outputs)
      let slack = [Float](repeating: .nan, count: 32)
      let expected = Self.plain(pool, input, gradOutput)
      input += slack
      gradOutput += slack
      let (output, gradInput) = (Guarded(outputs), Guarded(planes * height * width))
      var winners = [UInt8](repeating: 9, count: outputs + 8)
      pool.forward(input, output.start, cpu.kernels)
      #expect(output.values == expected.output && output.isIntact)
      pool.forward(input, output.start, winners: &winners, cpu.kernels)
      pool.backward(
        winners: winners, gradOutput: gradOutput, gradInput: gradInput.start, cpu.kernels)
      #expect(output.values == expected.output && output.isIntact)
      #expect(gradInput.values == expected.gradInput && gradInput.isIntact)
    }
  }

  /// The first of the largest pixels of each square takes the gradient.
  static func plain(
    _ pool: MaxPool2, _ input: [Float], _ gradOutput: [Float]
  ) -> (output: [Float], gradInput: [Float]) {
    var output: [Float] = []
    var gradInput = [Float](repeating: 0, count: input.count)
    for plane in 0..<pool.planes {
      for row in 0..<pool.outHeight {
        for column in 0..<pool.outWidth {
          let corner = (plane * pool.height + 2 * row) * pool.width + 2 * column
          let places = [corner, corner + 1, corner + pool.width, corner + pool.width + 1]
          var best = places[0]
          for place in places where input[place] > input[best] { best = place }
          if input[best] > pool.floor { gradInput[best] = gradOutput[output.count] }
          output.append(max(pool.floor, input[best]))
        }
      }
    }
    return (output, gradInput)
  }

  @Test func halves() {
    // Every 16-bit float comes back from 32 bits as it was.
    let all = (0...UInt16.max).map { $0 }
    var wide = [Float](repeating: 0, count: all.count)
    #expect(!widenHalves(all, count: all.count, to: &wide), "infinities are noticed")
    for (bits, value) in zip(all, wide) where bits & 0x7c00 != 0x7c00 {
      #expect(half(value) == bits)
      #if arch(x86_64) && os(Linux) || arch(arm64)
        #expect(Float(Float16(bitPattern: bits)) == value)
      #endif
    }
    // Ties go to even; the largest half, and what rounds beyond it.
    #expect(half(1 + 0x1p-11) == 0x3c00)
    #expect(half(1 + 3 * 0x1p-11) == 0x3c02)
    #expect(half(65519.996) == 0x7bff)
    #expect(half(65520) == 0x7c00)
    #expect(half(-0x1p-25) == 0x8000)
    #expect(half(0x1.8p-25) == 1)
  }
}
