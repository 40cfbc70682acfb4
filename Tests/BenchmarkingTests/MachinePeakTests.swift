import InstructionSets
import KernelChoice
import Tensor
import Testing

@testable import Benchmarking

@Suite struct MachinePeakTests {
  @Test("no chain is left out", arguments: CPU.available)
  func chains(_ cpu: CPU) {
    let lanes = cpu.kernels.chainOperations / 24
    let starts = FloatBuffer(12 * lanes)
    for i in 0..<starts.count { starts.start[i] = Float(i) }
    cpu.kernels.chain(3, 0.5, starts.start)
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
