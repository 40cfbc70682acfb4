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
      throw MarketError.code(String(decoding: bytes, as: UTF8.self))
    }
    var words: (UInt64, UInt64) = (0, 0)
    for (place, byte) in bytes.enumerated() {
      guard Self.isAllowed(byte) else {
        throw MarketError.code(String(decoding: bytes, as: UTF8.self))
      }
      let capital = (0x61...0x7a).contains(byte) ? byte - 0x20 : byte
      let shifted = UInt64(capital) << UInt64(56 - 8 * (place & 7))
      if place < 8 { words.0 |= shifted } else { words.1 |= shifted }
    }
    (high, low) = words
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
  func store(to target: UnsafeMutableRawPointer) {
    target.storeBytes(of: high.bigEndian, as: UInt64.self)
    target.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
  }

  /// The folder of qlib's features: in small letters, and not a name that Windows keeps for itself.
  var folder: String {
    let name = description
    return (Self.reserved.contains(name) ? "_qlib_" : "") + name.lowercased()
  }

  private static let reserved: Set<String> = Set(
    ["CON", "PRN", "AUX", "NUL"] + (0...9).flatMap { ["COM\($0)", "LPT\($0)"] })
}

extension InstrumentCode: CustomStringConvertible {
  /// The code without padding.
  public var description: String {
    withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
