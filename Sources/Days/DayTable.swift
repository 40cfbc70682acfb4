import Streams

/// The fields that every row of a day's table has: an instrument and a date.
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

  /// The instrument of a row, checked.
  @inline(__always)
  public func code(_ array: NpyArray, row: Int) throws -> InstrumentCode {
    try array.bytes.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { throw DayError.code("") }
      return try InstrumentCode(
        field: start + row * array.type.size + instrument.offset, instrument.size)
    }
  }

  /// The date of a row, checked.
  @inline(__always)
  public func day(_ array: NpyArray, row: Int) throws -> Day {
    let number = array.bytes.withUnsafeBytes {
      $0.loadUnaligned(fromByteOffset: row * array.type.size + date.offset, as: Int64.self)
    }
    return try Day(field: number)
  }
}

/// The rows of one trading day, as they pass from tool to tool: a table with an instrument in each row
/// and the same date in all.
public struct DayTable {
  /// The table.
  public let array: NpyArray
  /// The day of all rows.
  public let day: Day
  /// Where instrument and date stand in a row.
  public let key: DayKey

  /// The rows of a table; nil where there are none, so that it names no day.
  ///
  /// Throws where a field is missing, and where the rows are not of one day.
  public init?(_ array: NpyArray) throws {
    key = try DayKey(array)
    guard let day = try array.day() else { return nil }
    self.array = array
    self.day = day
  }

  /// How many rows there are.
  public var count: Int { array.count }

  /// The instrument of each row.
  public func codes() throws -> [InstrumentCode] {
    let (size, width) = (array.type.size, key.instrument.size)
    return try array.bytes.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return [] }
      return try (0..<array.count).map { row in
        try InstrumentCode(field: start + row * size + key.instrument.offset, width)
      }
    }
  }

  /// The instrument of each row; throws where one has two rows.
  public func distinctCodes() throws -> [InstrumentCode] {
    let codes = try codes()
    var seen: Set<InstrumentCode> = []
    for (row, code) in codes.enumerated() where !seen.insert(code).inserted {
      throw DayError.rule("row \(row + 1): \(code) has a row of \(day) already")
    }
    return codes
  }
}
