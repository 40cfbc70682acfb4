import TestFolders

extension FaultyWork {
  /// Every tool at its work: those of the table from input to output and from file to file, and whatever
  /// else they write or read.
  static let all: [FaultyWork] = table + besides

  /// But for those of devices, whose driver makes calls of its own.
  private static let table = ToolUnderTest.all.filter { !$0.isOnDevice }.flatMap { tool in
    // Debug builds do not lie beside the models.
    let options =
      tool.options + (tool.name == "lenet-infer" ? ["--model", "models/lenet.safetensors"] : [])
    return [
      FaultyWork(tool.name, options, tool.sample, isTimed: tool.isTimed),
      FaultyWork(
        tool.name, options + ["--output", "@/out"] + (tool.format == .nothing ? [] : ["@/in"]),
        files: ["in": tool.sample, "out": old], isTimed: tool.isTimed),
    ]
  }

  private static let besides = [
    FaultyWork("simbars", ["--days", "20", "--instruments", "3"]),
    FaultyWork("segment", [], output(of: "gzip -c \(drawings)")),
    FaultyWork("segment", ["@/in"], files: ["in": output(of: "cat testdata/ink/sum.inkml")]),
    FaultyWork(
      "lenet-train",
      [
        "--quiet", "--model", "@/model", "--checkpoint", "@/checkpoint", "--architecture",
        "fc 4, relu", "--batch", "1", "--epochs", "1", "--hold-out", "7",
      ], output(of: "head -3 \(drawings)"), files: ["model": old]),
    FaultyWork(
      "cnn1d-train",
      [
        "--quiet", "--model", "@/model", "--checkpoint", "@/checkpoint", "--train", ":2015-01-12",
        "--valid", "2015-01-13:", "--arch", "linear", "--max-steps", "4", "--evaluate-every", "1",
        "--label", "KMID", "--fields", "ROC5,MA5",
      ],
      output(
        of: "simbars --days 12 --instruments 4 | alpha158 --fields KMID,ROC5,MA5 | fillna"),
      files: ["model": old]),
    FaultyWork(
      "cnn1d-infer",
      ["--model", "testdata/market/scores.safetensors", "--state", "@/state", "--ndjson"],
      factors),
    FaultyWork(
      "alpha158", ["--state", "@/state", "--no-label", "--fields", "KMID,ROC5"],
      output(of: "simbars --days 12 --instruments 3")),
    FaultyWork(
      "robust-zscore", ["fit", "--params", "@/parameters", "--fields", "KMID,MA5"], factors,
      files: ["parameters": old]),
    // Rows that find no room in memory lie in a temporary file.
    FaultyWork("describe", ["--memory", "1K"], factors),
    FaultyWork(
      "topk-backtest",
      [
        "--bars", "testdata/portfolio/bars.npy", "--benchmark", "INDEX", "--topk", "1", "--n-drop",
        "1", "--score", "KMID", "--state", "@/state", "--orders", "@/orders", "--positions",
      ], output(of: "alpha158 --no-label --fields KMID testdata/portfolio/bars.npy"),
      files: ["orders": old]),
    FaultyWork(
      "signal-eval", ["--score", "KMID", "--bars", "testdata/portfolio/bars.npy"],
      output(of: "alpha158 --no-label --fields KMID testdata/portfolio/bars.npy")),
    FaultyWork(
      "risk-report", ["--html", "@/page", "--no-table"],
      output(of: "gzip -dc testdata/risk/ledger.ndjson.gz | head -20"), files: ["page": old]),
    FaultyWork(
      "bars", ["--adjust", "--write-provider", "@/folder"],
      output(of: "cat testdata/market/bars.csv")),
    FaultyWork(
      "bars", ["--provider", "@"],
      files: provider(of: "bars --adjust --write-provider folder testdata/market/bars.csv")),
  ]

  /// What stands in a file before.
  private static let old: [UInt8] = [1, 2, 3]
  private static let drawings = "testdata/ink/drawings.ndjson"
  private static let factors = output(
    of: "simbars --days 3 --instruments 3 | alpha158 --fields KMID,ROC5,MA5")

  private static func output(of pipeline: String) -> [UInt8] { bash(pipeline).output }

  /// The files of a qlib data folder.
  private static func provider(of command: String) -> [String: [UInt8]] {
    let files = try? withFolder { place in
      let words = command.replacing(" folder ", with: " '\(place)/folder' ")
      return bash(words).ending == .exit(0) ? tree("\(place)/folder") : [:]
    }
    return files ?? [:]
  }

  private init(
    _ tool: String, _ words: [String], _ input: [UInt8] = [], files: [String: [UInt8]] = [:],
    isTimed: Bool = false
  ) {
    (self.tool, self.words, self.input) = (tool, words, input)
    (self.files, self.isTimed) = (files, isTimed)
  }
}
