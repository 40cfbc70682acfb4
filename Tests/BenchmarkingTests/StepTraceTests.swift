import Streams
import Tensor
import TestFolders
import Testing

@testable import Benchmarking

/// Traces as Perfetto reads them.
@Suite struct StepTraceTests {
  /// What an event says: its kind, name, row, start and length, and its row's name.
  private func words(_ event: JSONValue) -> [String] {
    var words: [String] = []
    for key in ["ph", "name"] { words.append(event[key]?.string ?? "-") }
    for key in ["tid", "ts", "dur"] { words.append(event[key]?.double.map { "\($0)" } ?? "-") }
    words.append(event["args"]?["name"]?.string ?? "-")
    return words
  }

  @Test("a row for each profile, microseconds from its first operator on")
  func events() throws {
    try withFolder { folder in
      let path = "\(folder)/step.json"
      let trace = try StepTrace(path)
      let conv2d = OperatorTimes.Span(name: "conv2d", start: 100, seconds: 0.002)
      let relu = OperatorTimes.Span(name: "relu", start: 100.0025, seconds: 0.0005)
      trace.add("lenet5 gemm", [conv2d, relu])
      trace.add("nothing", [])
      #expect(!names(folder).contains("step.json"))
      try trace.finish()
      var events: [[String]] = []
      try ByteReader([path]).ndjson { record in
        for event in try record.require("traceEvents").elements { events.append(words(event)) }
      }
      let expected = [
        ["M", "thread_name", "1.0", "-", "-", "lenet5 gemm"],
        ["X", "conv2d", "1.0", "0.0", "2000.0", "-"],
        ["X", "relu", "1.0", "2500.0", "500.0", "-"],
        ["M", "thread_name", "2.0", "-", "-", "nothing"],
      ]
      #expect(events == expected)
    }
  }
}
