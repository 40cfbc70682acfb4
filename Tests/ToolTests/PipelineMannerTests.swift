import TestFolders
import Testing

/// What every script of `pipelines` keeps to.
@Suite struct PipelineMannerTests {
  static let pipelines = names("\(root)/pipelines").filter { !$0.hasPrefix(".") }

  /// What `make install` installs, as the Makefile lists it.
  static let installed = listOfMake("PIPELINES")

  @Test("what is installed is there; only the bench, which needs the clone's samples, is not")
  func list() {
    #expect(Self.pipelines.filter { !Self.installed.contains($0) } == ["bench"])
    #expect(Self.installed.allSatisfy(Self.pipelines.contains))
  }

  @Test("at most 60 lines, and JSON is left to the tools", arguments: pipelines)
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
}
