import TestFolders
import Testing

/// What `make man` and `make install` put in place.
@Suite struct InstallTests {
  private static let tools = listOfMake("TOOLS")
  private static let pipelines = listOfMake("PIPELINES")
  private static let sections = [
    "NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXAMPLES", "EXIT STATUS", "SEE ALSO", "CAVEATS",
  ]

  /// Installs everything under a prefix that is gone afterwards.
  private func withPrefix(_ body: (String) throws -> Void) throws {
    try withFolder { folder in
      let prefix = "\(folder)/opt/convoy"
      let lists = [Self.tools, Self.pipelines].map { $0.joined(separator: " ") }
      let installed = run(["\(root)/Scripts/install-tools", prefix] + lists)
      try #require(installed.ending == .exit(0), "\(installed.errors)")
      try body(prefix)
    }
  }

  @Test("an installed calculator runs from its new place, with manual pages and completions")
  func install() throws {
    try withPrefix { prefix in
      let outcome = run(
        ["\(prefix)/bin/mnist-calc", "\(root)/testdata/ink/four-plus-four.ndjson"],
        environment: ["PATH=/usr/bin:/bin"], folder: prefix)
      let answer = String(decoding: outcome.output, as: UTF8.self)
      #expect(answer.hasPrefix(#"{"id":"four-plus-four","text":"4+4=8","#), "\(outcome.errors)")
      let whole = text("\(prefix)/share/man/man7/convoy.7") ?? ""
      for name in Self.tools + Self.pipelines {
        let page = text("\(prefix)/share/man/man1/\(name).1") ?? ""
        let isPipeline = Self.pipelines.contains(name)
        let expected =
          isPipeline ? ["NAME", "SYNOPSIS", "DESCRIPTION", "EXIT STATUS"] : Self.sections
        for section in expected {
          #expect(page.contains(".Sh \(section)\n"), "\(name).1 lacks \(section)")
        }
        #expect(page.contains(".Xr convoy 7\n"), "\(name).1")
        #expect(whole.contains(".It Xr \(name) 1\n"), "convoy.7 lacks \(name)")
        for completion in [
          "bash-completion/completions/\(name)", "zsh/site-functions/_\(name)",
          "fish/vendor_completions.d/\(name).fish",
        ] {
          let script = text("\(prefix)/share/\(completion)") ?? ""
          #expect(script.contains("help") && script.contains(name), "\(completion)")
        }
        let hasSubcommands = name == "robust-zscore"
        #expect(page.contains(".Sh SUBCOMMANDS\n.Ss \(name) ") == hasSubcommands, "\(name).1")
      }
    }
  }

  @Test("the examples of --help run in share/convoy of an installed prefix")
  func examples() throws { try check(Example.ofHelp.filter { $0.requirement == nil }) }

  @Test(
    "the examples of --help with jq run there too",
    .enabled(if: Requirement.jq.isMet, "\(Requirement.jq)"))
  func examplesWithPrograms() throws { try check(Example.ofHelp.filter { $0.requirement != nil }) }

  private func check(_ examples: [Example]) throws {
    try withPrefix { prefix in
      for example in examples {
        let outcome = run(
          ["/bin/bash", "-c", "set -eo pipefail\n\(example.command)"],
          environment: ["PATH=\(prefix)/bin:/usr/bin:/bin"], folder: "\(prefix)/share/convoy",
          timeout: 120)
        #expect(
          outcome.ending == .exit(0) && Example.unexpected(outcome.errorLines).isEmpty,
          "\(example): \(outcome.errors)")
      }
    }
  }
}
