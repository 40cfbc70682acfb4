import TestFolders
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// An example in the documentation: a command that must run as it stands.
struct Example: CustomTestStringConvertible {
  /// The diagnostics that no example is to have.
  ///
  /// simbars delists instruments, and topk-backtest says where that ends all trading; an export of a
  /// vendor has columns that nobody needs.
  static func unexpected(_ lines: [Substring]) -> [Substring] {
    lines.filter {
      !$0.hasPrefix("topk-backtest: nothing can be sold") && !$0.contains(".csv:1: not used: ")
    }
  }

  let place: String
  let command: String
  /// What it prints, where the page shows that in a block called `output`.
  var output: String?
  var testDescription: String { "\(place): \(command)" }

  /// What it needs: words of the command, with what brings them along.
  private static let needs: [(word: String, requirement: Requirement)] = [
    ("jq ", .jq), ("conv2d-gpu ", .opencl), ("conv-bench-gpu ", .opencl),
  ]

  /// What is missing, or would be missed first; nil where nothing beside the project is needed.
  var requirement: Requirement? {
    let needed = Self.needs.filter { command.contains($0.word) }.map(\.requirement)
    return needed.first { !$0.isMet } ?? needed.first
  }

  /// All examples but those that fetch and build the project, which `Scripts/bare-machine` runs.
  private static let all = (ofHelp + ofPages).filter {
    !$0.command.contains("make ") && !$0.command.contains("git clone ")
  }

  /// Those that need nothing that a machine may lack.
  static let plain = all.filter { $0.requirement == nil }

  /// Those that need it.
  static func needing(_ requirement: Requirement) -> [Example] {
    all.filter { $0.requirement == requirement }
  }

  /// What stands under EXAMPLES in the help of each tool, a command each.
  static let ofHelp: [Example] = listOfMake("TOOLS").flatMap { tool in
    let help = run(["\(root)/bin/\(tool)", "--help"]).output
    let lines = String(decoding: help, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false)
      .drop { !$0.hasPrefix("EXAMPLES") }.dropFirst().prefix { $0.hasPrefix("  ") }
    return joined(lines).map { Example(place: "\(tool) --help", command: $0) }
  }

  /// What stands in the README and in docs/ between ```sh and ```, a command a line.
  static let ofPages: [Example] = Page.all.flatMap { page in
    var examples: [Example] = []
    for block in page.blocks {
      switch block.language {
      case "sh":
        examples += joined(block.lines).map { Example(place: page.name, command: $0) }
      case "output":
        guard let last = examples.indices.last else { continue }
        examples[last].output = block.lines.map { "\($0)\n" }.joined()
      default: continue
      }
    }
    return examples
  }

  /// Lines that end in `\` or `|` go on in the next.
  private static func joined(_ lines: some Sequence<Substring>) -> [String] {
    var commands: [String] = []
    var goesOn = false
    for line in lines {
      if goesOn {
        commands[commands.count - 1] += "\n\(line)"
      } else {
        commands.append(String(line))
      }
      goesOn = line.hasSuffix("\\") || line.hasSuffix("|")
    }
    return commands
  }
}

@Suite struct ExampleTests {
  @Test("examples of --help, the README and docs/ run as they stand", arguments: Example.plain)
  func plain(_ example: Example) throws { try check(example) }

  @Test(
    "examples with jq",
    .enabled(
      if: Requirement.jq.isMet,
      "\(Requirement.jq.reason(cases: Example.needing(.jq).count))"),
    arguments: Example.needing(.jq))
  func jq(_ example: Example) throws { try check(example) }

  @Test(
    "examples on a device",
    .enabled(
      if: Requirement.opencl.isMet,
      "\(Requirement.opencl.reason(cases: Example.needing(.opencl).count))"),
    arguments: Example.needing(.opencl))
  func opencl(_ example: Example) throws { try check(example) }

  @Test("every tool has two examples")
  func count() {
    for tool in ToolUnderTest.executables {
      let examples = Example.ofHelp.filter { $0.place == "\(tool.name) --help" }
      #expect(examples.count >= 2, "\(tool.name)")
    }
  }

  /// Runs it in a folder that has what stands in the project's.
  private func check(_ example: Example) throws {
    try withFolder { folder in
      let parts = ["testdata", "pipelines", "models", "bin"]
      for part in parts {
        symlink("\(root)/\(part)", "\(folder)/\(part)")
      }
      let outcome = bash("set -eo pipefail\n\(example.command)", folder: folder)
      #expect(outcome.ending == .exit(0), "\(outcome.errors)")
      #expect(Example.unexpected(outcome.errorLines).isEmpty)
      let wrote = names(folder).contains { !parts.contains($0) }
      #expect(!outcome.output.isEmpty || wrote, "it said nothing")
      if let expected = example.output {
        #expect(String(decoding: outcome.output, as: UTF8.self) == expected)
      }
    }
  }
}
