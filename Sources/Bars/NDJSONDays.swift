import Days
import Streams

extension ByteReader {
  /// Bars of the current source, one object a line, as tables of a day each: a day ends where the next
  /// begins.
  ///
  /// Keys are the fields of `DayTable`; vwap, factor, change and member may be missing, null is NaN.
  public func barDaysOfSource(_ body: (NpyArray) throws -> Void) throws {
    var day: Day?
    var table: DayTable?
    try ndjsonOfSource { row in
      let date = try row.require("date")
      guard let text = date.string, let next = Day(text) else {
        throw date.failure("date must be \"YYYY-MM-DD\"")
      }
      let code = try row.require("instrument")
      guard let name = code.string else { throw code.failure("instrument must be a string") }
      let instrument = try InstrumentCode(name)
      var values = SIMD8<Float>(repeating: .nan)
      for (place, field) in Bar.names.enumerated() {
        guard let value = place < 5 ? try row.require(field) : row[field] else { continue }
        guard value.kind == .null || value.double != nil else {
          throw value.failure("\(field) must be a number or null")
        }
        values[place] = value.double.map { Float($0) } ?? .nan
      }
      let member = row["member"]
      guard let isMember = member.map({ $0.bool ?? $0.double.map { $0 != 0 } }) ?? true else {
        throw (member ?? row).failure("member must be true, false, 1 or 0")
      }
      if next != day {
        let done = table?.array
        (day, table) = (next, DayTable(next))
        table?.append(instrument, Bar(values), isMember: isMember)
        if let done { try body(done) }
      } else {
        table?.append(instrument, Bar(values), isMember: isMember)
      }
    }
    if let table { try body(table.array) }
  }
}
