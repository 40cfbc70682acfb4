import Days
import Streams

/// The rows of a table of bars, with the fields of `DayTable`; factor, vwap, change and member may be
/// missing.
struct BarTable {
  private let table: NpyArray
  private let instrument: NpyField
  private let date: NpyField
  private let columns: [(BarColumn, NpyField)]
  private let member: NpyField?

  /// Finds the fields; throws what is missing or of another type.
  init(_ table: NpyArray) throws {
    self.table = table
    guard let instrument = table.field("instrument"), case .bytes = instrument.scalar else {
      throw DayError.rule("table has no field 'instrument' of bytes")
    }
    self.instrument = instrument
    date = try table.field("date", .day)
    columns = try BarColumn.allCases.compactMap { column in
      guard BarColumn.required.contains(column) || table.field(column.name) != nil else {
        return nil
      }
      return (column, try table.field(column.name, .float32))
    }
    member = try table.field("member").map { try table.field($0.name, .uint8) }
  }

  /// The day of all rows; nil where they have not one.
  var day: Day? {
    guard let days = try? DayKey(table).day(table) else { return nil }
    return days
  }

  /// Calls `body` for every row; a row that breaks a rule is a bad record of its own.
  ///
  /// `isMember` is nil where the table does not tell.
  func forEach(
    _ input: ByteReader,
    _ body: (_ code: InstrumentCode, _ day: Day, _ row: RawBar, _ isMember: Bool?) throws -> Void
  ) throws {
    var row = RawBar()
    let rowSize = table.type.size
    try table.bytes.withUnsafeBytes { bytes in
      for start in stride(from: 0, to: bytes.count, by: rowSize) {
        let fields = UnsafeRawBufferPointer(rebasing: bytes[start..<start + rowSize])
        for (column, field) in columns {
          row[column] = Double(
            fields.loadUnaligned(fromByteOffset: field.offset, as: Float.self))
        }
        do {
          try body(code(fields), day(fields), row, member.map { fields[$0.offset] != 0 })
        } catch {
          try input.badRecords.attempt("\(input.name): row \(start / rowSize + 1) of a table") {
            throw error
          }
        }
      }
    }
  }

  private func code(_ row: UnsafeRawBufferPointer) throws -> InstrumentCode {
    let text = row[instrument.offset..<instrument.offset + instrument.size]
    let end = text.lastIndex { $0 != 0 }.map { $0 + 1 } ?? text.startIndex
    return try InstrumentCode(UnsafeRawBufferPointer(rebasing: text[..<end]))
  }

  private func day(_ row: UnsafeRawBufferPointer) throws -> Day {
    let number = row.loadUnaligned(fromByteOffset: date.offset, as: Int64.self)
    guard let day = Day(stored: number) else {
      throw DayError.date(number == .min ? "NaT" : "\(number) days from 1970-01-01")
    }
    return day
  }
}
