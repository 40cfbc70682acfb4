import InstructionSets
import KernelChoice
import Mechanics
import Testing

@testable import Tensor

@Suite struct SparseLinearTests {
  static let processors = CPU.available

  @Test(arguments: processors, [true, false])
  func agreesWithTheTextbook(_ cpu: CPU, areHalves: Bool) {
    var random = SplitMix64(seed: 5)
    for _ in 0..<40 {
      let (n, k, o) = (random.int(1...9), random.int(1...700), random.int(1...70))
      let input = random.floats(n * k).map { $0 > 0 ? $0 : 0 }
      var weight = random.floats(o * k)
      if areHalves { weight = weight.map { ($0 * 1024).rounded() / 1024 } }
      let bias = random.floats(o)
      let layer = SparseLinear(inputs: k, outputs: o, weight: weight, kernels: cpu.kernels)
      let output = Guarded(n * o)
      layer.forward(n, input: input, bias: bias, output: output.start)
      let expected = LinearReference.forward(
        batch: n, inputs: k, outputs: o, input: input, weight: weight, bias: bias)
      #expect(relativeError(output.values, expected) < 2e-5, "\(n)×\(k)→\(o)")
      #expect(output.isIntact)
      // A row alone gives the same bytes.
      let alone = Guarded(o)
      layer.forward(1, input: Array(input.suffix(k)), bias: bias, output: alone.start)
      #expect(alone.values == output.values.suffix(o))
      // So do 32-bit weights, on the same processor.
      let wide = SparseLinear(
        inputs: k, outputs: o, weight: weight, cpu.kernels, halves: nil)
      let other = Guarded(n * o)
      wide.forward(n, input: input, bias: bias, output: other.start)
      #expect(other.values == output.values)
    }
  }
}
