import Streams
import Testing

@testable import Bars
@testable import Days

@Suite struct TradingLimitsTests {
  private static let header = "instrument,date,open,high,low,close,volume,factor"

  /// The limits of each row of the stream, as `INSTRUMENT DATE UP DOWN TRADABLE`.
  private func limits(_ text: String, adjusting: Bool = false) throws -> [String] {
    var rows: [String] = []
    try bars(text, adjusting: adjusting).days(BarSelection()) { day in
      let fields = try TradingLimits.names.map { try day.array.field($0, .float32) }
      for (row, bar) in try streamRows(day.array).enumerated() {
        let numbers = fields.map { "\(day.array.float($0, row: row))" }.joined(separator: " ")
        rows.append("\(bar.code) \(bar.date) \(numbers)")
      }
    }
    return rows
  }

  @Test("columns of limits go with the bars: adjusted as these are, NaN where nothing is told")
  func columns() throws {
    let text = """
      \(Self.header),limit_up,limit_down,tradable
      A,2024-01-02,10,11,9,10,100,2,11,9,1
      A,2024-01-04,10,11,9,10,100,2,,,
      B,2024-01-02,10,11,9,10,100,1,12,8,0
      B,2024-01-03,,,,,0,,12,8,0
      C,2024-01-03,10,11,9,10,100,1,,8.5,
      C,2024-01-04,10,11,9,10,100,1,,,1
      """
    #expect(
      try limits(text, adjusting: true) == [
        "A 2024-01-02 22.0 18.0 1.0", "B 2024-01-02 12.0 8.0 0.0",
        "A 2024-01-03 nan nan nan", "B 2024-01-03 12.0 8.0 0.0", "C 2024-01-03 nan 8.5 nan",
        "A 2024-01-04 nan nan nan", "B 2024-01-04 nan nan nan", "C 2024-01-04 nan nan 1.0",
      ])
    #expect(try limits(text)[0] == "A 2024-01-02 11.0 9.0 1.0")
  }

  @Test("without such columns a row is as it was; with one, all three are there")
  func fields() throws {
    var sizes: [Int] = []
    for more in ["", ",tradable"] {
      let text = "\(Self.header)\(more)\nA,2024-01-02,10,11,9,10,100,2\(more.isEmpty ? "" : ",1")\n"
      try bars(text).days(BarSelection()) { sizes.append($0.array.type.size) }
    }
    #expect(sizes == [57, 69])
  }

  @Test(
    "what cannot be a limit is refused",
    arguments: ["0,9,1", "11,-1,1", "9,11,1", "11,9,2", "11,9,0.5", "x,9,1"])
  func refused(_ limits: String) {
    #expect(throws: Failure.self) {
      try bars(
        "\(Self.header),limit_up,limit_down,tradable\nA,2024-01-02,10,11,9,10,100,2,\(limits)\n")
    }
  }

  @Test("the limits of a day may meet, and a bar may have no range: not beyond")
  func meeting() throws {
    func prices(_ high: String, _ low: String, _ limits: String) throws -> [Float] {
      let row = "A,2024-01-02,10,\(high),\(low),10,100,2,\(limits)"
      return try bars("\(Self.header),limit_up,limit_down,tradable\n\(row)\n").rows()[0].floats
    }
    #expect(try prices("10", "10", "10,10,1")[..<4] == [10, 10, 10, 10])
    #expect(throws: Failure.self) { try prices("10", "10", "10,10.01,1") }
    #expect(throws: Failure.self) { try prices("10", "10.01", "10,10,1") }
    for factor in ["0", "-1"] {
      let row = "A,2024-01-02,10,10,10,10,100,\(factor)"
      #expect(throws: Failure.self) { try bars("\(Self.header)\n\(row)\n") }
    }
  }

  @Test("tables of days keep them, and NDJSON has them from its first row on")
  func otherForms() throws {
    let table = try bars(
      "\(Self.header),limit_up\nA,2024-01-02,10,11,9,10,100,2,11\nA,2024-01-03,10,11,9,10,9,2,\n")
    let again = BarDays(BarSelection())
    var (first, second): ([[UInt8]], [[UInt8]]) = ([], [])
    try table.days(BarSelection()) { day in
      first.append(day.array.bytes)
      try again.add(day.array, ByteReader([])) { second.append($0.array.bytes) }
    }
    #expect(first == second && first.count == 2)
    let row =
      #"{"instrument":"A","date":"2024-01-02","open":1,"high":1,"low":1,"close":1,"volume":1"#
    #expect(try limits(row + #","tradable":0}"#) == ["A 2024-01-02 nan nan 0.0"])
  }
}
