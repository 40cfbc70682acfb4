import TestFolders
import Testing

/// What tools and pipelines say under `--help`.
struct Help: CustomTestStringConvertible {
  let command: [String]
  var testDescription: String { command.joined(separator: " ") }

  /// Its lines.
  var lines: [Substring] {
    let help = run(["\(root)/\(command[0])"] + command.dropFirst() + ["--help"]).output
    return String(decoding: help, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
  }

  static let all: [Help] =
    listOfMake("TOOLS").map { Help(command: ["bin/\($0)"]) }
    + ["fit", "apply"].map { Help(command: ["bin/robust-zscore", $0]) }
    + PipelineMannerTests.pipelines.map { Help(command: ["pipelines/\($0)"]) }
}

@Suite struct HelpTests {
  @Test("no line is over 100 columns, and prose is filled to 80", arguments: Help.all)
  func width(_ help: Help) {
    for line in help.lines {
      #expect(line.count <= 100)
      // Pipelines are written for 100 columns, and fold nothing.
      let isForm =
        line.hasPrefix(" ") || line.hasPrefix("OVERVIEW") || help.command[0].hasPrefix("pipelines/")
      #expect(line.count <= 80 || isForm, "\(line)")
    }
  }

  @Test("no word stands alone in the middle of a paragraph", arguments: Help.all)
  func filled(_ help: Help) {
    let lines = help.lines
    for (line, next) in zip(lines, lines.dropFirst()) where !next.isEmpty && !line.hasPrefix(" ") {
      let isHeading = line.allSatisfy { $0.isUppercase || $0 == ":" }
      #expect(isHeading || line.contains(" "), "\(line)")
    }
  }

  @Test("what stands under CAVEATS is indented", arguments: Help.all)
  func caveats(_ help: Help) {
    let lines = help.lines.drop { $0 != "CAVEATS" }.dropFirst().prefix { !$0.isEmpty }
    #expect(lines.allSatisfy { $0.hasPrefix("  ") })
  }
}
