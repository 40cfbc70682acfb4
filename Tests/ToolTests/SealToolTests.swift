import Streams
import TestFolders
import Testing

/// `--seal` and `--sealed` of all tools that have them.
@Suite struct SealToolTests {
  /// The tools whose help has a flag, once for each of their kinds of input.
  private static func tools(with flag: String) -> [ToolUnderTest] {
    ToolUnderTest.all.filter { tool in
      let help = run([tool.path] + tool.command.dropFirst() + ["--help"]).output
      return String(decoding: help, as: UTF8.self).contains("\n  \(flag) ")
    }
  }

  /// Those whose output is npy, with their options: lines that are split are lines, and not sealed.
  private static let writing = tools(with: "--seal").filter {
    ($0.name != "shard" || $0.format == .npy)
      && ($0.name != "table" || $0.options == ["--to", "npy"])
  }
  private static let reading = tools(with: "--sealed").filter { $0.format == .npy }

  /// A stream with a seal.
  private static func sealed(_ stream: [UInt8]) throws -> [UInt8] {
    try withFolder { folder in
      put(stream, "\(folder)/stream")
      let output = try ByteWriter("\(folder)/sealed")
      output.sealArrays()
      try ByteReader(["\(folder)/stream"]).arrays { output.write($0) }
      try output.finish()
      return try #require(contents("\(folder)/sealed"))
    }
  }

  @Test("the tools that write npy have --seal, and those that read it --sealed")
  func complete() {
    #expect(
      Set(Self.writing.map(\.name)).subtracting(["conv2d-gpu"]) == [
        "alpha158", "bars", "center28", "cnn1d-infer", "conv2d", "cs-rank", "dropna", "fillna",
        "merge-days", "robust-zscore", "shard", "simbars", "table",
      ])
    let npy = ToolUnderTest.all.filter { $0.format == .npy }
    #expect(Set(Self.reading.map(\.name)) == Set(npy.map(\.name)))
  }

  @Test("--seal adds a seal, and a tab in the first header", arguments: writing)
  func seal(_ tool: ToolUnderTest) throws {
    let plain = try tool.expected()
    let outcome = run(tool.arguments + ["--seal"], tool.sample)
    #expect(outcome.ending == .exit(0), "\(outcome.errors)")
    #expect(outcome.output == (try Self.sealed(plain)))
  }

  @Test("a seal is checked, is no data, and may be asked for", arguments: reading)
  func sealed(_ tool: ToolUnderTest) throws {
    let (plain, sealed) = (try tool.expected(), try Self.sealed(tool.sample))
    for flag in [[], ["--sealed"]] {
      let outcome = run(tool.arguments + flag, sealed)
      #expect(outcome.ending == .exit(0) && outcome.output == plain, "\(outcome.errors)")
      expectRefusal(flag, Array(sealed.dropLast(192)), "ends without its seal", of: plain)
    }
    expectRefusal(["--sealed"], tool.sample, "stream has no seal", of: plain)

    func expectRefusal(_ flag: [String], _ input: [UInt8], _ rule: String, of plain: [UInt8]) {
      let outcome = run(tool.arguments + flag, input)
      #expect(outcome.ending == .exit(65) && outcome.errorLines.count == 1, "\(outcome.errors)")
      #expect(outcome.errors.contains(rule), "\(outcome.errors)")
      // What came before was whole, and may be out.
      #expect(plain.starts(with: outcome.output))
    }
  }

  @Test("a pipe that is sealed all the way; no seal where no npy is written")
  func pipe() {
    let whole = bash(
      """
      set -o pipefail
      simbars --days 4 --instruments 3 --seal | alpha158 --sealed --seal --fields KMID --no-label |
        fillna --sealed --seal | cs-rank --fields KMID --sealed --seal |
        describe --sealed --fields KMID | grep -c count
      """)
    #expect(whole.ending == .exit(0) && whole.output == Array("1\n".utf8), "\(whole.errors)")
    for words in [
      "bars --list-days --seal", "bars --write-provider x --seal",
      "alpha158 --check-lookahead --seal",
      "cnn1d-infer --model testdata/market/scores.safetensors --ndjson --seal", "segment --seal",
    ] {
      let outcome = bash("\(words) < /dev/null")
      #expect(outcome.ending == .exit(64) && outcome.output.isEmpty, "\(words)")
    }
  }
}
