import Tensor
import Testing

@testable import Benchmarking

@Suite struct TrainingStepTests {
  @Test("a step's calls: two layers forward, and what each method needs for the way back")
  func calls() throws {
    let setting = Candidate.Setting(workers: Workers(2))
    for network in TrainingStep.Network.all {
      for implementation in Implementation.all where implementation.name != "direct" {
        let step = try TrainingStep(network, implementation, setting)
        step.run()
        let calls = Dictionary(uniqueKeysWithValues: step.times.entries.map { ($0.name, $0.calls) })
        // The gradient of the pictures is no use to anyone, so the first layer has two and not three.
        let isSwap = implementation.name == "swap"
        #expect(calls["conv2d"] == (isSwap ? 5 : 2), "\(network.name) \(implementation.name)")
        #expect(calls["conv2d backward"] == (isSwap ? nil : 2))
        #expect(calls["linear"] == 2 && calls["linear backward"] == 2)
        #expect(calls["relu"] == 3 && calls["relu backward"] == 3)
      }
    }
  }
}
