import Streams
import Tensor
import Testing

@testable import Benchmarking

@Suite struct ComparisonTests {
  private static func comparison(_ lines: [String]) throws -> Comparison {
    try temporaryFile { path in
      let output = try ByteWriter(path)
      output.write(lines.joined(separator: "\n") + "\n")
      try output.finish()
      return try Comparison(path: path)
    }
  }

  private static let sizes = #""op":"linear","n":2,"inputs":3,"outputs":4"#

  @Test func counterpartsHaveTheSameNamePassAndThreads() throws {
    let others = try Self.comparison([
      #"{"name":"a",\#(Self.sizes),"implementation":"torch 2.13.0","threads":1,"min_ms":5}"#,
      #"{"name":"a",\#(Self.sizes),"implementation":"gemm","threads":1,"min_ms":6}"#,
      #"{"name":"a",\#(Self.sizes),"implementation":"gemm","threads":2,"min_ms":1}"#,
      #"{"name":"b",\#(Self.sizes),"pass":"backward","implementation":"x","min_ms":7}"#,
      #"{"name":"c",\#(Self.sizes),"implementation":"x","min_ms":null}"#,
    ])
    let a = try problem(#"{"name":"a",\#(Self.sizes)}"#)
    #expect(others.other(a, "direct", threads: 1)?.minimum == 5)
    #expect(others.other(a, "gemm", threads: 1)?.minimum == 6)
    #expect(others.other(a, "gemm", threads: 3) == nil)
    let b = try problem(#"{"name":"b",\#(Self.sizes),"pass":"backward"}"#)
    #expect(others.other(b, "direct", threads: 9)?.implementation == "x")
    #expect(others.other(try problem(#"{"name":"b",\#(Self.sizes)}"#), "x", threads: 1) == nil)
    #expect(others.other(try problem(#"{"name":"c",\#(Self.sizes)}"#), "x", threads: 1) == nil)
  }

  @Test func ofTwoMeasurementsTheLaterIsTheOneBesideItsName() throws {
    let others = try Self.comparison(
      [("gemm", 5), ("torch", 3), ("gemm", 6), ("torch", 4)].map {
        #"{"name":"a",\#(Self.sizes),"implementation":"\#($0.0)","threads":1,"min_ms":\#($0.1)}"#
      })
    let a = try problem(#"{"name":"a",\#(Self.sizes)}"#)
    #expect(others.other(a, "gemm", threads: 1)?.minimum == 6)
    #expect(others.other(a, "torch", threads: 1)?.minimum == 4)
    // Beside what has no counterpart of its name stands the fastest.
    #expect(others.other(a, "direct", threads: 1)?.minimum == 3)
  }

  @Test func whatIsNoResultIsRefused() {
    #expect(
      message { _ = try Self.comparison(["{\(Self.sizes),\"implementation\":\"x\"}"]) }
        .hasSuffix("key 'min_ms' is missing"))
    #expect(
      message {
        _ = try Self.comparison(["{\(Self.sizes),\"implementation\":\"x\",\"min_ms\":-1}"])
      }.hasSuffix("min_ms must be above 0: -1.0"))
  }

  @Test("a counterpart of other numbers, or of another processor, is compared with a line")
  func differences() throws {
    let problem = try problem(#"{"name":"a",\#(Self.sizes)}"#)
    let found = try Measuring(RunPlan(runs: 1), Candidate.Setting(workers: Workers(1)))
      .measure(problem, [try #require(Implementation("gemm"))])[0]
    let bfloat16 = "torch bfloat16 multiplies bfloat16s, and gemm floats: the ratio is of both"
    for (implementation, keys, difference) in [
      ("torch", "", nil), ("torch bfloat16", "", bfloat16),
      ("torch bfloat16", #""precision":"float","#, nil),
      (
        "auto", #""method":"int8","#, "auto multiplies int8s, and gemm floats: the ratio is of both"
      ),
      (
        "gemm", #""processor":"Z80","#,
        found.processor.map { "is of Z80, and this is \($0): the ratio is of both" }
      ),
    ] {
      let others = try Self.comparison([
        #"{"name":"a",\#(Self.sizes),"implementation":"\#(implementation)",\#(keys)"min_ms":5}"#
      ])
      let other = try #require(others.other(problem, "gemm", threads: 1))
      #expect(others.difference(other, found) == difference, "\(implementation)")
    }
    #expect(
      message {
        _ = try Self.comparison([
          #"{\#(Self.sizes),"implementation":"x","precision":"half","min_ms":5}"#
        ])
      }.hasSuffix("precision must be one of float, bfloat16, int8: half"))
  }

  @Test("what the file names and is not compared all the same has its reason")
  func obstacles() throws {
    let others = try Self.comparison([
      #"{"name":"a",\#(Self.sizes),"implementation":"x","threads":2,"min_ms":5}"#,
      #"{"name":"b",\#(Self.sizes),"implementation":"x","threads":1,"min_ms":5,"wrong":true}"#,
      #"{"name":"c",\#(Self.sizes),"implementation":"x","threads":1,"min_ms":5}"#,
    ])
    for (name, threads, obstacle) in [
      ("a", 1, "a has 2 threads there, and 1 here"), ("a", 2, nil),
      ("b", 1, "b is wrong there"), ("c", 1, nil), ("d", 1, nil),
    ] {
      let problem = try problem(#"{"name":"\#(name)",\#(Self.sizes)}"#)
      #expect(others.obstacle(problem, threads: threads) == obstacle)
      let isCompared = others.other(problem, "x", threads: threads) != nil
      #expect(isCompared == (obstacle == nil && name != "d"))
    }
    let large = try problem(#"{"name":"c","op":"linear","n":200,"inputs":3,"outputs":4}"#)
    #expect(others.other(large, "x", threads: 1) == nil)
    #expect(others.obstacle(large, threads: 1) == "c is 2×3 → 4 there, and 200×3 → 4 here")
  }
}
