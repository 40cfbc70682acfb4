import Mechanics
import TestFolders
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// System calls and allocations that fail, at the n-th call, in every tool: a status that is stated and one
/// line, the old file or the new one, whole records; never a signal, never a hang.
///
/// `Scripts/check-failures` makes up to 2,000 calls of each case fail; in the suite a few are picked.
@Suite struct FaultTests {
  /// How many failures of each work, and of which tools: of all, where none is named.
  private static let (failures, tools) = (
    Int(variable("CONVOY_FAILURES") ?? ""),
    Set((variable("CONVOY_FAILURES_OF") ?? "").split(separator: " ").map(String.init))
  )

  /// In the suite one work of each tool.
  private static let works: [FaultyWork] = {
    guard failures == nil else {
      return FaultyWork.all.filter { tools.isEmpty || tools.contains($0.tool) }
    }
    var numbers = SplitMix64(seed: 1)
    return Dictionary(grouping: FaultyWork.all, by: \.tool).values
      .sorted { $0[0].tool < $1[0].tool }.compactMap { $0.randomElement(using: &numbers) }
  }()

  @Test("every tool of the Makefile is at work here, but those that have tests of their own")
  func complete() {
    // The server; and tools whose driver makes calls of its own, which fail in DeviceToolTests.
    let others = ["ink-pad"] + ToolUnderTest.onDevices.map(\.name)
    #expect(Set(FaultyWork.all.map(\.tool)) == Set(listOfMake("TOOLS")).subtracting(others))
  }

  @Test(
    "failing calls", .enabled(if: Requirement.compiler.isMet, "\(Requirement.compiler)"),
    arguments: works)
  func failing(_ work: FaultyWork) throws {
    let well = try work.run()
    try #require(well.outcome.ending == .exit(0), "\(well.outcome.errors)")
    let most = Self.failures ?? 3
    var counts: [String: (failed: Int, surprises: Int)] = [:]
    for fault in Fault.picked(most, of: well.counts.calls) {
      let result = try work.run(fault)
      if result.counts.failures > 0 { counts[fault.call, default: (0, 0)].failed += 1 }
      guard let surprise = work.surprise(result, after: fault, beside: well) else { continue }
      counts[fault.call, default: (0, 0)].surprises += 1
      Issue.record("\(fault): \(surprise)")
    }
    guard Self.failures != nil else { return }
    for (call, count) in counts.sorted(by: { $0.key < $1.key }) {
      print("failures \(work.tool) \(call) \(count.failed) \(count.surprises)")
    }
  }

  @Test(
    "files that cannot be looked at any more: nobody waits for ever",
    .enabled(if: Requirement.compiler.isMet, "\(Requirement.compiler)"), arguments: 1...20)
  func blind(number: Int) throws {
    let work = try #require(FaultyWork.all.first { $0.words.contains("--checkpoint") })
    let fault = Fault(call: "stat", numbers: number...Int(Int32.max), code: EIO)
    #expect(work.surprise(try work.run(fault), after: fault, beside: try work.run()) == nil)
  }
}
