import Days
import Streams

/// The rows of a table of bars, with the fields of `BarDay`; factor, vwap, change and member may be
/// missing.
struct BarTable {
  private let table: NpyArray
  private let key: DayKey
  private let columns: [(BarColumn, NpyField)]
  private let member: NpyField?

  /// Finds the fields; throws what is missing or of another type.
  init(_ table: NpyArray) throws {
    self.table = table
    key = try DayKey(table)
    columns = try BarColumn.allCases.compactMap { column in
      guard BarColumn.required.contains(column) || table.field(column.name) != nil else {
        return nil
      }
      return (column, try table.field(column.name, .float32))
    }
    member = try table.field("member").map { try table.field($0.name, .uint8) }
  }

  /// Whether there are fields of limits.
  var hasLimits: Bool { columns.contains { BarColumn.ofLimits.contains($0.0) } }

  /// Whether there are rows, all of one day.
  var isOneDay: Bool { (try? DayTable(table)) != nil }

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
          let place = start / rowSize
          try body(
            key.code(table, row: place), key.day(table, row: place), row,
            member.map { fields[$0.offset] != 0 })
        } catch {
          try input.badRecords.attempt("\(input.name): row \(start / rowSize + 1) of a table") {
            throw error
          }
        }
      }
    }
  }
}
