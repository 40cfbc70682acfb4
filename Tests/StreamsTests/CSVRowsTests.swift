import Streams
import TestFolders
import Testing

/// Small CSV files as brokers' programs and spreadsheets write them.
@Suite struct CSVRowsTests {
  private func numbers(_ text: String, _ folder: String) throws -> [Double?] {
    put(text, "\(folder)/rows")
    var numbers: [Double?] = []
    try ByteReader(["\(folder)/rows"]).csvRows(required: ["a"]) {
      numbers.append(try $0.number(orNone: "a"))
    }
    return numbers
  }

  @Test("a byte order mark, CRLF, capitals, quotes, blanks, thousands, and words for none")
  func spellings() throws {
    try withFolder { folder in
      let head = "note, A \n"
      for (text, wanted) in [
        ("x,1000\n", 1000), ("x,\"1,000\"\n", 1000), ("x,\" 1,234,567.25 \"\n", 1_234_567.25),
        ("x,\"-12,000\"\n", -12000), ("\"x,y\",1e3\r\n", 1000), ("x,+.5", 0.5), (",0\n\n", 0),
      ] {
        for head in [head, "\u{feff}note,a\r\n"] {
          let found = try numbers(head + text, folder)
          #expect(found == [wanted], "\(text)")
        }
      }
      for none in ["", "-", "--", "None", "NULL", "nan", "N/A", "\"\""] {
        let found = try numbers(head + "x,\(none)\n", folder)
        #expect(found == [nil], "\(none)")
      }
      let found = try numbers(head, folder)
      #expect(found.isEmpty)
    }
  }

  @Test("what is no number, no row or no header is refused, with its line")
  func refusals() throws {
    try withFolder { folder in
      for (text, rule) in [
        ("a\n\"1,00\"\n", ":2: a must be a number: '1,00'"),
        ("a\n\"1000,000\"\n", ":2: a must be a number: '1000,000'"),
        ("a\n\"1,000,\"\n", ":2: a must be a number: '1,000,'"),
        ("a\n\"0.1,000\"\n", ":2: a must be a number: '0.1,000'"),
        ("a\n0x10\n", ":2: a must be a number: '0x10'"), ("a\ninf\n", ":2: a must be a number"),
        ("a,b\n1,000,2\n", ":2: row has 3 fields, the header 2"),
        (
          "b;a\n",
          ":1: header must have a: no 'a' in 'b;a' (columns must be separated by commas, these are by ';')"
        ),
        ("b\ta\n", "in 'b\ta' (columns must be separated by commas, these are by tabs)"),
        ("b,c;d\n", ":1: header must have a: no 'a' in 'b,c;d'"),
        ("a\r1\r", ":1: lines must end with LF or CRLF, these end with CR alone: tr '\\r' '\\n'"),
        ("a,A\n", ":1: a column comes twice"),
        ("", " is empty, without a header: a"), ("\n\n", " is empty, without a header: a"),
      ] {
        let error = #expect(throws: Failure.self, "\(text)") { try numbers(text, folder) }
        #expect(error?.description.contains(rule) == true, "\(String(describing: error))")
      }
      put([0xb9, 0xc9], "\(folder)/rows")
      let error = #expect(throws: Failure.self) {
        try ByteReader(["\(folder)/rows"]).csvRows(required: ["a"]) { _ in }
      }
      #expect(error?.description.hasSuffix(":1: text is not UTF-8") == true)
    }
  }
}
