import Tensor
import Testing

@testable import Benchmarking

@Suite struct MeasuringTests {
  private static let setting = Candidate.Setting(workers: Workers(1))
  private static let conv = #"{"n":2,"c":3,"h":8,"w":9,"k":4,"r":3,"s":3,"padding":1,"pass":"#

  @Test func runsAreCountedAndResultsChecked() throws {
    for pass in Problem.Pass.allCases {
      let item = try problem(Self.conv + "\"\(pass.rawValue)\"}")
      let found = try Measuring(RunPlan(runs: 23, warmup: 2), Self.setting)
        .measure(item, Implementation.all)
      #expect(found.map(\.implementation) == ["direct", "swap", "gemm", "winograd", "auto"])
      for one in found {
        #expect(one.runs == 23 && one.minimum > 0 && one.minimum <= one.median)
        #expect(one.spread >= 0 && one.gflops > 0 && one.preparation >= 0)
        #expect(!one.isWrong && one.error > 0)
        #expect(one.method != "auto")
      }
    }
  }

  @Test func noRunsTakeNoTime() throws {
    let linear = try problem(
      #"{"op":"linear","n":2,"inputs":30,"outputs":4,"pass":"forward_backward"}"#)
    let found = try Measuring(RunPlan(runs: 0), Self.setting).measure(linear, Implementation.all)
    #expect(found.map(\.implementation) == ["direct", "gemm", "auto"])
    for one in found {
      #expect(one.runs == 0 && one.minimum.isNaN && one.error < 1e-6)
      #expect(one.places == 8 + 60 + 120 + 4)
    }
  }

  @Test("as many runs go before those that count as are asked for, and one where none is")
  func runsBefore() throws {
    let item = try problem(Self.conv + "\"forward\"}")
    let direct = try #require(Implementation("direct"))
    // With no runs that count there is nothing to warm: the one run is checked.
    let cases = [(1, 0, 1), (1, 1, 1), (1, 2, 2), (1, 3, 3), (0, 3, 1), (nil, 2, 2)]
    for (runs, warmup, expected) in cases {
      var (count, countAtCheck) = (0, 0)
      let candidate = Candidate(direct, method: "direct") {
        count += 1
        return 1e-6
      }
      try Measuring(RunPlan(seconds: 100, runs: runs, warmup: warmup), Self.setting)
        .warm(candidate) { countAtCheck = count }
      #expect(count == expected && countAtCheck == 1, "\(warmup) before \(runs ?? -1)")
    }
  }

  @Test func timeIsKept() throws {
    let item = try problem(Self.conv + "\"forward\"}")
    let direct = try #require(Implementation("direct"))
    let one = try Measuring(RunPlan(seconds: 0.05), Self.setting).measure(item, [direct])[0]
    #expect(one.runs > 10)
    #expect(one.median * Double(one.runs) < 1000)
  }

  @Test func wrongResultsAreFound() throws {
    let item = try problem(Self.conv + "\"forward_backward\"}")
    let tensors = ProblemTensors(item)
    let check = ResultCheck(item, tensors, Workers(1))
    let direct = try #require(Implementation("direct"))
    let candidate = try #require(try Self.setting.candidate(direct, item, tensors))
    tensors.invalidateResults()
    #expect(check.worstError == .infinity)
    _ = try candidate.run()
    #expect(check.worstError < 1e-6)
    for (_, values) in tensors.results {
      let right = values.start[3]
      values.start[3] += 0.01
      #expect(check.worstError > 2e-5 && check.worstError < 1)
      values.start[3] = .nan
      #expect(check.worstError == .infinity)
      values.start[3] = right
    }
  }

  @Test func manyElementsAreSampled() throws {
    let large = try problem(#"{"n":1,"c":256,"h":56,"w":56,"k":256,"r":3,"s":3,"padding":1}"#)
    let gemm = try #require(Implementation("gemm"))
    let found = try Measuring(RunPlan(runs: 0), Candidate.Setting(workers: Workers(2)))
      .measure(large, [gemm])
    #expect(found[0].places == 50_000_000 / (256 * 9))
    #expect(!found[0].isWrong)
  }

  @Test func whatDoesNotFitTheMachineIsRefused() throws {
    let huge = try problem(#"{"op":"linear","n":131072,"inputs":131072,"outputs":131072}"#)
    let text = message {
      _ = try Measuring(RunPlan(runs: 0), Self.setting).measure(huge, Implementation.all)
    }
    #expect(text.hasPrefix("problem must fit the machine's memory of"))
  }

  @Test func theSamePlacesWhateverTheThreads() throws {
    let item = try problem(
      #"{"n":3,"c":16,"h":20,"w":21,"k":24,"r":3,"s":3,"padding":1,"pass":"forward_backward"}"#)
    let errors = try [1, 2, 3].map { threads in
      try Measuring(RunPlan(runs: 0), Candidate.Setting(workers: Workers(threads)))
        .measure(item, Implementation.all).map(\.error)
    }
    #expect(errors[0] == errors[1] && errors[0] == errors[2])
  }
}
