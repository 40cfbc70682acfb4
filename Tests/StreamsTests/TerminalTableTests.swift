import Mechanics
import TestFolders
import Testing

@testable import Streams

@Suite struct TerminalTableTests {
  /// How often each letter stands in some texts, blanks left out.
  private func letters(_ texts: some Sequence<String>) -> [Character: Int] {
    texts.joined().reduce(into: [:]) { if $1 != " " { $0[$1, default: 0] += 1 } }
  }

  private func lines(
    _ rows: [[String]], _ width: Int, headers: Int = 1, left: Set<Int> = [0], indent: Int = 0
  ) -> [String] {
    TerminalTable(rows, headers: headers, left: left, indent: indent).lines(width: width)
      .map(\.text)
  }

  @Test("what fits is written as it stands, with a header above")
  func fitting() {
    let rows = [["field", "mean", "std"], ["a", "1.5", "22"], ["long name", "-", "3"]]
    let expected = ["field      mean  std", "a           1.5   22", "long name     -    3"]
    #expect(lines(rows, 20) == expected)
    #expect(lines(rows, 19).allSatisfy { $0.columns <= 19 })
    #expect(lines(rows, 22, indent: 2) == expected.map { "  \($0)" })
    let all = TerminalTable(rows).lines(width: 80)
    #expect(all.map(\.isHeader) == [true, false, false])
  }

  @Test("few rows become columns, where that needs no blocks; units go with names")
  func turned() {
    let rows = [
      ["", "time", "speed", "error"], ["", "ms", "GFLOP/s", ""], ["gemm", "1.25", "100", "3e-07"],
    ]
    #expect(
      lines(rows, 20, headers: 2) == [
        "                gemm", "time ms         1.25", "speed GFLOP/s    100",
        "error          3e-07",
      ])
  }

  @Test("many rows are cut into blocks, each with the first column")
  func blocks() {
    let rows =
      [["field", "count", "mean"]] + (1...9).map { ["f\($0)", "\(1000 * $0)", "\($0).123456"] }
    let lines = lines(rows, 18)
    #expect(lines.count == 21 && lines[10] == "", "\(lines)")
    #expect(lines[0] == "field  count" && lines[11] == "field      mean", "\(lines)")
    #expect(lines[9] == "f9      9000" && lines[20] == "f9     9.123456", "\(lines)")
  }

  @Test("what is wider than its column goes on below it, and names stand above what they name")
  func folded() {
    let rows = [["name", "value"], ["abcdefghijklmnopqrstuvwxyz", "12345678"], ["b", "2"]]
    let lines = lines(rows, 20)
    #expect(
      lines == [
        "name           value", "abcdefghij  12345678", "klmnopqrst", "uvwxyz",
        "b                  2",
      ])
  }

  @Test("no line is wider than the terminal, and nothing is lost", arguments: [20, 40, 80, 200])
  func anyTable(width: Int) {
    var random = SplitMix64(seed: UInt64(width))
    for _ in 0..<300 {
      let (columns, count) = (1 + random.index(below: 20), random.index(below: 12))
      let headers = 1 + random.index(below: 2)
      let alphabet = Array("abcé中0123456789.-e\u{301}🙂 \u{1b}\n")
      let rows = (0..<count + headers).map { _ in
        (0..<columns).map { _ in
          let most = random.index(below: 12) == 0 ? 90 : 11
          let length = random.index(below: most)
          return String((0..<length).map { _ in alphabet[random.index(below: alphabet.count)] })
        }
      }
      let lines = lines(
        rows, width, headers: headers, left: [0, columns - 1], indent: random.index(below: 3))
      for line in lines {
        #expect(line.columns <= width && !line.hasSuffix(" "), "\(rows): '\(line)'")
        #expect(line.unicodeScalars.allSatisfy { !$0.isControl })
      }
      // Names are there once or more, all else as often as it is in the rows.
      let found = letters(lines)
      let expected = letters(rows.joined().map(\.shownEscaped))
      #expect(expected.allSatisfy { found[$0, default: 0] >= $1 }, "\(rows): \(lines)")
      let body = Set(rows.dropFirst(headers).flatMap { $0.dropFirst() }).filter { $0.columns > 8 }
      for cell in body where cell.shownEscaped.columns <= width / 2 - 2 {
        #expect(lines.contains { $0.contains(cell.shownEscaped.trimmed) }, "\(cell): \(lines)")
      }
    }
  }

  @Test("a table without rows, columns or texts")
  func empty() {
    #expect(lines([], 20) == [] && lines([[]], 20) == [])
    #expect(lines([["a", "b"]], 20) == ["a  b"])
    #expect(lines([["", ""], ["", ""]], 20) == ["", ""])
    #expect(lines([["a"], ["b", "c"]], 20) == ["a", "b  c"])
  }

  @Test("wide letters take two columns, marks none; controls are shown, not sent")
  func widths() {
    for (text, columns) in [
      ("abc", 3), ("中文", 4), ("e\u{301}", 1), ("한글", 4), ("\u{1112}\u{1161}\u{11ab}", 2),
      ("ｱ", 1), ("Ａ", 2), ("🙂", 2), ("❤\u{fe0f}", 2), ("❤", 1), ("a\u{200d}b", 2), ("×", 1),
      ("\u{3099}", 0), ("𠀋", 2), ("", 0), ("Ω≈", 2), ("कि", 2), ("\u{ad}", 1),
    ] { #expect(text.columns == columns, "\(text)") }
    let rows = [["name", "n"], ["贵州茅台", "1"], ["e\u{301}", "22"], ["\u{1b}[31mx\u{9b}", "3"]]
    #expect(
      lines(rows, 40) == [
        "name                n", "贵州茅台            1", "e\u{301}                  22",
        "\\u001b[31mx\\u009b   3",
      ])
    #expect("a\u{202e}b\tc\r\n".shownEscaped == "a\\u202eb\\tc\\r\\n")
  }

  @Test("lines are broken between words, below where they begin")
  func filled() {
    #expect("one two three".filled(to: 8) == ["one two", "three"])
    #expect("  one two three".filled(to: 9) == ["  one two", "  three"])
    #expect("abcdefghij k".filled(to: 4) == ["abcd", "efgh", "ij k"])
    #expect("one".filled(to: 3) == ["one"] && "".filled(to: 3) == [""])
    for width in 1...30 {
      let text = "   a sentence of someSeveral words, 中文 also, and averyveryverylongone."
      let lines = text.filled(to: width)
      #expect(lines.allSatisfy { $0.columns <= max(width, 2) }, "\(width): \(lines)")
      #expect(letters(lines) == letters([text]))
    }
  }

  @Test("what a terminal is given of text: controls are escaped, lines and tabs stay")
  func escaped() {
    func shown(_ text: String) -> String? {
      Array(text.utf8).withUnsafeBytes { escapedForTerminal($0) }
        .map { String(decoding: $0, as: UTF8.self) }
    }
    #expect(shown("a\tb\né中\u{a0}") == nil)
    #expect(shown("{\"a\":\"\u{9b}2J\"}\n") == "{\"a\":\"\\u009b2J\"}\n")
    #expect(shown("\u{1b}[2J\r\u{7f}\u{0}é") == "\\u001b[2J\\r\\u007f\\u0000é")
  }

  @Test("the width is what the terminal tells, else COLUMNS, else 80")
  func size() {
    #expect(TerminalSize.columns(told: 132, variable: "40") == 132)
    #expect(TerminalSize.columns(told: 0, variable: "40") == 40)
    for variable in [nil, "", "0", "-3", "many", "99999999999999999999"] {
      #expect(TerminalSize.columns(told: 0, variable: variable) == 80)
    }
    #expect(TerminalSize.columns(of: -1) == nil)
  }

  @Test("nothing is set off with NO_COLOR, on dumb terminals and where nobody says which it is")
  func colour() {
    #expect(TerminalSize.isColoured(term: "xterm", noColour: nil))
    #expect(TerminalSize.isColoured(term: "xterm", noColour: ""))
    #expect(!TerminalSize.isColoured(term: "xterm", noColour: "0"))
    for term in [nil, "", "dumb"] { #expect(!TerminalSize.isColoured(term: term, noColour: nil)) }
    #expect(TerminalSize.obeys(term: "xterm") && TerminalSize.obeys(term: nil))
    #expect(!TerminalSize.obeys(term: "dumb"))
  }

  @Test("in a pipe a table is as wide as it is")
  func pipe() throws {
    let name = String(repeating: "n", count: 300)
    let written = try writtenToFile { output in
      AlignedTable([["field", "x"], [name, "1"], ["a\u{1b}", "22"]]).write(output)
      output.write(parts: ["It is \(name).", .table(AlignedTable([["a", "b"]], indent: 2))])
    }
    let blanks = String(repeating: " ", count: 300)
    #expect(
      String(decoding: written, as: UTF8.self)
        == "field\(blanks.dropFirst(5))   x\n\(name)   1\na \(blanks.dropFirst(2))  22\n"
        + "It is \(name).\n  a  b\n")
  }
}

extension String {
  /// Without blanks at its ends, which a line may end in.
  fileprivate var trimmed: String {
    let text = drop { $0 == " " }
    return String(
      text.prefix(
        text.lastIndex { $0 != " " }.map { text.distance(from: text.startIndex, to: $0) + 1 } ?? 0))
  }
}
