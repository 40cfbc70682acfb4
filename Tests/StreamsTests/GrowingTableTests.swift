import TestFolders
import Testing

@testable import Streams

@Suite struct GrowingTableTests {
  @Test("a column is as wide as its widest cell so far, and no less than is usual")
  func growing() throws {
    let written = try writtenToFile { output in
      var table = GrowingTable(["id", "text", "confidence"])
      table.write(["1", "4+4=8", "1.00"], output)
      table.write(["2", "12345678901234567890\u{1b}", "0.50"], output)
      table.write(["3", "1", "0.10"], output)
      var numbers = GrowingTable(numbers: [["step", "loss"], ["", "nats"]])
      numbers.write(["100", "0.5"], output)
      numbers.write(["1234567890", "-"], output)
    }
    #expect(
      String(decoding: written, as: UTF8.self) == """
        id                text              confidence
        1                 4+4=8                   1.00
        2                 12345678901234567890\\u001b        0.50
        3                 1                                 0.10
            step      loss
                      nats
             100       0.5
        1234567890         -

        """)
  }

  @Test("rows fit a terminal of any width, and nothing is lost", arguments: Array(20...90) + [200])
  func narrow(width: Int) {
    let text = "12345678901234567890中文 and so on, as long as it takes and longer than that"
    var texts = GrowingTable(["id", "text", "confidence"])
    var numbers = GrowingTable(numbers: [
      ["step", "epoch", "loss", "learning", "training", "validation"],
      ["", "", "nats", "rate", "error %", "error %"],
    ])
    let rows = [["a", text, "0.99"], [text, "b", "1.00"], ["c", "d", "0.01"]]
    let figures = [["100", "0.13", "2.3026", "0.001000", "90.00", "-"]]
    for (lines, cells) in [
      (rows.flatMap { texts.lines($0, width: width).map(\.text) }, rows),
      (figures.flatMap { numbers.lines($0, width: width).map(\.text) }, figures),
    ] {
      #expect(lines.allSatisfy { $0.columns <= width }, "\(lines)")
      let shown = lines.joined().filter { $0 != " " }
      for cell in cells.joined() where cell.columns <= 10 {
        #expect(shown.contains(cell.filter { $0 != " " }), "\(cell): \(lines)")
      }
      for letter in Set(cells.joined().joined()) where letter != " " {
        let count = cells.joined().joined().count { $0 == letter }
        #expect(shown.count { $0 == letter } >= count, "\(letter): \(lines)")
      }
    }
  }
}
