import Streams

/// An instrument's code, such as SH600000: 1 to 16 characters of printable ASCII, in capitals.
///
/// Codes are in order of their bytes, as in a sorted list of qlib. Small letters become capitals: qlib
/// lists codes so, and names folders in small letters, so that codes cannot differ by that alone.
public struct InstrumentCode: Hashable, Comparable, Sendable {
  /// The bytes, the first of them highest, padded with NUL.
  private let high: UInt64
  private let low: UInt64

  /// The length of the field `instrument` in tables.
  public static let size = 16

  /// A code from its bytes; throws where it is none.
  public init(_ bytes: UnsafeRawBufferPointer) throws {
    guard (1...Self.size).contains(bytes.count), bytes[0] != UInt8(ascii: ".") else {
      throw DayError.code(String(decoding: bytes, as: UTF8.self))
    }
    var words: (UInt64, UInt64) = (0, 0)
    for (place, byte) in bytes.enumerated() {
      guard Self.isAllowed(byte) else {
        throw DayError.code(String(decoding: bytes, as: UTF8.self))
      }
      let capital = (0x61...0x7a).contains(byte) ? byte - 0x20 : byte
      let shifted = UInt64(capital) << UInt64(56 - 8 * (place & 7))
      if place < 8 { words.0 |= shifted } else { words.1 |= shifted }
    }
    (high, low) = words
  }

  /// The code in a field of so many bytes, 16 at most, padded with NUL; throws where it is none.
  ///
  /// Tables are read row by row, so codes of digits and capitals are taken eight bytes at a time.
  @inline(__always)
  public init(field: UnsafeRawPointer, _ width: Int) throws {
    var words: (high: UInt64, low: UInt64) = (0, 0)
    if width == Self.size {
      words.high = UInt64(bigEndian: field.loadUnaligned(as: UInt64.self))
      words.low = UInt64(bigEndian: field.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    } else {
      withUnsafeMutableBytes(of: &words) {
        $0.copyMemory(from: UnsafeRawBufferPointer(start: field, count: width))
      }
      words = (UInt64(bigEndian: words.high), UInt64(bigEndian: words.low))
    }
    let isWhole = words.low == 0 || words.high & 0xff != 0
    if words.high != 0, isWhole, Self.isPlain(words.high), Self.isPlain(words.low) {
      (high, low) = words
    } else {
      self = try Self(checking: UnsafeRawBufferPointer(start: field, count: width))
    }
  }

  /// The code that `store` has put at an offset.
  public init(stored bytes: UnsafeRawBufferPointer, at offset: Int) {
    high = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    low = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self))
  }

  /// Whether all bytes but the NULs at the end are in "0"..."Z".
  @inline(__always)
  private static func isPlain(_ word: UInt64) -> Bool {
    let padding: UInt64 = (1 << UInt64(word.trailingZeroBitCount & ~7)) &- 1
    let bytes = word | (0x3030_3030_3030_3030 & padding)
    let notBelow = bytes &+ 0x5050_5050_5050_5050
    let above = bytes &+ 0x2525_2525_2525_2525
    return (bytes | ~notBelow | above) & 0x8080_8080_8080_8080 == 0
  }

  /// The bytes of a field, one by one.
  @inline(never)
  private init(checking field: UnsafeRawBufferPointer) throws {
    self = try Self(field.trimmed)
  }

  /// A code from a text; throws where it is none.
  public init(_ text: some StringProtocol) throws {
    self = try Array(text.utf8).withUnsafeBytes { try InstrumentCode($0) }
  }

  /// What can neither be a folder's name nor stand in a table is refused.
  private static func isAllowed(_ byte: UInt8) -> Bool {
    (0x21...0x7e).contains(byte) && byte != UInt8(ascii: "/") && byte != UInt8(ascii: "\\")
      && byte != UInt8(ascii: ",") && byte != UInt8(ascii: "\"")
  }

  /// The order of the bytes.
  public static func < (one: InstrumentCode, other: InstrumentCode) -> Bool {
    one.high != other.high ? one.high < other.high : one.low < other.low
  }

  /// Stores the 16 bytes of the field `instrument`.
  @inline(__always)
  public func store(to target: UnsafeMutableRawPointer) {
    target.storeBytes(of: high.bigEndian, as: UInt64.self)
    target.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
  }
}

extension InstrumentCode: CustomStringConvertible {
  /// The code without padding.
  public var description: String {
    withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}

extension NpyArray {
  /// The code in a field of bytes, of a row; throws where it is none.
  public func code(_ field: NpyField, row: Int) throws -> InstrumentCode {
    try bytes.withUnsafeBytes { bytes in
      let start = row * type.size + field.offset
      return try InstrumentCode(
        UnsafeRawBufferPointer(rebasing: bytes[start..<start + field.size]).trimmed)
    }
  }
}

extension UnsafeRawBufferPointer {
  /// Without the NULs at its end.
  fileprivate var trimmed: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: self[..<(lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0)])
  }
}

extension InstrumentCode {
  /// Whether its spelling says that it is an index, which nobody holds: `SH000300`, `SZ399006`, `^GSPC`,
  /// or the `INDEX` of a made-up market.
  ///
  /// No stock of Shanghai begins with 000; that of Shenzhen which does is another.
  public var isIndex: Bool {
    let text = description
    let isNumbered = ["SH000", "SZ399", "BJ899"].contains(String(text.prefix(5)))
    let isSuffixed =
      text.hasPrefix("000") && text.hasSuffix(".SH")
      || text.hasPrefix("399") && text.hasSuffix(".SZ")
    return isNumbered && text.utf8.count == 8 || isSuffixed || text.hasPrefix("^")
      || text == "INDEX"
  }

  /// What somebody may have meant who names an index.
  public var indexHint: String {
    let text = description
    return text.hasPrefix("SH000")
      ? "is it SZ\(text.dropFirst(2))?" : "is it a fund that has its own code?"
  }
}
