import Mechanics
import Streams
import TestFolders
import Testing

@testable import Bars
@testable import Days

/// The same bars in several formats.
@Suite struct BarReadingTests {
  private static let example = "\(root)/testdata/market/bars.csv"

  @Test("columns in any order, quotes, CRLF, other spellings of numbers: the same bars")
  func spellings() throws {
    let one = """
      instrument,date,open,high,low,close,volume
      A,2020-01-02,1.5,1250,1,1.5,100
      A,2020-01-03,2,2,2,2,0.25

      """
    let other = """
      "volume","close","low",date,"instrument",high,open\r
      1e2,+1.50,1.000000000000000000000000,"2020-01-02","A",1.25E3,1500e-3\r
      \r
      .25,2.,2,2020-01-03,a,"2",02\r

      """
    expectSame(try bars(one).rows(), try bars(other).rows())
  }

  @Test("decimals are the nearest doubles")
  func decimals() {
    var texts = ["0", "-0", "9007199254740993", "0.1", "123456789.123456789"]
    // More digits than 64 bits have: what is left of 2^64 + 1 in them is 1.
    texts += ["18446744073709551617", "1844674407370.9551617", "0.00000000000000000001"]
    texts += [
      "9007199254740992", "-9007199254740991", "9999999999999999999", "1.000000000000000000",
    ]
    var random = SplitMix64(seed: 1)
    for _ in 0..<2000 {
      let digits = String(random.next()).prefix(1 + random.index(below: 19))
      let point = random.index(below: digits.count + 1)
      texts.append("\(digits.prefix(point)).\(digits.dropFirst(point))")
    }
    for text in texts {
      let value = Array("\(text),x".utf8).withUnsafeBytes { line in
        var cursor = CSVCursor(line)
        return cursor.shortDecimal()
      }
      if let value { #expect(value == Double(text) ?? Double("0\(text)"), "\(text)") }
    }
  }

  @Test("NDJSON gives what CSV gives")
  func ndjson() throws {
    var text = ""
    let lines = try readLines(Self.example).map { $0.split(separator: ",") }
    for line in lines.dropFirst() {
      let members = zip(lines[0], line).map { name, value in
        name == "instrument" || name == "date" ? "\"\(name)\":\"\(value)\"" : "\"\(name)\":\(value)"
      }
      text += "{\(members.joined(separator: ",")),\"other\":[1]}\n"
    }
    let expected = try bars(file: Self.example, adjusting: true).rows()
    #expect(try bars(text, adjusting: true).rows() == expected)
    #expect(try bars("\u{feff}\n \(text)", adjusting: true).rows() == expected)
  }

  private func readLines(_ path: String) throws -> [String] {
    var lines: [String] = []
    try ByteReader([path]).lines { lines.append(String(decoding: $0, as: UTF8.self)) }
    return lines
  }

  @Test("files are one after the other, in any format")
  func files() throws {
    let lines = try readLines(Self.example)
    let isLate = { (line: String) in line.contains("-08,") || line.contains("-09,") }
    try withFolder { folder in
      put(lines.filter { !isLate($0) }.joined(separator: "\n"), "\(folder)/one")
      let late = [lines[0]] + lines.filter(isLate)
      put(late.joined(separator: "\n"), "\(folder)/two")
      let collection = BarCollection(adjusting: true)
      try collection.read(ByteReader(["\(folder)/one", "\(folder)/two"]))
      expectSame(try collection.rows(), try bars(file: Self.example, adjusting: true).rows())
      let error = #expect(throws: Error.self) {
        try BarCollection().read(ByteReader(["\(folder)/two", "\(folder)/one"]))
      }
      #expect("\(error.map { "\($0)" } ?? "")".contains("/one:2: dates of AAA must ascend"))
    }
  }

  @Test("the stream can be read again, with its members")
  func npy() throws {
    let source = try bars(file: Self.example, adjusting: true)
    let members = try Membership(reading: "\(root)/testdata/market/members.csv")
    let selection = BarSelection(members: members, benchmark: try InstrumentCode("IDX"))
    try withFolder { folder in
      var stream: [UInt8] = []
      let output = try ByteWriter("\(folder)/stream")
      try source.days(selection) { output.write($0.array) }
      try output.finish()
      let again = try bars(file: "\(folder)/stream")
      expectSame(try again.rows(), try source.rows(selection))
      try ByteReader(["\(folder)/stream"]).arrays { stream += $0.bytes }
      #expect(stream.count == 57 * (try source.rows(selection).count))
    }
  }

  @Test("a bad row of a table is named, or dropped alone")
  func badRow() throws {
    let source = try bars(file: Self.example)
    let monday = Day("2020-01-06")
    try withFolder { folder in
      let path = "\(folder)/stream"
      let output = try ByteWriter(path)
      try source.days(BarSelection(try DaySpan(from: monday, to: monday))) { table in
        var array = table.array
        // The second row's high is 0, or its date is none.
        array.bytes.replaceSubrange(57 + 28..<57 + 32, with: [0, 0, 0, 0])
        array.bytes[2 * 57 + 16 + 7] = 0x80
        output.write(array)
      }
      try output.finish()
      let error = #expect(throws: Failure.self) { try bars(file: path) }
      #expect(error?.description == "\(path): row 2 of a table: high must be above 0: 0.0")
      #expect(try bars(file: path, skipBad: true).rows().map(\.code) == ["AAA", "IDX"])
    }
  }

  @Test("spans of members, several of one instrument; a benchmark is none")
  func members() throws {
    let source = try bars(file: Self.example)
    let members = try Membership(reading: "\(root)/testdata/market/members.csv")
    func days(_ code: String, _ rows: [StreamRow]) -> String {
      rows.filter { $0.code == code }.map { $0.isMember ? "1" : "0" }.joined()
    }
    let rows = try source.rows(
      BarSelection(members: members, benchmark: try InstrumentCode("IDX")))
    #expect(days("AAA", rows) == "110011")
    #expect(days("BBB", rows) == "0111")
    #expect(days("CCC", rows) == "1110")
    #expect(days("IDX", rows) == "000000")
    #expect(days("IDX", try source.rows(BarSelection(members: members))).isEmpty)
    #expect(days("IDX", try source.rows()) == "111111")
    let late = try source.rows(
      BarSelection(try DaySpan(from: Day("2020-01-08"), to: Day("2020-01-08"))))
    #expect(late.map(\.code) == ["AAA", "BBB", "CCC", "IDX"] && late[2].floats[3].isNaN)
    // Changes look back beyond the first day that is written.
    #expect(late[0].floats[7] == Float(5.35 / 5.2 - 1))
    #expect(throws: DayError.self) {
      try source.rows(BarSelection(benchmark: try InstrumentCode("SH000300")))
    }
    #expect(throws: DayError.self) {
      try source.rows(BarSelection(try DaySpan(from: Day("2021-01-01"), to: nil)))
    }
  }
}
