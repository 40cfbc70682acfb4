import TestFolders
import Testing

/// A tool of the house, with input that it takes.
struct ToolUnderTest: CustomTestStringConvertible, Sendable {
  enum Format { case ndjson, text, csv, npy, png, nothing }

  let name: String
  var options: [String] = []
  let format: Format
  /// Valid input: one drawing.
  let sample: [UInt8]
  /// Whether it says something at the end of any input, as a summary does.
  var summarises = false
  /// Whether it says times, which are never the same.
  var isTimed: Bool { name == "streams-bench" }
  /// How it ends without any input: 65 where it must have some.
  var emptyStatus: Int32 = 0
  /// Whether a line that is no object is read as a line of text.
  var readsText: Bool { name == "expr-eval" }

  var path: String { "\(root)/bin/\(name)" }
  var arguments: [String] { [path] + options }
  var testDescription: String { ([name] + options).joined(separator: " ") + " (\(format))" }

  /// A tool that reads the output of a pipeline.
  init(
    _ name: String, _ options: [String] = [], _ format: Format, from pipeline: String,
    summarises: Bool = false, emptyStatus: Int32 = 0
  ) {
    self.name = name
    self.options = options
    self.format = format
    self.summarises = summarises
    self.emptyStatus = emptyStatus
    sample = bash(pipeline).output
  }

  /// The table: a tool added here is tested for all that HABITS.md asks.
  ///
  /// Those of devices are in it where OpenCL has one (`DeviceToolTests` says so where it has not).
  static let all = everywhere + (Requirement.opencl.isMet ? onDevices : [])

  /// The tools that compute on a device of OpenCL.
  static let onDevices: [ToolUnderTest] = [
    ToolUnderTest(
      "conv2d-gpu", ["--weight", "\(root)/testdata/npy/conv-weight.npy"], .npy,
      from: "cat testdata/npy/conv-x.npy"),
    ToolUnderTest(
      "conv2d-gpu",
      [
        "--weight", "\(root)/testdata/npy/conv-weight.npy",
        "--backward", "\(root)/testdata/npy/conv-grad.npy", "--method", "direct",
      ], .npy, from: "cat testdata/npy/conv-x.npy"),
    ToolUnderTest(
      "conv-bench-gpu", ["--runs", "0", "--implementations", "direct,gemm"], .ndjson,
      from: "conv-bench --list --op conv2d --n 1 --c 2 --h 5 --w 6 --k 3 --r 3 --s 3 --padding 1"),
  ]

  /// Whether it computes on a device.
  var isOnDevice: Bool { name.hasSuffix("-gpu") }

  /// The tools that need nothing but a processor.
  private static let everywhere: [ToolUnderTest] = [
    ToolUnderTest("segment", .ndjson, from: "cat \(ink)"),
    ToolUnderTest("segment", ["--method", "projection"], .ndjson, from: "cat \(ink)"),
    ToolUnderTest("strokes2png", .ndjson, from: "cat \(ink)"),
    ToolUnderTest("strokes2png", ["--each-group"], .ndjson, from: "segment \(ink)"),
    ToolUnderTest("center28", .png, from: "segment \(ink) | strokes2png --each-group"),
    ToolUnderTest(
      "lenet-infer", .npy, from: "segment \(ink) | strokes2png --each-group | center28"),
    ToolUnderTest(
      "expr-eval", .ndjson,
      from: "segment \(ink) | strokes2png --each-group | center28 | lenet-infer"),
    ToolUnderTest("expr-eval", .text, from: "echo '4+4='"),
    ToolUnderTest(
      "lenet-train",
      [
        "--model", "/dev/null", "--architecture", "conv 3x3x4 same, relu, pool 2, fc 16, relu",
        "--epochs", "1", "--epoch-samples", "16", "--batch", "16", "--warmup", "1", "--interval",
        "1",
      ], .ndjson, from: #"echo '{"label":"1","writer":"a","strokes":[[[0,0],[1,9]]]}'"#,
      summarises: true, emptyStatus: 65),
    ToolUnderTest(
      "calc-score", ["--truth", "testdata/ink/drawings.ndjson"], .ndjson,
      from: "pipelines/mnist-calc \(ink)", summarises: true),
    ToolUnderTest(
      "calc-score", ["--fit-geometry"], .ndjson, from: "head -1 testdata/ink/drawings.ndjson",
      summarises: true),
    ToolUnderTest(
      "calc-score", ["--fit", "--truth", "testdata/ink/drawings.ndjson"], .ndjson,
      from:
        "segment \(ink) | strokes2png --each-group | center28 | lenet-infer | expr-eval --explain --reject 0 --best 20",
      summarises: true, emptyStatus: 65),
    ToolUnderTest(
      "simink", ["--hold-out", "0", "--drawings", "2"], .ndjson,
      from: "head -1 testdata/ink/drawings.ndjson", summarises: true, emptyStatus: 65),
    // Without times, its results are the same each time.
    ToolUnderTest(
      "conv-bench", ["--runs", "0"], .ndjson,
      from: "conv-bench --list --op conv2d --n 1 --c 2 --h 5 --w 6 --k 3 --r 3 --s 3 --padding 1"),
    ToolUnderTest(
      "conv2d", ["--weight", "\(root)/testdata/npy/conv-weight.npy"], .npy,
      from: "cat testdata/npy/conv-x.npy"),
    ToolUnderTest(
      "conv2d",
      [
        "--weight", "\(root)/testdata/npy/conv-weight.npy",
        "--backward", "\(root)/testdata/npy/conv-grad.npy", "--method", "direct",
      ], .npy, from: "cat testdata/npy/conv-x.npy"),
    // What goes out by day must first be in whole.
    ToolUnderTest("bars", ["--adjust"], .csv, from: "cat \(bars)", summarises: true),
    ToolUnderTest(
      "bars", .ndjson,
      from: #"echo '{"instrument":"A","date":"2020-01-02","open":1,"high":2,"low":1,"close":2,"#
        + #""volume":100}'"#, summarises: true),
    ToolUnderTest(
      "bars", ["--benchmark", "IDX"], .npy,
      from: "bars --from 2020-01-06 --to 2020-01-06 \(bars)", summarises: true),
    ToolUnderTest("alpha158", .npy, from: day),
    ToolUnderTest("alpha158", ["--no-label", "--all-rows", "--threads", "2"], .npy, from: day),
    ToolUnderTest(
      "alpha158", .ndjson,
      from: """
        printf '%s%s\\n' '{"instrument":"A","date":"2020-01-02","open":10,"high":11,"low":9,' \
          '"close":10.5,"volume":1000,"vwap":10.2}'
        """, summarises: true),
    ToolUnderTest(
      "robust-zscore", ["apply", "--params", "testdata/market/zscore.safetensors"], .npy,
      from: factors),
    ToolUnderTest(
      "robust-zscore", ["fit", "--params", "/dev/null", "--fields", "KMID,MA5"], .npy,
      from: factors, summarises: true,
      emptyStatus: 65),
    ToolUnderTest("fillna", .npy, from: factors),
    ToolUnderTest("dropna", .npy, from: factors),
    ToolUnderTest("cs-rank", ["--fields", "KMID,LABEL0"], .npy, from: factors),
    ToolUnderTest("shard", ["--shards", "2", "--only", "1"], .npy, from: factors),
    ToolUnderTest("shard", ["--shards", "1", "--only", "1"], .ndjson, from: "cat \(ink)"),
    ToolUnderTest("merge-days", [], .npy, from: factors, emptyStatus: 65),
    ToolUnderTest("describe", ["--partial"], .npy, from: factors, summarises: true),
    ToolUnderTest(
      "describe", ["--merge"], .ndjson, from: "\(factors) | describe --partial",
      summarises: true, emptyStatus: 65),
    ToolUnderTest(
      "robust-zscore", ["fit", "--partial"], .npy, from: factors, summarises: true),
    ToolUnderTest(
      "calc-score", ["--sum"], .ndjson,
      from: """
        pipelines/mnist-calc \(ink) |
          calc-score --partial --truth testdata/ink/drawings.ndjson
        """, summarises: true, emptyStatus: 65),
    ToolUnderTest(
      "cnn1d-train",
      [
        "--model", "/dev/null", "--train", ":2015-01-01", "--valid", "2015-01-02:", "--arch",
        "linear", "--max-steps",
        "1", "--label", "KMID", "--fields", "ROC5,MA5",
      ], .npy, from: "\(twoDays) | fillna", summarises: true, emptyStatus: 65),
    ToolUnderTest(
      "cnn1d-infer", ["--model", "\(root)/testdata/market/scores.safetensors"], .npy,
      from: factors),
    ToolUnderTest(
      "risk-report", .ndjson, from: "gzip -dc testdata/risk/ledger.ndjson.gz | head -1",
      summarises: true),
    ToolUnderTest("table", .npy, from: day),
    ToolUnderTest(
      "table", ["--to", "arrow"], .npy, from: day, summarises: true, emptyStatus: 65),
    ToolUnderTest(
      "table", ["--to", "npy"], .ndjson,
      from: #"echo '{"instrument":"A","date":"2020-01-02","close":1.5}'"#,
      summarises: true),
    ToolUnderTest("table", ["--to", "ndjson"], .csv, from: "cat \(bars)"),
    ToolUnderTest("describe", ["--label", "LABEL0"], .npy, from: factors, summarises: true),
    ToolUnderTest("signal-eval", ["--score", "KMID"], .npy, from: factors),
    ToolUnderTest("signal-eval", .ndjson, from: score, summarises: true),
    ToolUnderTest(
      "topk-backtest",
      [
        "--bars", "testdata/portfolio/bars.npy", "--benchmark", "INDEX", "--topk", "1", "--n-drop",
        "1", "--score", "KMID",
      ], .npy,
      from: "alpha158 --no-label --fields KMID --from 2015-01-02 --to 2015-01-02 "
        + "testdata/portfolio/bars.npy", summarises: true),
    ToolUnderTest(
      "topk-backtest",
      [
        "--bars", "testdata/portfolio/bars.npy", "--benchmark", "INDEX", "--topk", "1", "--n-drop",
        "0",
      ], .ndjson,
      from: score, summarises: true),
    ToolUnderTest(
      "simbars", ["--days", "2", "--instruments", "3"], .nothing, from: "true", summarises: true),
    ToolUnderTest(
      "streams-bench", ["--records", "10", "--runs", "1"], .nothing, from: "true",
      summarises: true),
  ]

  init(_ name: String, _ format: Format, from pipeline: String, summarises: Bool = false) {
    self.init(name, [], format, from: pipeline, summarises: summarises)
  }

  /// What is no tool of streams, with the reason: the table cannot have it.
  static let others = ["ink-pad": "it serves a page until it is told to end: PadServerTests"]

  /// All that make builds, whatever it reads.
  static let executables = listOfMake("TOOLS").map { ToolUnderTest($0, .text, from: "true") }

  private static let bars = "testdata/market/bars.csv"
  private static let day = "simbars --days 1 --instruments 3"
  private static let factors = "\(day) | alpha158 --fields KMID,ROC5,MA5"
  private static let twoDays =
    "simbars --days 2 --instruments 3 | alpha158 --fields KMID,ROC5,MA5"
  private static let score =
    #"echo '{"instrument":"SIM0002","date":"2015-01-02","score":0.5,"LABEL0":0.01}'"#
  private static let ink = "testdata/ink/four-plus-four.ndjson"

  /// Its name and, of a group of tools, the word that says which.
  var command: [String] { [name] + options.prefix { !$0.hasPrefix("-") } }

  /// The options with a value and what that is, as the help of the tool, or of what its first word
  /// names, shows them: `--output`, `file`.
  var valueOptions: [(name: String, value: String)] {
    let help = String(
      decoding: run([path] + command.dropFirst() + ["--help"]).output, as: UTF8.self)
    let found = help.matches(of: #/(--[a-z0-9-]+) <([^>]*)>/#).map { (String($0.1), String($0.2)) }
    return Dictionary(found) { first, _ in first }.sorted { $0.key < $1.key }.map { ($0, $1) }
  }

  /// What the tool says of its sample.
  func expected() throws -> [UInt8] {
    let outcome = run(arguments, sample)
    try #require(outcome.ending == .exit(0), "\(name): \(outcome.ending) \(outcome.errors)")
    return outcome.output
  }
}

/// Checks that a tool refused its input: exit status, one line that names the tool, no crash.
func expectRefusal(
  _ outcome: Outcome, by tool: ToolUnderTest, _ status: Int32, output: [UInt8] = [],
  naming place: String = "", location: SourceLocation = #_sourceLocation
) {
  #expect(outcome.ending == .exit(status), "\(outcome.errors)", sourceLocation: location)
  #expect(outcome.errorLines.count == 1, "\(outcome.errors)", sourceLocation: location)
  #expect(outcome.errors.hasSuffix("\n"), "\(outcome.errors)", sourceLocation: location)
  #expect(
    outcome.errors.hasPrefix("\(tool.name): ")
      && (place.isEmpty || outcome.errors.contains(place)),
    "expected '\(tool.name): …\(place)…', got '\(outcome.errors)'", sourceLocation: location)
  let whole = tool.summarises ? [] : output
  #expect(outcome.output == whole, "partial output", sourceLocation: location)
}
