import Testing

@testable import Streams

@Suite struct HelpTextTests {
  private let word = String(repeating: "w", count: 20)

  private func laidOut(_ discussion: String, usage: String = "tool", options: String = "") -> String
  {
    HelpText("OVERVIEW: Do.\n\n\(discussion)\n\nUSAGE: \(usage)\n\(options)")?.text ?? ""
  }

  @Test("paragraphs are filled to 80 columns, however the source folds them")
  func paragraphs() {
    let words = Array(repeating: word, count: 7)
    for separators in [[" "], ["\n"], [" ", " ", "\n", " ", "\n", " "]] {
      var source = words[0]
      for (i, word) in words.dropFirst().enumerated() {
        source += separators[i % separators.count] + word
      }
      let filled = "\(word) \(word) \(word)\n\(word) \(word) \(word)\n\(word)\n"
      #expect(laidOut(source).contains("\n\n\(filled)\nUSAGE"))
    }
  }

  @Test("a line has 80 columns where words fill it, and never 81")
  func widest() {
    let (short, long) = (String(repeating: "s", count: 39), String(repeating: "l", count: 40))
    #expect(laidOut("\(short)\n\(long)").contains("\n\(short) \(long)\n"))
    #expect(laidOut("\(long)\n\(long)").contains("\n\(long)\n\(long)\n"))
  }

  @Test("examples and tables stay as they are")
  func forms() {
    let long = String(repeating: "x ", count: 48)
    #expect(laidOut("EXAMPLES\n  \(long)|\n    y").contains("EXAMPLES\n  \(long)|\n    y\n"))
    #expect(laidOut("a:\n  {\(long)}\nb   \(long)").contains("a:\n  {\(long)}\nb   \(long)\n"))
  }

  @Test("caveats are indented")
  func caveats() {
    #expect(laidOut("CAVEATS\nOne\n  two.").contains("CAVEATS\n  One two.\n"))
  }

  @Test("a synopsis is folded between its options, and files stand last")
  func usage() {
    let usage =
      "tool [<files> ...] --model <file> [--first <value>] [--second <value>] [--third <value>] [-q]"
    #expect(
      laidOut("", usage: usage).hasSuffix(
        """
        USAGE: tool --model <file> [--first <value>] [--second <value>]
                    [--third <value>] [-q] [<files> ...]
        """))
  }

  @Test("what an option does is folded beside it")
  func options() {
    let options = """

      OPTIONS:
        --model <file>          \(word) \(word) \(word)
        --a-very-long-name <file>
                                \(word) \(word) \(word)
      """
    let margin = String(repeating: " ", count: 26)
    #expect(
      laidOut("", options: options).hasSuffix(
        """
          --model <file>          \(word) \(word)
        \(margin)\(word)
          --a-very-long-name <file>
        \(margin)\(word) \(word)
        \(margin)\(word)
        """))
  }

  @Test("where samples are named it says where they are")
  func samples() {
    #expect(laidOut("EXAMPLES\n  tool testdata/a").contains("EXAMPLES  (testdata/ is in "))
    #expect(!laidOut("EXAMPLES\n  tool a").contains("EXAMPLES "))
  }

  @Test("what is no help is left alone")
  func others() {
    #expect(HelpText("convoy 0.1.0") == nil)
    #expect(HelpText("#compdef tool") == nil)
  }
}
