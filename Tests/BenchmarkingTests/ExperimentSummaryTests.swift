import Streams
import Testing

@testable import Benchmarking

/// What `conv-bench --summary` makes of records, some of them as an experiment has written them.
@Suite struct ExperimentSummaryTests {
  /// Results of two problems; of the second, plain loops had one picture of four.
  private static let results = [
    result("classic", pictures: 64, by: "direct", milliseconds: 24, ratio: "0.02"),
    result("classic", pictures: 64, by: "gemm", milliseconds: 0.3, ratio: "1.5"),
    result("large", pictures: 1, by: "direct", milliseconds: 150, ratio: "7"),
    result("large", pictures: 4, by: "winograd", milliseconds: 6, ratio: "null"),
  ]

  private static let others = [
    #"{"network":"lenet5","implementation":"gemm","operator":"linear","calls":2,"total_ms":3.5}"#,
    #"{"network":"lenet5","implementation":"gemm","operator":"conv2d","calls":5,"total_ms":8}"#,
    #"{"network":"lenet5","implementation":"gemm","operator":"spread gradient","calls":1,"total_ms":2}"#,
    #"{"network":"lenet5","implementation":"swap","operator":"conv2d","calls":7,"total_ms":9}"#,
    #"{"network":"mnist-net","implementation":"gemm","threads":2,"epoch_seconds":12345678e-6}"#,
    #"{"error":0.0091,"wrong":91,"of":10000,"classes":[],"confusion":[]}"#,
    #"{"network":"mnist-net","implementation":"swap","threads":2,"epoch_seconds":9.5}"#,
    #"{"op":"conv2d","implementation":"gemm","gradients":400,"max_error":1.3e-6,"wrong":false}"#,
    #"{"op":"linear","implementation":"gemm","gradients":42,"max_error":2.44e-6,"wrong":false}"#,
  ]

  private static func result(
    _ name: String, pictures: Int, by implementation: String, milliseconds: Double, ratio: String,
    wrong: Bool = false
  ) -> String {
    #"{"name":"\#(name)","n":\#(pictures),"c":1,"h":9,"w":9,"k":2,"r":3,"s":3,"#
      + #""implementation":"\#(implementation)","cpu":"avx512","threads":1,"min_ms":\#(milliseconds),"#
      + #""gflops":50,"peak_gflops":250.4,"peak_share":0.2,"wrong":\#(wrong),"ratio":\#(ratio)}"#
  }

  private func summary(_ records: [String]) throws -> ExperimentSummary {
    var summary = ExperimentSummary()
    for record in records {
      try Array(record.utf8).withUnsafeBytes {
        try withJSON($0, name: "it") { try summary.add($0) }
      }
    }
    return summary
  }

  @Test("against a peer: the geometric mean, how many are behind, and which is the worst")
  func comparison() throws {
    let records = [("a", "4"), ("b", "0.25"), ("c", "1"), ("d", "0.999")].map {
      Self.result($0.0, pictures: 1, by: "auto", milliseconds: 1, ratio: $0.1)
    }
    #expect(
      try summary(records).tables[1][2...] == [
        "  auto         4            1.00       2  0.250  b forward"
      ])
  }

  @Test func everyKindOfRecordHasItsTable() throws {
    let summary = try summary(Self.results + Self.others)
    #expect(summary.wrong.isEmpty && summary.count == 13)
    #expect(
      summary.tables == [
        [
          "convolutions, 1 thread, avx512 (GFLOP/s of 250 that the machine does)",
          "  problem  pass     by        min ms  GFLOP/s    peak  direct=1  peer=1",
          "  classic  forward  direct      24.0     50.0  20.0 %      1.00  0.0200",
          "  classic  forward  gemm       0.300     50.0  20.0 %      80.0    1.50",
          "  large    forward  direct       600     50.0  20.0 %      1.00       -  one part, times 4.0",
          "  large    forward  winograd    6.00     50.0  20.0 %       100       -",
        ],
        [
          "times as fast as the peer (behind: below 1)",
          "  by      problems  geometric mean  behind   worst",
          "  direct         1          0.0200       1  0.0200  classic forward",
          "  gemm           1            1.50       0    1.50  classic forward",
        ],
        [
          "one training step of 64 digits",
          "  network, by  conv2d calls  convolutions ms  step ms",
          "  lenet5 gemm             5             10.0     13.5",
          "  lenet5 swap             7             9.00     9.00",
        ],
        [
          "one epoch, 2 threads: right of the digits kept apart, seconds",
          "  network, by       right  seconds",
          "  mnist-net gemm  99.09 %     12.3",
          "  mnist-net swap        -     9.50",
        ],
        ["442 gradients agree with finite differences, largest error 2.4e-06"],
      ])
  }

  @Test func whatIsWrongIsNamed() throws {
    let summary = try summary([
      Self.result("classic", pictures: 1, by: "gemm", milliseconds: 1, ratio: "null", wrong: true),
      #"{"op":"linear","implementation":"swap","gradients":2,"max_error":0.5,"wrong":true}"#,
    ])
    #expect(summary.wrong == ["gemm on classic", "swap linear"])
    #expect(summary.tables.first?.last?.hasSuffix("  WRONG") ?? false)
    #expect(
      summary.tables.last == [
        "2 gradients do NOT agree with finite differences, largest error 0.5"
      ])
  }

  @Test func whatIsNoRecordIsRefused() {
    for record in [
      "{}", "7", #"{"error":0.5}"#, #"{"min_ms":1}"#, #"{"operator":"conv2d"}"#,
      #"{"epoch_seconds":"long","network":"a","implementation":"b","threads":1}"#,
      #"{"gradients":1,"max_error":0,"op":"linear","implementation":"gemm"}"#,
    ] {
      #expect(message { _ = try summary([record]) } != "nothing was thrown", "\(record)")
    }
  }

  @Test func picturesOfASuiteCanBeOthers() throws {
    let problems = try ProblemSuite.all.problems(pictures: 7)
    let own = try ProblemSuite.all.problems()
    #expect(problems.map(\.name) == own.map(\.name) && problems.map(\.pass) == own.map(\.pass))
    for (problem, own) in zip(problems, own) {
      switch (problem.operation, own.operation) {
      case (.convolution(let s), .convolution(let t)):
        #expect(s.batch == 7 && s.weightCount == t.weightCount && s.height == t.height)
        #expect(s.stride == t.stride && s.padding == t.padding)
      case (.linear(let s), .linear(let t)):
        #expect(s.batch == 7 && s.inputs == t.inputs && s.outputs == t.outputs)
      default: Issue.record("\(problem) is of another kind than \(own)")
      }
    }
  }
}
