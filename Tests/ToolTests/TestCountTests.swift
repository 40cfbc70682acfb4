import TestFolders
import Testing

/// What `Scripts/run-tests` counts of the lines that Swift Testing writes.
@Suite struct TestCountTests {
  /// Two tests that pass, one of them with two cases, one that fails, one that is skipped.
  private static let log = [
    "◇ Test run started.",
    "◇ Suite Some started.",
    "◇ Test \"one\" started.",
    "✔ Test \"one\" passed after 0.001 seconds.",
    "◇ Test case passing 1 argument text → \"a\" to many(_:) started.",
    "✔ Test \"many\" with 2 test cases passed after 0.002 seconds.",
    "✘ Test \"bad\" recorded an issue at Some.swift:1:1: Expectation failed: 1 == 2",
    "↳ said where it fails",
    "✘ Test \"bad\" failed after 0.003 seconds with 1 issue.",
    "➜ Test \"browser\" skipped: \"no chromium: make test-tools (3 cases)\"",
    "✔ Suite Some passed after 0.004 seconds.",
    "✘ Test run with 4 tests in 1 suite failed after 0.004 seconds with 1 issue.",
  ]

  private func counts(_ text: String) -> (ending: Ending, lines: [Substring]) {
    let found = run(
      ["/usr/bin/env", "awk", "-v", "status=0", "-f", "Scripts/count-tests.awk"], Array(text.utf8))
    return (found.ending, String(decoding: found.output, as: UTF8.self).split(separator: "\n"))
  }

  @Test("tests are counted once each, with cases and reasons")
  func counted() {
    let (ending, lines) = counts(Self.log.joined(separator: "\n") + "\n")
    #expect(ending == .exit(0))
    #expect(
      lines == [
        "✘ Test \"bad\" failed after 0.003 seconds with 1 issue.",
        "skipped   1: no chromium: make test-tools (3 cases)",
        "`make test-tools` installs the programs that are missing.",
        "3 tests ran, with 2 parameterised cases; 3 cases were skipped",
        "2 passed, 1 failed, 1 skipped",
      ])
  }

  @Test("a line behind another that has no end is counted too, wherever it stands")
  func joined() {
    let plain = counts(Self.log.joined(separator: "\n") + "\n")
    // What is written of an argument ends at its zero byte; tests write lines of their own in parts.
    for half in [
      "◇ Test case passing 1 argument text → \"GET /", "convoy: an answer to something else: ",
      "↳ said → ",
    ] {
      for place in Self.log.indices {
        var log = Self.log
        log[place] = half + log[place]
        let found = counts(log.joined(separator: "\n") + "\n")
        #expect(
          found.ending == .exit(0) && found.lines == plain.lines, "\(half) before line \(place)")
      }
    }
  }

  @Test("a line that is lost is noticed, and so is a run without any", arguments: [3, 5, 8, 9])
  func lost(place: Int) {
    var log = Self.log
    log.remove(at: place)
    let found = counts(log.joined(separator: "\n") + "\n")
    #expect(found.ending == .exit(70))
    #expect(found.lines.contains("the summaries tell of 4 tests, its lines of 3"))
    #expect(counts("").ending == .exit(1))
  }
}
