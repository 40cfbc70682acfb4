import Streams

/// What every table of the market has: an instrument and a date in each row.
public struct DayKey {
  /// The field `instrument`, of bytes.
  public let instrument: NpyField
  /// The field `date`.
  public let date: NpyField

  /// Finds the fields; throws where one is missing or of another type.
  public init(_ array: NpyArray) throws {
    guard case .structured = array.type, array.shape.count == 1 else {
      throw DayError.rule("expected a table with instrument and date, got a plain array")
    }
    guard let instrument = array.field("instrument") else {
      throw DayError.rule("table has no field 'instrument'")
    }
    guard case .bytes(1...InstrumentCode.size) = instrument.scalar, instrument.shape.isEmpty else {
      throw DayError.rule(
        "field 'instrument' must be S16 or shorter: '\(instrument.scalar.description)'")
    }
    self.instrument = instrument
    date = try array.field("date", .day)
  }

  /// The day of all rows; nil where there are none.
  public func day(_ array: NpyArray) throws -> Day? {
    let count = array.count
    guard count > 0 else { return nil }
    let size = array.type.size
    return try array.bytes.withUnsafeBytes { bytes in
      let first = bytes.loadUnaligned(fromByteOffset: date.offset, as: Int64.self)
      guard let day = Day(stored: first) else {
        throw DayError.date(first == .min ? "NaT" : "\(first) days from 1970-01-01")
      }
      for row in 1..<max(1, count) {
        let other = bytes.loadUnaligned(fromByteOffset: row * size + date.offset, as: Int64.self)
        guard other == first else {
          throw DayError.rule(
            "an array is one trading day, \(day) here: row \(row + 1) has another date")
        }
      }
      return day
    }
  }

  /// The code of each row, checked.
  public func codes(_ array: NpyArray) throws -> [InstrumentCode] {
    let (size, width) = (array.type.size, instrument.size)
    return try array.bytes.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return [] }
      return try (0..<array.count).map { row in
        try InstrumentCode(field: start + row * size + instrument.offset, width)
      }
    }
  }
}
