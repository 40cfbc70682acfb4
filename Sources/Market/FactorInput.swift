import Streams

/// The sixteen bytes of an instrument's code in a table, to be looked up without a look at them.
public struct InstrumentKey: Hashable, Comparable, Sendable {
  /// The bytes as big-endian numbers, so that their order is that of the text.
  let high: UInt64
  let low: UInt64

  /// The key of so many bytes, 16 at most.
  @inline(__always)
  public init(_ bytes: UnsafeRawPointer, _ count: Int) {
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

  /// The order of the bytes.
  @inline(__always)
  public static func < (one: Self, other: Self) -> Bool {
    one.high != other.high ? one.high < other.high : one.low < other.low
  }

  /// The code, checked.
  public var code: InstrumentCode {
    get throws {
      try withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { bytes in
        let end = bytes.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0
        return try InstrumentCode(UnsafeRawBufferPointer(rebasing: bytes[..<end]))
      }
    }
  }
}

/// One trading day of bars as it comes: which field of the table is where.
struct FactorInput {
  let array: NpyArray
  let instrument: NpyField
  let day: Day
  /// Open, high, low, close, volume and vwap.
  let values: [NpyField]
  let member: NpyField?
  /// What passes through.
  let others: [NpyField]
  static let names = ["open", "high", "low", "close", "volume", "vwap"]
  private static let known = Set(
    Bar.names + ["instrument", "date", "member"])

  /// Finds the fields; throws what is missing or of another type.
  ///
  /// All rows must be of one day. A table without rows is nil: it names no day.
  init?(_ array: NpyArray) throws {
    let key = try DayKey(array)
    self.array = array
    instrument = key.instrument
    values = try Self.names.map { try array.number($0) }
    member = try array.field("member").map { try array.field($0.name, .uint8) }
    guard case .structured(let fields) = array.type else { return nil }
    others = fields.filter { !Self.known.contains($0.name) }
    guard let day = try key.day(array) else { return nil }
    self.day = day
  }
}
