import TestFolders
import Testing

/// Every number that an option takes, far out of its range.
@Suite struct AbsurdOptionTests {
  /// The tools as they work, with those that read nothing.
  static let tools =
    ToolUnderTest.all + [
      ToolUnderTest("conv-bench", ["check", "--shapes", "3"], .text, from: "true"),
      // An address of no machine: it ends at once.
      ToolUnderTest("ink-pad", ["--host", "192.0.2.1"], .text, from: "true"),
    ]

  static let values = [
    "-9223372036854775808", "-1", "0", "5e-324", "4611686018427387904", "9223372036854775807",
    "18446744073709551615", "99999999999999999999", "1e308", "-1e308", "nan", "inf", "",
  ]

  @Test("the tools that make builds are all here")
  func complete() {
    let known = Self.tools + ToolUnderTest.onDevices
    #expect(Set(known.map(\.name)) == Set(listOfMake("TOOLS")))
  }

  @Test("absurd numbers end with a status and a line, never with a signal", arguments: tools)
  func absurd(_ tool: ToolUnderTest) {
    var numbers = 0
    for (option, _) in tool.valueOptions {
      // What takes no number says so of a word, or it is the name of a file.
      let word = run(tool.arguments + ["\(option)=/dev/null/x"], tool.sample)
      guard word.ending == .exit(64), word.errors.contains("is invalid") else { continue }
      numbers += 1
      for value in Self.values {
        let words = tool.arguments + ["\(option)=\(value)"]
        let outcome = run(words, tool.sample)
        let isRefused = [64, 65, 66, 74].contains { outcome.ending == .exit($0) }
        #expect(
          outcome.ending == .exit(0) || isRefused && outcome.errorLines.count == 1,
          "\(words.dropFirst()): \(outcome.ending) \(outcome.errors)")
      }
    }
    #expect(numbers > 0, "at least --max-line, or --port")
  }
}
