import InstructionSets
import KernelChoice
import Mechanics
import Testing

@testable import Tensor

@Suite struct LinearTests {
  private static func expectAgreement(
    _ method: LinearMethod, _ kernels: Kernels, threads: Int, _ random: inout SplitMix64
  ) throws {
    // Few rows and many have ways of their own.
    let n = random.int(1...(random.int(0...1) == 0 ? 9 : 70))
    let (k, o) = (random.int(1...1500), random.int(1...40))
    let layer = try Linear(
      batch: n, inputs: k, outputs: o, method, workers: Workers(threads), kernels: kernels)
    let (input, weight, bias) = (random.floats(n * k), random.floats(o * k), random.floats(o))
    let gradOutput = random.floats(n * o)
    let output = Guarded(n * o)
    layer.forward(input: input, weight: weight, bias: bias, output: output.start)
    let expected = LinearReference.forward(
      batch: n, inputs: k, outputs: o, input: input, weight: weight, bias: bias)
    #expect(relativeError(output.values, expected) < 2e-5, "\(n)×\(k)→\(o)")
    let (gradInput, gradWeight, gradBias) = (Guarded(n * k), Guarded(o * k), Guarded(o))
    layer.backward(
      input: input, weight: weight, gradOutput: gradOutput, gradInput: gradInput.start,
      gradWeight: gradWeight.start, gradBias: gradBias.start)
    let gradients = LinearReference.backward(
      batch: n, inputs: k, outputs: o, input: input, weight: weight, gradOutput: gradOutput)
    for (name, found, expected) in [
      ("input", gradInput, gradients.input), ("weight", gradWeight, gradients.weight),
      ("bias", gradBias, gradients.bias),
    ] {
      #expect(relativeError(found.values, expected) < 2e-5, "\(name) of \(n)×\(k)→\(o)")
      #expect(found.isIntact)
    }
    #expect(output.isIntact)
  }

  @Test(arguments: CPU.available)
  func gemmAgreesWithTheTextbook(cpu: CPU) throws {
    var random = SplitMix64(seed: 1)
    for trial in 0..<60 {
      try Self.expectAgreement(.gemm, cpu.kernels, threads: 1 + trial % 2, &random)
    }
  }

  @Test(
    "many rows and outputs: the textbook's, and the same bytes for any number of threads",
    arguments: CPU.available)
  func manyOfAll(cpu: CPU) throws {
    var random = SplitMix64(seed: 3)
    for (batch, inputs, outputs) in [
      (97, 257, 333), (16, 7, 500), (130, 513, 48), (64, 1, 1), (200, 600, 5),
    ] {
      let (input, weight) = (random.floats(batch * inputs), random.floats(outputs * inputs))
      let bias = random.floats(outputs)
      var found: [[Float]] = []
      for threads in [1, 2, 3, 7] {
        let layer = try Linear(
          batch: batch, inputs: inputs, outputs: outputs, workers: Workers(threads),
          kernels: cpu.kernels)
        let output = Guarded(batch * outputs)
        layer.forward(input: input, weight: weight, bias: bias, output: output.start)
        #expect(output.isIntact)
        found.append(Array(output.values))
      }
      let expected = LinearReference.forward(
        batch: batch, inputs: inputs, outputs: outputs, input: input, weight: weight, bias: bias)
      #expect(relativeError(found[0], expected) < 2e-5, "\(batch)×\(inputs)→\(outputs)")
      #expect(found.allSatisfy { $0 == found[0] })
    }
  }

  @Test func loopsAgreeWithTheTextbook() throws {
    var random = SplitMix64(seed: 2)
    for _ in 0..<10 { try Self.expectAgreement(.direct, CPU.current.kernels, threads: 1, &random) }
  }

  @Test func absurdSizesAreNamed() {
    #expect(throws: TensorError.size("inputs", 0)) { try Linear(batch: 1, inputs: 0, outputs: 1) }
    #expect(throws: TensorError.overflow([1 << 20, 1 << 20])) {
      try Linear(batch: 1 << 20, inputs: 1 << 20, outputs: 1)
    }
  }
}
