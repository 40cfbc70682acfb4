import KernelsAVX2
import KernelsAVX512
import KernelsBaseline
import Tensor
import Testing

@testable import Benchmarking

@Suite struct MachinePeakTests {
  typealias Chain = (Int, Float, UnsafeMutablePointer<Float>) -> Void

  @Test("no chain is left out", arguments: CPU.allCases.filter { $0 <= .best })
  func chains(_ cpu: CPU) {
    let (loop, operations): (Chain, Int) =
      switch cpu {
      case .baseline: (KernelsBaseline.chainLoop, KernelsBaseline.chainOperations)
      case .avx2: (KernelsAVX2.chainLoop, KernelsAVX2.chainOperations)
      case .avx512: (KernelsAVX512.chainLoop, KernelsAVX512.chainOperations)
      }
    let lanes = operations / 24
    let starts = FloatBuffer(12 * lanes)
    for i in 0..<starts.count { starts.start[i] = Float(i) }
    loop(3, 0.5, starts.start)
    for lane in 0..<lanes {
      // Halfway to 1 three times, for each of the twelve chains.
      let expected = (0..<12).reduce(Float(0)) { $0 + (Float($1 * lanes + lane) - 1) / 8 + 1 }
      #expect(starts.start[lane] == expected)
    }
  }

  @Test func theMachineDoesSomething() {
    for threads in [1, 2] {
      let peak = MachinePeak(.current, Workers(threads))
      peak.measureOperations(seconds: 0.02)
      peak.measureBandwidth(seconds: 0.02)
      #expect(peak.gflops > 0.1 && peak.memory > 0.01 && peak.cache > 0.01)
    }
  }
}
