import Days
import Streams
import TestFolders
import Testing

@testable import Bars
@testable import Days

/// How rows become bars.
@Suite struct BarRulesTests {
  private static let head = "instrument,date,open,high,low,close,volume"

  /// The values of an only instrument, day by day.
  private func values(_ text: String, adjusting: Bool = false) throws -> [[Float]] {
    try bars(text, adjusting: adjusting).rows().map(\.floats)
  }

  @Test("adjusted: prices × factor, volume ÷ factor, rounded once")
  func adjusting() throws {
    let values = try values(
      "\(Self.head),factor\nA,2020-01-02,10.1,10.7,9.9,10.3,333,1.237\n", adjusting: true)
    let prices = [10.1, 10.7, 9.9, 10.3].map { $0 * 1.237 }
    #expect(values[0][..<4] == prices.map(Float.init)[...])
    #expect(values[0][4] == Float(333 / 1.237))
    #expect(values[0][5] == Float((prices[1] + prices[2] + prices[3]) / 3))
    #expect(values[0][6] == Float(1.237) && values[0][7].isNaN)
  }

  @Test("suspended: NaN in all fields, and change is against the last valid close")
  func suspended() throws {
    let rows = ["02,1,1,1,10,100", "03,10,10,10,10,0", "06,,,,,", "07,0,0,0,0,0", "08,9,12,9,12,5"]
    let others = ["02", "03", "06", "07", "08"].map { "Z,2020-01-\($0),1,1,1,1,1" }
    let lines = [Self.head] + rows.map { "A,2020-01-\($0)" } + others
    // The first close above the high is the source's affair.
    let values = try bars(lines.joined(separator: "\n")).rows().filter { $0.code == "A" }
      .map(\.floats)
    for day in 1...3 { #expect(values[day].allSatisfy { $0.isNaN }) }
    #expect(values[4][7] == Float(12.0 / 10 - 1))
  }

  @Test("an index needs no volume and no factor, but a close")
  func index() throws {
    let text = """
      \(Self.head),factor
      I,2020-01-02,3,3,3,3,0,
      I,2020-01-03,,,,4,,
      I,2020-01-06,,,,,,
      I,2020-01-07,5,5,5,5,7,2

      """
    let days = try ["02", "03", "06", "07"].map { try #require(Day("2020-01-\($0)")) }
    for index in ["I", "J"] {
      let rows = try withFolder { folder in
        put(text, "\(folder)/bars")
        let bars = BarCollection(
          adjusting: true, calendar: TradingCalendar(days: days),
          index: try InstrumentCode(index))
        try bars.read(ByteReader(["\(folder)/bars"]))
        return try bars.rows().map(\.floats)
      }
      let closes = rows.map { $0[3].isNaN ? 0 : $0[3] }
      let changes = rows.map { $0[7].isNaN ? 0 : $0[7] }
      #expect(closes == (index == "I" ? [3, 4, 0, 10] : [0, 0, 0, 10]))
      #expect(changes == (index == "I" ? [0, Float(4.0 / 3 - 1), 0, 1.5] : [0, 0, 0, 0]))
    }
  }

  @Test("vwap is the source's, or amount ÷ volume, or (high + low + close) / 3; change the same")
  func vwap() throws {
    let values = try values(
      """
      \(Self.head),factor,vwap,amount,change
      A,2020-01-02,1,3,1,2,100,2,2.25,270,0.5
      A,2020-01-03,1,3,1,2,100,2,,270,
      A,2020-01-06,1,3,1,2.5,100,2,,,

      """, adjusting: true)
    #expect(values.map { $0[5] } == [4.5, 5.4, Float(13.0 / 3)])
    #expect(values.map { $0[7] } == [0.5, 0, 0.25])
  }

  @Test("a missing number is NaN, the others of the row stay")
  func missing() throws {
    let values = try values("\(Self.head)\nA,2020-01-02,nan,3,,2,100\nA,2020-01-03,1,3,1,2,100\n")
    #expect(values[0][0].isNaN && values[0][1] == 3 && values[0][2].isNaN && values[0][3] == 2)
    #expect(values[0][5].isNaN && values[0][6].isNaN)
    #expect(values[1][7] == 0)
  }

  @Test("days without a row, from the first of an instrument on, are suspended")
  func gaps() throws {
    let rows = try bars(
      """
      \(Self.head)
      A,2020-01-02,1,1,1,1,1
      A,2020-01-08,1,1,1,1,1
      B,2020-01-03,1,1,1,1,1
      B,2020-01-06,1,1,1,1,1

      """
    ).rows()
    #expect(rows.map(\.code) == ["A", "A", "B", "A", "B", "A", "B"])
    #expect(rows.map(\.date).last == "2020-01-08")
    #expect(
      rows.map { $0.floats[0].isNaN } == [false, true, false, true, false, false, true])
    #expect(rows.allSatisfy { $0.isMember })
  }

  @Test("a one-instrument day is a day; one without a close is none, but by a calendar")
  func oddDays() throws {
    let text = "\(Self.head)\nA,2020-01-02,1,1,1,1,0\nA,2020-01-03,1,1,1,1,1\n"
    #expect(try bars(text).rows().map(\.date) == ["2020-01-03"])
    let calendar = TradingCalendar(
      days: try ["02", "03"].map { try #require(Day("2020-01-\($0)")) })
    let rows = try bars(text, calendar: calendar).rows()
    #expect(rows.map(\.date) == ["2020-01-02", "2020-01-03"])
    #expect(rows[0].floats.allSatisfy { $0.isNaN } && rows[1].floats[7].isNaN)
  }

  /// Rows that are refused, with what is said of them.
  static let refused: [(row: String, rule: String)] = [
    ("A,2020-01-02,1,1,1,1,-1", "volume must be 0 or more: -1.0"),
    ("A,2020-01-02,-1,1,1,1,0", "open must be above 0: -1.0"),
    ("A,2020-01-02,1,1,,-2,5", "close must be above 0: -2.0"),
    ("A,2020-01-02,1,1,1,0,5", "close must be above 0: 0.0"),
    ("A,2020-01-02,1,1,1.5,1,5", "high must not be below low: 1.0 < 1.5"),
    ("A,2020-01-02,1,inf,1,1,5", "high must be a number: 'inf'"),
    ("A,2020-01-02,1,0x10,1,1,5", "high must be a number: '0x10'"),
    ("A,2020-01-02,1,1e400,1,1,5", "high must be a number: '1e400'"),
    ("A,2020-01-02,1,1e39,1,1,5", "high must be within 32-bit floats: 1e+39"),
    ("A,2020-01-02,1, 1,1,1,5", "high must be a number: ' 1'"),
    ("A,2020-01-02,1,1,1,1", "row has 6 fields, the header 7"),
    ("A,2020-01-02,1,1,1,1,5,6,7", "row has 9 fields, the header 7"),
    (",2020-01-02,1,1,1,1,5", "instrument must be 1 to 16 characters"),
    ("A,2020-01-2,1,1,1,1,5", "date must be YYYY-MM-DD, YYYYMMDD or YYYY/M/D: '2020-01-2'"),
  ]

  @Test("what breaks a rule is named with its line, or dropped", arguments: refused)
  func refusal(_ row: String, _ rule: String) throws {
    let good = "B,2020-01-02,1,1,1,1,1"
    let text = "\(Self.head)\n\(good)\n\(row)\n"
    let error = #expect(throws: Error.self) { try bars(text) }
    #expect("\(error.map { "\($0)" } ?? "")".contains("/bars:3: \(rule)"))
    let kept = try bars(text, skipBad: true).rows()
    #expect(kept.map(\.code) == ["B"])
  }

  @Test("a dropped row leaves the change of the next as it was without it")
  func dropped() throws {
    let rows = ["02,1,1,1,1,1", "03,4e38,4e38,4e38,4e38,1", "03,3,3,3,3,1", "02,9,9,9,9,1"]
    let text = ([Self.head] + rows.map { "A,2020-01-\($0)" }).joined(separator: "\n")
    #expect(try bars(text, skipBad: true).rows().map { $0.floats[7] }.last == 2)
  }
}
