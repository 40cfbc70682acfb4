import Streams

/// An instrument's code as it stands in a table: up to 16 bytes, padded with NUL.
struct InstrumentCode: Hashable, Comparable {
  /// The bytes as big-endian numbers, so that their order is that of the text.
  let high: UInt64
  let low: UInt64

  /// The code of so many bytes.
  @inline(__always)
  init(_ bytes: UnsafeRawPointer, _ count: Int) {
    if count == 16 {
      high = UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self))
      low = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
      return
    }
    var padded: (UInt64, UInt64) = (0, 0)
    withUnsafeMutableBytes(of: &padded) {
      $0.copyMemory(from: UnsafeRawBufferPointer(start: bytes, count: count))
    }
    (high, low) = (UInt64(bigEndian: padded.0), UInt64(bigEndian: padded.1))
  }

  @inline(__always)
  static func < (one: Self, other: Self) -> Bool {
    one.high != other.high ? one.high < other.high : one.low < other.low
  }

  /// The 16 bytes.
  var bytes: [UInt8] {
    withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { Array($0) }
  }

  /// The text, for messages.
  var text: String { String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
}

/// One trading day of bars as it comes: which field of the table is where.
struct BarTable {
  let array: NpyArray
  let instrument: NpyField
  let day: Int64
  /// Open, high, low, close, volume and vwap.
  let values: [NpyField]
  let member: NpyField?
  /// What passes through.
  let others: [NpyField]
  private static let names = ["open", "high", "low", "close", "volume", "vwap"]
  private static let known = Set(names + ["instrument", "date", "factor", "change", "member"])

  /// Finds the fields; throws what is missing or of another type.
  ///
  /// All rows must be of one day. A table without rows is nil: it names no day.
  init?(_ array: NpyArray) throws {
    guard case .structured(let fields) = array.type, array.shape.count == 1 else {
      throw MarketError("expected a table of bars, got a plain array")
    }
    self.array = array
    let key = try DayTable.key(array)
    instrument = key.instrument
    values = try Self.names.map { name in
      guard let field = array.field(name) else {
        throw MarketError("table has no field '\(name)'")
      }
      guard field.scalar == .float32 || field.scalar == .float64, field.shape.isEmpty else {
        throw MarketError("field '\(name)' must be <f4 or <f8: \(field.scalar.description)")
      }
      return field
    }
    member = array.field("member")
    if let member, member.scalar != .uint8 || !member.shape.isEmpty {
      throw MarketError("field 'member' must be |u1: \(member.scalar.description)")
    }
    others = fields.filter { !Self.known.contains($0.name) }
    guard let day = try DayTable.day(array, key.date) else { return nil }
    self.day = day
  }
}

/// What every table of the market has: an instrument and a date in each row.
enum DayTable {
  /// The fields `instrument` and `date`; throws where one is missing or of another type.
  static func key(_ array: NpyArray) throws -> (instrument: NpyField, date: NpyField) {
    guard let instrument = array.field("instrument") else {
      throw MarketError("table has no field 'instrument'")
    }
    guard case .bytes(1...16) = instrument.scalar, instrument.shape.isEmpty else {
      throw MarketError(
        "field 'instrument' must be S16 or shorter: \(instrument.scalar.description)")
    }
    guard let date = array.field("date") else { throw MarketError("table has no field 'date'") }
    guard date.scalar == .day, date.shape.isEmpty else {
      throw MarketError("field 'date' must be <M8[D]: \(date.scalar.description)")
    }
    return (instrument, date)
  }

  /// The day of all rows; nil where there are none.
  static func day(_ array: NpyArray, _ date: NpyField) throws -> Int64? {
    guard array.count > 0 else { return nil }
    let size = array.type.size
    return try array.bytes.withUnsafeBytes { bytes in
      let day = bytes.loadUnaligned(fromByteOffset: date.offset, as: Int64.self)
      guard Date.range.contains(day) else {
        throw MarketError("date of row 1 is none of the years 1 to 9999: \(day)")
      }
      for row in 1..<max(1, array.count) {
        let other = bytes.loadUnaligned(fromByteOffset: row * size + date.offset, as: Int64.self)
        guard other == day else {
          throw MarketError(
            "row \(row + 1) is of \(Date.text(other)), row 1 of \(Date.text(day)): "
              + "an array is one trading day")
        }
      }
      return day
    }
  }
}
