import TestFolders
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What every script of `pipelines` keeps to.
@Suite struct PipelineMannerTests {
  static let pipelines = files.filter { access("\(root)/pipelines/\($0)", X_OK) == 0 }
  /// Those, and the parts that they share, which are no commands.
  private static let files = names("\(root)/pipelines").filter { !$0.hasPrefix(".") }

  /// What `make install` installs, as the Makefile lists it.
  static let installed = listOfMake("PIPELINES")

  @Test("what is installed is there; only the bench, which needs the clone's samples, is not")
  func list() {
    #expect(Self.pipelines.filter { !Self.installed.contains($0) } == ["bench"])
    #expect(Self.installed.allSatisfy(Self.pipelines.contains))
  }

  @Test("at most 60 lines, and JSON is left to the tools", arguments: files)
  func shape(_ pipeline: String) throws {
    let lines = try #require(text("\(root)/pipelines/\(pipeline)"))
      .split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count - 1 <= 60)
    for (number, line) in lines.enumerated() {
      #expect(line.unicodeScalars.count <= 120, "line \(number + 1)")
      let words = line.split { !$0.isLetter && $0 != "_" }
      let picks = words.contains { ["sed", "awk", "grep", "cut", "jq", "tr"].contains($0) }
      // The help is the head of the script; the bench's summary is of plain numbers.
      let isHelp = line.hasPrefix("  -h | --help) sed ") || line.hasPrefix("    -h | --help) sed ")
      let isSummary = pipeline == "bench" && line.hasPrefix("summary() { sort -n | awk ")
      #expect(!picks || isHelp || isSummary || line.hasPrefix("#"), "line \(number + 1): \(line)")
    }
  }

  @Test(
    "--help and --version, by a link, from any folder, whatever CDPATH says", arguments: pipelines)
  func answers(_ pipeline: String) throws {
    try withFolder { folder in
      let outcome = bash(
        """
        ln -s '\(root)/pipelines/\(pipeline)' link; mkdir pipelines
        export CDPATH=.:/tmp
        ./link --help; ./link -h | cmp - <(./link --help); ./link --version
        cd '\(root)'; pipelines/\(pipeline) --version
        """, folder: folder)
      #expect(outcome.ending == .exit(0) && outcome.errors.isEmpty, "\(outcome.errors)")
      let lines = String(decoding: outcome.output, as: UTF8.self).split(separator: "\n")
      #expect(lines.first?.hasPrefix("\(pipeline): ") ?? false, "\(lines)")
      #expect(lines.contains { $0.hasPrefix("  \(pipeline)") }, "no synopsis")
      #expect(lines.suffix(2).allSatisfy { $0.hasPrefix("convoy ") }, "\(lines.suffix(2))")
      #expect(names(folder) == ["link", "pipelines"])
    }
  }

  /// Each pipeline's names in the list that they all read.
  private static let variables = String(
    decoding: bash(
      """
      set -e; . pipelines/variables none 2> /dev/null
      for pipeline in \(pipelines.joined(separator: " ")); do
        names=(); . pipelines/variables $pipeline; echo "$pipeline ${names[*]}"
      done
      """
    ).output, as: UTF8.self)

  @Test("what is read from outside begins with CONVOY_, and is on the list", arguments: pipelines)
  func outside(_ pipeline: String) throws {
    let line = try #require(
      Self.variables.split(separator: "\n").first { $0.hasPrefix("\(pipeline) ") })
    let listed = Set(line.split(separator: " ").dropFirst().map(String.init))
    let script = try #require(text("\(root)/pipelines/\(pipeline)"))
    var read: Set<String> = []
    for match in script.matches(of: #/\$\{?([A-Z][A-Z_]+)/#) { read.insert(String(match.1)) }
    let strange = read.filter { !$0.hasPrefix("CONVOY_") }
      .subtracting(["PATH", "EPOCHREALTIME", "NR"])
    #expect(strange.isEmpty)
    let parts = read.filter { $0.hasPrefix("CONVOY_") }.map { String($0.dropFirst(7)) }
    #expect(Set(parts).subtracting(["DATA"]).isSubset(of: listed), "\(parts)")
  }

  @Test("the old names are read with a line; new ones rule, and others' variables do nothing")
  func oldNames() {
    let market = "--instruments 3 --days 2"
    for (variables, lines) in [
      ("CONVOY_SIMBARS='\(market)'", 0), ("SIMBARS='\(market)'", 1),
      ("SIMBARS='--days x' CONVOY_SIMBARS='\(market)'", 0),
      ("MODEL=x ARCH=y TEXT=z CONVOY_SIMBARS='\(market)'", 0),
    ] {
      let outcome = bash("\(variables) pipelines/desk-bars | cmp - <(simbars \(market))")
      #expect(outcome.ending == .exit(0) && outcome.output.isEmpty, "\(outcome)")
      #expect(outcome.errorLines.count == lines, "\(outcome.errors)")
    }
    // A pipeline of pipelines says it once.
    let outcome = bash(
      "SIMBARS='--instruments 3 --days 2' TRAIN='2010-01-01 2010-02-01' pipelines/qlib-cnn /dev/null/x"
    )
    #expect(
      outcome.errorLines.contains {
        $0.hasPrefix("qlib-cnn: ") && $0.hasSuffix("CONVOY_SIMBARS and so on: SIMBARS TRAIN")
      }, "\(outcome.errors)")
  }

  @Test("given to make they go without, and no pipeline hears of the old name")
  func make() {
    let rule =
      "include Makefile\nshow:\n\t@env | sort | grep -E '^(CONVOY_)?(TOPK|MARKET)=' || true\n"
    let outcome = bash(
      "printf \(quoted(rule)) | make -f - --no-print-directory show TOPK=7 MARKET='a b'")
    #expect(outcome.output == Array("CONVOY_MARKET=a b\nCONVOY_TOPK=7\n".utf8), "\(outcome)")
  }

  private func quoted(_ text: String) -> String { "'\(text.replacing("'", with: "'\\''"))'" }
}
