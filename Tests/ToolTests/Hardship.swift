import TestFolders
import Testing

/// A row of the table of what every tool must survive.
///
/// A test of one takes its tools from `ToolUnderTest.facing`: all of them, but those to which it cannot happen.
enum Hardship: String, CaseIterable, Sendable {
  case emptyInput, closedInput, missingInput, slowInput, damagedGzip
  case badLines, cutLines, lineEnds, longLines, extraKeys
  case wrongHeaders, hugeHeaders, cutArrays, noise
  case extremeNumbers
  case readerGone, muchOutput, unwritableOutput, outputFile, killed
  case wrongOptions, sideFiles
  case surroundings, threads, lessHistory

  /// Why it cannot happen to a tool; nil where it can.
  func exemption(of tool: ToolUnderTest) -> String? {
    let isBinary = tool.format == .npy || tool.format == .png
    let readsNothing = tool.format == .nothing ? "it reads nothing" : nil
    switch self {
    case .emptyInput, .closedInput, .missingInput, .slowInput, .damagedGzip: return readsNothing
    case .badLines, .cutLines, .lineEnds, .longLines:
      return readsNothing ?? (isBinary ? "it reads no lines" : nil)
    case .extraKeys:
      if tool.options == ["--merge"] { return "its lines have a hash" }
      return tool.format == .ndjson ? nil : "it reads no keys"
    case .wrongHeaders, .cutArrays, .noise:
      return isBinary ? nil : "it reads no arrays and no pictures"
    case .hugeHeaders: return tool.format == .npy ? nil : "it reads no arrays"
    case .extremeNumbers:
      return readsNothing ?? (tool.format == .png ? "pixels have no other ends than 0, 255" : nil)
    case .muchOutput:
      if tool.summarises { return "what it says comes at the end" }
      if tool.format == .csv { return "its header is there once" }
      if tool.isOfDays { return "its days ascend: an input cannot be repeated" }
      return readsNothing
        ?? (tool.options.contains("--backward") ? "it goes in step with another file" : nil)
    case .killed:
      return tool.format == .nothing ? "it is done before it can be killed while it waits" : nil
    case .sideFiles: return tool.sideFile == nil ? "it reads no file beside its input" : nil
    case .surroundings where tool.isOnDevice: return "its driver looks for a linker on the PATH"
    case .surroundings, .outputFile: return tool.isTimed ? "it says times" : nil
    case .threads:
      if tool.name == "conv-bench" { return "its records say with how many threads" }
      return tool.valueOptions.contains { $0.name == "--threads" } ? nil : "it has no --threads"
    case .lessHistory: return tool.longer == nil ? "it keeps nothing of earlier days" : nil
    case .readerGone, .unwritableOutput, .wrongOptions: return nil
    }
  }
}

extension ToolUnderTest {
  /// The tools to which something can happen.
  static func facing(_ hardship: Hardship) -> [ToolUnderTest] {
    all.filter { hardship.exemption(of: $0) == nil }
  }

  /// Whether it reads or writes arrays of days.
  var isOfDays: Bool { format == .npy && !["lenet-infer", "conv2d", "conv2d-gpu"].contains(name) }

  /// The option that names a file which it reads beside its input, with something of another kind for it.
  var sideFile: String? {
    [
      "lenet-infer": "--model", "cnn1d-infer": "--model", "conv2d": "--weight",
      "conv2d-gpu": "--weight", "conv-bench-gpu": "--compare",
      "calc-score": options.contains("--truth") ? "--truth" : nil, "topk-backtest": "--bars",
      "robust-zscore": options.first == "apply" ? "--params" : nil, "lenet-train": "--from",
      "risk-report": "--scores", "conv-bench": "--compare",
      "signal-eval": format == .npy ? "--labels" : nil,
    ][name] ?? nil
  }

  /// A pipeline for so many days of input, where days stand alone or upon earlier ones.
  var longer: ((Int) -> String)? {
    let market = { (days: Int) in "simbars --instruments 3 --days \(days)" }
    let factors = { (days: Int) in "\(market(days)) | alpha158 --no-label --fields KMID,ROC5,MA5" }
    switch name {
    case "fillna", "cnn1d-infer": return factors
    case "robust-zscore" where options.first == "apply": return factors
    case "alpha158" where options.contains("--no-label"): return market
    default: return nil
    }
  }
}

/// The table itself.
@Suite struct HardshipTests {
  @Test("each row has its test, and a tool to which it can happen", arguments: Hardship.allCases)
  func tested(_ hardship: Hardship) {
    let tests = names("\(root)/Tests/ToolTests").compactMap {
      text("\(root)/Tests/ToolTests/\($0)")
    }
    #expect(tests.contains { $0.contains("ToolUnderTest.facing(.\(hardship))") })
    #expect(!ToolUnderTest.facing(hardship).isEmpty)
    guard Samples.isTable else { return }
    for tool in ToolUnderTest.all {
      print("cell \(hardship) \(tool.name) \(hardship.exemption(of: tool) ?? "tested")")
    }
  }
}
