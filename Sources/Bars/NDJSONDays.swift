import Days
import Streams

extension ByteReader {
  /// Bars of the current source, one object a line, as tables of a day each: a day ends where the next
  /// begins.
  ///
  /// Keys are the fields of `BarDay`; vwap, factor, change and member may be missing, null is NaN.
  public func barDaysOfSource(_ body: (NpyArray) throws -> Void) throws {
    var day: Day?
    var table: BarDay?
    try ndjsonOfSource { row in
      let (instrument, next) = try row.instrumentAndDay()
      var values = SIMD8<Float>(repeating: .nan)
      for (place, field) in Bar.names.enumerated() {
        values[place] = Float(
          try place < 5 ? row.requireNumber(orNull: field) : row.number(orNull: field))
      }
      let member = row["member"]
      guard let isMember = member.map({ $0.bool ?? $0.double.map { $0 != 0 } }) ?? true else {
        throw (member ?? row).failure("member must be true, false, 1 or 0")
      }
      if next != day {
        let done = table?.array
        (day, table) = (next, BarDay(next))
        table?.append(instrument, Bar(values), isMember: isMember)
        if let done { try body(done) }
      } else {
        table?.append(instrument, Bar(values), isMember: isMember)
      }
    }
    if let table { try body(table.array) }
  }
}
