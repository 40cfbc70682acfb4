import Days
import Streams

/// The rows of one trading day, as `bars` and `simbars` write them: one npy array.
///
/// A row is 57 bytes: instrument S16, date <M8[D], the eight values of a `Bar` as <f4, and member |u1,
/// which is 1 where the instrument belongs to the market on that day. Where the source has columns of
/// limits, three more <f4 follow: limit_up, limit_down, tradable.
public struct BarDay {
  /// The fields of a row.
  public static let fields: [NpyField] =
    [NpyField("instrument", .bytes(InstrumentCode.size)), NpyField("date", .day)]
    + Bar.names.map { NpyField($0, .float32) } + [NpyField("member", .uint8)]

  private static let type = NpyType.table(fields)
  private static let typeWithLimits = NpyType.table(
    fields + TradingLimits.names.map { NpyField($0, .float32) })
  private static let limitsOffset = 57

  /// The trading day.
  public let day: Day
  private var bytes: [UInt8] = []
  private let type: NpyType
  private let rowSize: Int

  /// An empty table of a day, with memory for so many rows; with fields of limits or without.
  public init(_ day: Day, rows: Int = 0, hasLimits: Bool = false) {
    self.day = day
    type = hasLimits ? Self.typeWithLimits : Self.type
    rowSize = Self.limitsOffset + (hasLimits ? 12 : 0)
    bytes.reserveCapacity(rows * rowSize)
  }

  /// How many rows there are.
  public var count: Int { bytes.count / rowSize }

  /// Whether an instrument belongs to the market on that day.
  public var hasMember: Bool {
    stride(from: 56, to: bytes.count, by: rowSize).contains { bytes[$0] == 1 }
  }

  /// Adds a row; the rows of a day are in order of their codes.
  public mutating func append(
    _ code: InstrumentCode, _ bar: Bar, isMember: Bool, limits: TradingLimits = .none
  ) {
    withUnsafeTemporaryAllocation(byteCount: Self.limitsOffset + 16, alignment: 8) { row in
      guard let row = UnsafeMutableRawPointer(row.baseAddress) else { return }
      code.store(to: row)
      row.storeBytes(of: Int64(day.number).littleEndian, toByteOffset: 16, as: Int64.self)
      row.storeBytes(of: bar.values, toByteOffset: 24, as: SIMD8<Float>.self)
      row.storeBytes(of: isMember ? 1 : 0, toByteOffset: 56, as: UInt8.self)
      row.storeBytes(of: limits.values, toByteOffset: Self.limitsOffset, as: SIMD4<Float>.self)
      bytes.append(contentsOf: UnsafeRawBufferPointer(start: row, count: rowSize))
    }
  }

  /// Calls `body` for every row.
  func forEach(_ body: (_ code: InstrumentCode, _ bar: Bar, _ isMember: Bool) -> Void) {
    bytes.withUnsafeBytes { bytes in
      for start in stride(from: 0, to: bytes.count, by: rowSize) {
        let values = bytes.loadUnaligned(fromByteOffset: start + 24, as: SIMD8<Float>.self)
        body(
          InstrumentCode(stored: bytes, at: start), Bar(values),
          bytes[start + 56] == 1)
      }
    }
  }

  /// The table as an array of the stream.
  public var array: NpyArray { NpyArray(type: type, shape: [count], bytes: bytes) }
}
