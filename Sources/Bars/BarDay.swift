import Days
import Streams

/// The rows of one trading day, as `bars` and `simbars` write them: one npy array.
///
/// A row is 57 bytes: instrument S16, date <M8[D], the eight values of a `Bar` as <f4, and member |u1,
/// which is 1 where the instrument belongs to the market on that day.
public struct BarDay {
  /// The fields of a row.
  public static let fields: [NpyField] =
    [NpyField("instrument", .bytes(InstrumentCode.size)), NpyField("date", .day)]
    + Bar.names.map { NpyField($0, .float32) } + [NpyField("member", .uint8)]

  private static let type = NpyType.table(fields)
  private static let rowSize = 57

  /// The trading day.
  public let day: Day
  private var bytes: [UInt8] = []

  /// An empty table of a day, with memory for so many rows.
  public init(_ day: Day, rows: Int = 0) {
    self.day = day
    bytes.reserveCapacity(rows * Self.rowSize)
  }

  /// How many rows there are.
  public var count: Int { bytes.count / Self.rowSize }

  /// Whether an instrument belongs to the market on that day.
  public var hasMember: Bool {
    stride(from: Self.rowSize - 1, to: bytes.count, by: Self.rowSize).contains { bytes[$0] == 1 }
  }

  /// Adds a row; the rows of a day are in order of their codes.
  public mutating func append(_ code: InstrumentCode, _ bar: Bar, isMember: Bool) {
    withUnsafeTemporaryAllocation(byteCount: Self.rowSize, alignment: 8) { row in
      guard let row = UnsafeMutableRawPointer(row.baseAddress) else { return }
      code.store(to: row)
      row.storeBytes(of: Int64(day.number).littleEndian, toByteOffset: 16, as: Int64.self)
      row.storeBytes(of: bar.values, toByteOffset: 24, as: SIMD8<Float>.self)
      row.storeBytes(of: isMember ? 1 : 0, toByteOffset: 56, as: UInt8.self)
      bytes.append(contentsOf: UnsafeRawBufferPointer(start: row, count: Self.rowSize))
    }
  }

  /// Calls `body` for every row.
  func forEach(_ body: (_ code: InstrumentCode, _ bar: Bar, _ isMember: Bool) -> Void) {
    bytes.withUnsafeBytes { bytes in
      for start in stride(from: 0, to: bytes.count, by: Self.rowSize) {
        let values = bytes.loadUnaligned(fromByteOffset: start + 24, as: SIMD8<Float>.self)
        body(
          InstrumentCode(stored: bytes, at: start), Bar(values),
          bytes[start + Self.rowSize - 1] == 1)
      }
    }
  }

  /// The table as an array of the stream.
  public var array: NpyArray { NpyArray(type: Self.type, shape: [count], bytes: bytes) }
}
