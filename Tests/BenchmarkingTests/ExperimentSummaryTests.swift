import Streams
import Tensor
import Testing

@testable import Benchmarking

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What `conv-bench --summary` makes of records, some of them as an experiment has written them.
@Suite struct ExperimentSummaryTests {
  /// Results of two problems; of the second, plain loops had one picture of four.
  static let results = [
    result("classic", pictures: 64, by: "direct", milliseconds: 24, ratio: "0.02"),
    result("classic", pictures: 64, by: "gemm", milliseconds: 0.3, ratio: "1.5"),
    result("large", pictures: 1, by: "direct", milliseconds: 150, ratio: "7"),
    result("large", pictures: 4, by: "winograd", milliseconds: 6, ratio: "null"),
  ]

  static let others = [
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

  static func result(
    _ name: String, pictures: Int, by implementation: String, milliseconds: Double, ratio: String,
    wrong: Bool = false
  ) -> String {
    // Windows of 3×3 at 49 places of a picture, 2 kernels.
    let gflops = Double(pictures * 49 * 2 * 9 * 2) / milliseconds / 1e6
    return #"{"name":"\#(name)","n":\#(pictures),"c":1,"h":9,"w":9,"k":2,"r":3,"s":3,"#
      + #""implementation":"\#(implementation)","cpu":"avx512","threads":1,"min_ms":\#(milliseconds),"#
      + #""gflops":\#(gflops),"peak_gflops":250.4,"peak_share":\#(gflops / 250.4),"#
      + #""wrong":\#(wrong),"ratio":\#(ratio)}"#
  }

  @Test("against a peer: the geometric mean, how many are behind, and which is the worst")
  func comparison() throws {
    let records = [("a", "4"), ("b", "0.25"), ("c", "1"), ("d", "0.999")].map {
      Self.result($0.0, pictures: 1, by: "auto", milliseconds: 1, ratio: $0.1)
    }
    #expect(
      try summary(records).tableLines[2][2...] == [
        "  auto         4            1.00       2  0.250  b forward"
      ])
  }

  @Test func everyKindOfRecordHasItsTable() throws {
    let summary = try summary(Self.results + Self.others)
    #expect(summary.wrong.isEmpty && summary.count == 13)
    #expect(
      summary.tableLines == [
        [
          "problems: N pictures of C channels, H×W pixels; K kernels of R×S. GFLOP: operations, those on",
          "the padding not counted. MB: each tensor moved once. FLOP/B: many mean that products count.",
          "  problem  N×C×H×W → K, R×S       GFLOP       MB  FLOP/B",
          "  classic  64×1×9×9 → 2, 3×3   0.000113   0.0459    2.46",
          "  large    4×1×9×9 → 2, 3×3   0.0000071  0.00294    2.40",
        ],
        [
          "times: 1 thread, avx512; its peak is 250 GFLOP/s",
          "  problem  pass     by          min      speed       peak  direct    peer",
          "                                 ms    GFLOP/s          %   times   times",
          "  classic  forward  direct     24.0    0.00470    0.00188    1.00  0.0200",
          "  classic  forward  gemm      0.300      0.376      0.150    80.0    1.50",
          "  large    forward  direct      600  0.0000118  0.0000047    1.00       -  1 of 4 pictures",
          "  large    forward  winograd   6.00    0.00118   0.000470     100       -",
          "ms: lower is better. Others: higher. direct, peer: how many times as fast as the plain loops,",
          "as another program.",
          "m of n pictures: it had so many only, and its ms are multiplied.",
        ],
        [
          "times as fast as the peer (behind: below 1); higher is better",
          "  by      problems  geometric mean  behind   worst",
          "  direct         1          0.0200       1  0.0200  classic forward",
          "  gemm           1            1.50       0    1.50  classic forward",
        ],
        [
          "one training step of 64 digits; lower is better",
          "  network, by  conv2d calls  convolutions ms  step ms",
          "  lenet5 gemm             5             10.0     13.5",
          "  lenet5 swap             7             9.00     9.00",
        ],
        [
          "one epoch, 2 threads: other digits that are right (higher is better), seconds (lower)",
          "  network, by     right %  seconds",
          "  mnist-net gemm    99.09     12.3",
          "  mnist-net swap        -     9.50",
        ],
        [
          "442 gradients agree with finite differences, largest relative error 2.4e-06"
        ],
      ])
    #expect(summary.notes.isEmpty)
  }

  @Test func whatIsWrongIsNamed() throws {
    let summary = try summary([
      Self.result("classic", pictures: 1, by: "gemm", milliseconds: 1, ratio: "null", wrong: true),
      #"{"op":"linear","implementation":"swap","gradients":2,"max_error":0.5,"wrong":true}"#,
    ])
    #expect(summary.wrong == ["gemm on classic", "swap linear"])
    #expect(summary.tableLines[1].contains { $0.hasSuffix("  WRONG") })
    #expect(
      summary.tableLines.last?.first
        == "2 gradients do NOT agree with finite differences, largest relative error 0.5")
  }

  @Test("a wrong result's time is worth nothing: no speed-up by it, nor over it")
  func wrongTimes() throws {
    for wrong in ["direct", "gemm"] {
      let summary = try summary(
        ["direct", "gemm"].map {
          Self.result(
            "a", pictures: 1, by: $0, milliseconds: 1, ratio: "3", wrong: $0 == wrong)
        })
      #expect(summary.results.map(summary.speedup) == (wrong == "gemm" ? [1, nil] : [nil, nil]))
      #expect(
        summary.tableLines[2].count == 3
          && summary.tableLines[2][2].hasPrefix("  \(wrong == "gemm" ? "direct" : "gemm") "))
    }
  }

  @Test("results of other machines, threads or sizes are not compared, and a line says so")
  func strangers() throws {
    let one = Self.result("a", pictures: 1, by: "direct", milliseconds: 8, ratio: "null")
    let gemm = Self.result("a", pictures: 1, by: "gemm", milliseconds: 2, ratio: "null")
    #expect(try summary([one, gemm]).notes.isEmpty)
    #expect(try summary([one, gemm]).results.map(summary([one, gemm]).speedup) == [1, 4])
    for (change, note) in [
      (
        ("\"threads\":1", "\"threads\":2"),
        "results of 1 thread, avx512; and of 2 threads, avx512: each is compared with those of its "
          + "own kind only"
      ),
      (
        ("avx512", "avx2"),
        "results of 1 thread, avx512; and of 1 thread, avx2: each is compared with those of its own "
          + "kind only"
      ),
      (
        ("\"h\":9", "\"h\":8"),
        "a is the name of two problems, 1×1×9×9 → 2, 3×3 and 1×1×8×9 → 2, 3×3: they are not compared"
      ),
    ] {
      let summary = try summary([one, gemm.replacing(change)])
      #expect(summary.notes == [note] && summary.results.map(summary.speedup) == [1, nil])
    }
    // Of a machine twice as fast, the peak tells.
    let faster = try summary([
      one, gemm.replacing("250.4", with: "500").replacing("\"peak_share\"", with: "\"share\""),
    ])
    #expect(
      faster.notes == [
        "peak_gflops of results with 1 thread, avx512 go from 250 to 500: they are of two machines, "
          + "or of one that was busy"
      ])
  }

  @Test("two processors with the same instructions are two machines; what ran otherwise is another")
  func identity() throws {
    let one = Self.result("a", pictures: 1, by: "auto", milliseconds: 2, ratio: "null")
    func with(_ keys: String) -> String { one.replacing("\"cpu\"", with: keys + ",\"cpu\"") }
    let machines = try summary([
      one, with(#""processor":"Zen 4""#), with(#""processor":"Zen 5""#),
    ])
    #expect(machines.results.count == 3 && machines.machines.count == 3)
    #expect(
      machines.notes == [
        "results of 1 thread, avx512; and of 1 thread, avx512, Zen 4; and of 1 thread, avx512, Zen 5: "
          + "each is compared with those of its own kind only"
      ])
    let ways = try summary([
      one, with(#""precision":"bfloat16""#), with(#""keep_weights":true"#),
      with(#""method":"int8","keep_weights":true"#),
    ])
    #expect(ways.notes.isEmpty && ways.machines.count == 1)
    #expect(
      ways.results.map(\.label) == [
        "auto", "auto bfloat16", "auto, weights kept", "auto int8, weights kept",
      ])
    #expect(Set(ways.results.map { ImplementationLook.colour($0.look) }).count == 3)
    let profiles = try summary(
      [#""threads":1,"cpu":"avx2""#, #""threads":1,"cpu":"avx512""#].map {
        #"{"network":"n","implementation":"gemm","operator":"conv2d",\#($0),"total_ms":3}"#
      })
    #expect(profiles.steps.count == 2 && profiles.notes.isEmpty)
    #expect(profiles.tableLines[0][2].hasPrefix("  n gemm, 1 thread, avx2 "))
  }

  @Test("a rate that cannot be, or contradicts its time, is refused by rule and value")
  func impossible() {
    let one = Self.result("a", pictures: 1, by: "gemm", milliseconds: 0.5, ratio: "2")
      .replacing("}", with: #","compared_min_ms":1}"#)
    let training =
      #"{"network":"n","implementation":"g","threads":1,"epoch_seconds":1,"samples":5}"#
    let step = #"{"network":"n","implementation":"g","operator":"o","calls":2,"total_ms":3}"#
    #expect(message { _ = try summary([one, training, step]) } == "nothing was thrown")
    for (record, part, other, text) in [
      (
        one, "\"gflops\":0.003528", "\"gflops\":1e9",
        "gflops must be what the problem's operations are in min_ms, 0.00353: 1000000000.0"
      ),
      (one, "\"gflops\":0.003528", "\"gflops\":-1", "gflops must be above 0: -1.0"),
      (
        one, "\"peak_gflops\":250.4", "\"peak_gflops\":\"much\"",
        "peak_gflops must be a number: got a string"
      ),
      (one, "\"peak_gflops\":250.4", "\"peak_gflops\":0", "peak_gflops must be above 0: 0.0"),
      (
        one, "\"peak_share\":1", "\"peak_share\":7,\"x\":1",
        "peak_share must be gflops of peak_gflops, 1.41e-05: 7.0"
      ),
      (one, "\"ratio\":2", "\"ratio\":3", "ratio must be compared_min_ms to min_ms, 2.0: 3.0"),
      (one, "\"ratio\":2", "\"ratio\":-2", "ratio must be above 0: -2.0"),
      (one, "\"threads\":1", "\"threads\":0", "threads must not be below 1: 0"),
      (one, "\"wrong\":false", "\"wrong\":0", "wrong must be true or false: got a number"),
      (
        one, "\"wrong\":false", "\"wrong\":false,\"max_error\":1,\"error_bound\":-1",
        "error_bound must be above 0: -1.0"
      ),
      (one, "\"cpu\":", "\"processor\":7,\"cpu\":", "processor must be a string: got a number"),
      (training, "\"samples\":5", "\"samples\":0", "samples must not be below 1: 0"),
      (training, "\"threads\":1", "\"threads\":-1", "threads must not be below 1: -1"),
      (training, "\"threads\":1", "\"threads\":1.5", "threads must be a whole number: 1.5"),
      (step, "\"total_ms\":3", "\"total_ms\":-3", "total_ms must be above 0: -3.0"),
      (step, "\"calls\":2", "\"calls\":-2", "calls must not be below 0: -2"),
    ] {
      #expect(record.contains(part), "\(part)")
      let found = message { _ = try summary([record.replacing(part, with: other)]) }
      #expect(found.hasPrefix("it:1:") && found.hasSuffix(": \(text)"), "\(other): \(found)")
    }
    for (answer, text) in [
      (#"{"error":0.5,"wrong":1,"of":4}"#, "error must be wrong of of, 0.25: 0.5"),
      (#"{"error":0.5,"of":0}"#, "of must not be below 1: 0"),
      (#"{"error":0.5,"wrong":-1,"of":4}"#, "wrong must not be below 0: -1"),
    ] {
      #expect(message { _ = try summary([training, answer]) }.hasSuffix(text), "\(answer)")
    }
  }

  @Test("what is written is read again: of a machine as slow, and a problem as small, as can be")
  func ownRecords() throws {
    let sizes = #"{"n":1,"c":1,"h":1,"w":1,"k":1,"r":1,"s":1}"#
    let large = #"{"n":64,"c":512,"h":56,"w":56,"k":512,"r":3,"s":3}"#
    let direct = try #require(Implementation("direct"))
    let setting = Candidate.Setting(workers: Workers(1))
    try temporaryFile { path in
      for item in try [problem(sizes), problem(large)] {
        let output = try ByteWriter(path)
        var json = JSONWriter(output)
        for _ in 0..<1000 {
          let candidate = Candidate(direct, method: "direct") { 0 }
          let least = exp(Double.random(in: log(1e-8)...log(1e6)))
          candidate.seconds = [least, least * .random(in: 1...3), least * .random(in: 1...3)]
          candidate.prepared = least * .random(in: 0...2)
          candidate.error = (worst: exp(.random(in: log(1e-12)...log(1))), places: 1)
          let result = Measurement(item, candidate, setting)
          let counterpart = Comparison.Other(
            implementation: "b", minimum: least * 1e3 * exp(.random(in: -12...12)), threads: 1,
            operation: item.operation, isWrong: false, precision: .float, processor: nil)
          ResultRecord(
            problem: item, measurement: result, peak: exp(.random(in: log(1e-4)...log(1e6))),
            other: counterpart, isCompared: true
          ).write(to: &json, record: nil)
        }
        try output.finish()
        for line in try text(of: path).split(separator: "\n") {
          let found = message { _ = try summary([String(line)]) }
          #expect(found == "nothing was thrown", "\(line)")
        }
      }
    }
  }

  @Test("above the peak each method has its own reason, once")
  func abovePeak() {
    var above = AbovePeak()
    for (share, method) in [
      (nil, "gemm"), (1, "gemm"), (0.5, "winograd"), (1.5, "bfloat16"), (2, "winograd"),
      (1.1, "gemm"), (1.2, "bfloat16"),
    ] as [(Double?, String)] { above.add(share, method) }
    #expect(
      above.reasons.map { $0.dropFirst("Above 100 %: ".count).prefix(8) } == [
        "bfloat16", "Winograd", "the mach",
      ])
  }

  @Test("a name moves no terminal's cursor")
  func controls() throws {
    let name = "a\\u001b[31m\\u009b2J\\nb"
    let record = Self.result(name, pictures: 1, by: "gemm", milliseconds: 1, ratio: "1")
    let text = try temporaryFile { path in
      let output = try ByteWriter(path)
      try summary([record]).write(output)
      try output.finish()
      return try BenchmarkingTests.text(of: path)
    }
    #expect(text.contains("  a [31m 2J b  forward") && !text.contains("\u{1b}"))
    #expect(!text.unicodeScalars.contains { (0x7f...0x9f).contains($0.value) })
  }

  @Test("what was checked and not timed is in no table, and a line says so")
  func untimed() throws {
    let record = Self.result("a", pictures: 1, by: "gemm", milliseconds: 1, ratio: "null")
      .split(separator: #""min_ms":1.0"#).joined(separator: #""min_ms":null"#)
    let summary = try summary([record])
    #expect(summary.tableLines.isEmpty)
    #expect(summary.notes == ["without a time, and in no table: 1 result"])
  }

  @Test("what is measured twice counts as it was last, and a line says so")
  func again() throws {
    let summary = try summary(
      [9.0, 5, 4].map {
        Self.result("a", pictures: 1, by: "gemm", milliseconds: $0, ratio: "null")
      })
    #expect(summary.results.map(\.minimum) == [4])
    #expect(
      summary.notes == ["there more than once, and the last counts: gemm on a, and 1 more"])
    let trainings = try BenchmarkingTests.summary(
      [1, 2].map {
        #"{"network":"n","implementation":"gemm","threads":\#($0),"epoch_seconds":1}"#
      })
    #expect(
      trainings.notes == ["trainings with 1 and 2 threads: their seconds are not comparable"])
    #expect(trainings.tableLines[0][2] == "  n gemm, 1 thread         -     1.00")
  }

  @Test func whatIsNoRecordIsRefused() {
    for record in [
      "{}", "7", #"{"error":0.5}"#, #"{"min_ms":1}"#, #"{"operator":"conv2d"}"#,
      #"{"epoch_seconds":"long","network":"a","implementation":"b","threads":1}"#,
      #"{"gradients":1,"max_error":0,"op":"linear","implementation":"gemm"}"#,
      #"{"measure":"operations","cpu":"avx2","threads":1,"gflops":0}"#,
      Self.result("a", pictures: 1, by: "gemm", milliseconds: -1, ratio: "null"),
    ] {
      #expect(message { _ = try summary([record]) } != "nothing was thrown", "\(record)")
    }
    // Of a network there is one error, which is a share.
    let training = #"{"network":"n","implementation":"gemm","threads":1,"epoch_seconds":1}"#
    for errors in [[0.5, 0.5], [1.5]] {
      let records = [training] + errors.map { "{\"error\":\($0)}" }
      #expect(message { _ = try summary(records) } != "nothing was thrown")
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

/// What records come to.
func summary(_ records: [String]) throws -> ExperimentSummary {
  var summary = ExperimentSummary()
  for record in records {
    try Array(record.utf8).withUnsafeBytes {
      try withJSON($0, name: "it") { try summary.add($0) }
    }
  }
  return summary
}

extension String {
  /// The text with one part in the place of another.
  fileprivate func replacing(_ part: (String, String)) -> String { replacing(part.0, with: part.1) }
}

extension ExperimentSummary {
  /// The lines of each table, as a pipe has them.
  fileprivate var tableLines: [[String]] { tables.map { $0.flatMap(\.lines) } }
}
