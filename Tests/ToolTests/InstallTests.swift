import TestFolders
import Testing

/// What `make man` and `make install` put in place.
@Suite struct InstallTests {
  private static let tools = names("\(root)/bin").filter { !$0.hasPrefix(".") }

  @Test("an installed calculator runs from its new place, with manual pages and completions")
  func install() throws {
    try withFolder { folder in
      let list = Self.tools.joined(separator: " ")
      let prefix = "\(folder)/opt/convoy"
      let installed = run(["\(root)/Scripts/install-tools", prefix, list, "mnist-calc"])
      try #require(installed.ending == .exit(0), "\(installed.errors)")
      let outcome = run(
        ["\(prefix)/bin/mnist-calc", "\(root)/testdata/ink/four-plus-four.ndjson"],
        environment: ["PATH=/usr/bin:/bin"], folder: folder)
      let answer = String(decoding: outcome.output, as: UTF8.self)
      #expect(answer.hasPrefix(#"{"id":"four-plus-four","text":"4+4=8","#), "\(outcome.errors)")
      for tool in Self.tools {
        let page = text("\(prefix)/share/man/man1/\(tool).1") ?? ""
        for section in [
          "NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXAMPLES", "EXIT STATUS", "SEE ALSO",
          "CAVEATS",
        ] {
          #expect(page.contains(".Sh \(section)\n"), "\(tool).1 lacks \(section)")
        }
        let hasSubcommands = tool == "robust-zscore"
        #expect(page.contains(".Sh SUBCOMMANDS\n.Ss \(tool) ") == hasSubcommands, "\(tool).1")
        let completion = text("\(prefix)/share/bash-completion/completions/\(tool)") ?? ""
        #expect(completion.contains("--help"), "no completion for \(tool)")
      }
    }
  }
}
