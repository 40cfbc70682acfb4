import Streams

extension BarCollection {
  /// Reads every source of the input: CSV, NDJSON or npy, told apart by their first byte that is no
  /// blank.
  ///
  /// A row that breaks a rule is one bad record, named by its file and line.
  public func read(_ input: ByteReader) throws {
    let row = BarRowReader(self, input)
    try input.forEachSource {
      switch try Self.firstByte(input) {
      case nil: break
      case UInt8(ascii: "{"): try input.ndjsonOfSource { try row.add($0) }
      case 0x93: try input.arraysOfSource { try row.add($0) }
      default: try CSVBars.read(input, into: self)
      }
    }
    finish()
  }

  /// The first byte that tells; nil where there is none.
  ///
  /// A byte order mark is taken off.
  private static func firstByte(_ input: ByteReader) throws -> UInt8? {
    if try input.peek(1).first == 0xef, try input.peek(3).elementsEqual([0xef, 0xbb, 0xbf]) {
      input.skip(3)
    }
    var count = 1
    while case let head = try input.peek(count), head.count == count {
      guard let last = head.last, last <= 0x20, count < 1 << 16 else { return head.last }
      count += 1
    }
    return nil
  }
}

/// Rows of NDJSON objects and of npy tables.
private final class BarRowReader {
  private let bars: BarCollection
  private let input: ByteReader
  private var row = RawBar()

  init(_ bars: BarCollection, _ input: ByteReader) {
    (self.bars, self.input) = (bars, input)
  }

  /// One object: the names of the columns are its keys; null is a missing number, other keys are left.
  func add(_ object: JSONValue) throws {
    func text(_ key: String) throws -> String {
      let value = try object.require(key)
      guard let text = value.string else { throw value.failure("\(key) must be a string") }
      return text
    }
    let code = try InstrumentCode(try text("instrument"))
    let date = try text("date")
    guard let day = Day(date) else { throw MarketError.date(date) }
    for column in BarColumn.allCases {
      row[column] = try number(object, column)
    }
    try bars.add(code, day, row)
  }

  private func number(_ object: JSONValue, _ column: BarColumn) throws -> Double {
    guard let value = object[column.name] else {
      if BarColumn.required.contains(column) { _ = try object.require(column.name) }
      return .nan
    }
    if let number = value.double { return number }
    guard value.kind == .null else {
      throw value.failure("\(column.name) must be a number or null")
    }
    return .nan
  }

  /// One table with the fields of `DayTable`; factor, vwap, change and member may be missing.
  ///
  /// A row that breaks a rule is a bad record of its own.
  func add(_ table: NpyArray) throws {
    guard let instrument = table.field("instrument"), case .bytes = instrument.scalar else {
      throw MarketError.rule("table has no field 'instrument' of bytes")
    }
    let date = try table.field("date", .day)
    var columns: [(BarColumn, NpyField)] = []
    for column in BarColumn.allCases {
      if BarColumn.required.contains(column) || table.field(column.name) != nil {
        columns.append((column, try table.field(column.name, .float32)))
      }
      row[column] = .nan
    }
    let member = try table.field("member").map { try table.field($0.name, .uint8) }
    let rowSize = table.type.size
    try table.bytes.withUnsafeBytes { bytes in
      for start in stride(from: 0, to: bytes.count, by: rowSize) {
        let fields = UnsafeRawBufferPointer(rebasing: bytes[start..<start + rowSize])
        for (column, field) in columns {
          row[column] = Double(
            fields.loadUnaligned(fromByteOffset: field.offset, as: Float.self))
        }
        do {
          try bars.add(
            code(fields, instrument), day(fields, date), row,
            isMember: member.map { fields[$0.offset] != 0 })
        } catch {
          try input.badRecords.attempt("\(input.name): row \(start / rowSize + 1) of a table") {
            throw error
          }
        }
      }
    }
  }

  private func code(_ row: UnsafeRawBufferPointer, _ field: NpyField) throws -> InstrumentCode {
    let text = row[field.offset..<field.offset + field.size]
    let end = text.lastIndex { $0 != 0 }.map { $0 + 1 } ?? text.startIndex
    return try InstrumentCode(UnsafeRawBufferPointer(rebasing: text[..<end]))
  }

  private func day(_ row: UnsafeRawBufferPointer, _ field: NpyField) throws -> Day {
    let number = row.loadUnaligned(fromByteOffset: field.offset, as: Int64.self)
    guard let day = Int32(exactly: number).map(Day.init(number:)), Day.years.contains(day) else {
      throw MarketError.date(number == .min ? "NaT" : "\(number) days from 1970-01-01")
    }
    return day
  }
}
