import Days
import Streams
import Testing

@testable import Portfolio

@Suite struct QuoteDayTests {
  private func day(_ codes: [String]) throws -> QuoteDay? {
    let fields =
      [NpyField("instrument", .bytes(16)), NpyField("date", .day)]
      + ["close", "factor", "change"].map { NpyField($0, .float32) }
    var table = NpyTable(fields)
    for code in codes {
      try table.append(code)
      table.append(day: 17_000)
      for value in [Float(10), 1, 0] { table.append([value]) }
    }
    return try QuoteDay(table.array)
  }

  @Test("rows of a day are in order of their codes, each once")
  func order() throws {
    #expect(try day(["SH600000", "SH600001", "SZ000001"])?.codes.count == 3)
    let swapped = #expect(throws: DayError.self) { try day(["SH600001", "SH600000"]) }
    #expect(
      swapped.map { "\($0)" }?.contains(
        "rows of a day must be in order of their codes: SH600000 after SH600001") == true)
    #expect(throws: DayError.self) { try day(["SH600000", "SH600000"]) }
  }
}
