import Testing

@testable import Tensor

@Suite struct GEMMTests {
  @Test(arguments: CPU.allCases.filter { $0 <= .best })
  func agreesWithTheTextbook(cpu: CPU) {
    var random = RandomFloats(state: 1)
    let scratch = Scratch()
    for trial in 0..<120 {
      let (m, n, k) = (random.int(1...70), random.int(1...150), random.int(1...400))
      let (transposeA, transposeB) = (trial % 2 == 1, trial / 2 % 2 == 1)
      let accumulate = trial / 4 % 2 == 1
      let (a, b, c) = (random.floats(m * k), random.floats(k * n), random.floats(m * n))
      var (fast, plain) = (c, c)
      gemm(
        m, n, k, a: a, transposeA: transposeA, b: b, transposeB: transposeB, c: &fast,
        accumulate: accumulate, scratch: scratch, kernels: Kernels(cpu))
      gemmReference(
        m, n, k, a: a, transposeA: transposeA, b: b, transposeB: transposeB, c: &plain,
        accumulate: accumulate)
      #expect(
        relativeError(fast, plain) < 2e-5,
        "\(m)×\(n)×\(k) \(transposeA) \(transposeB) \(accumulate)")
    }
  }

  @Test func nothingToSumIsZero() {
    var c: [Float] = [1, 2, 3, 4]
    gemm(2, 2, 0, a: [0], b: [0], c: &c, scratch: Scratch())
    #expect(c == [0, 0, 0, 0])
  }
}
