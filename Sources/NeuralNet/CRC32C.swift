/// The cyclic redundancy check of Castagnoli, as TFRecord files use it.
///
/// Source: RFC 3720, appendix B.4; the mask is that of TensorFlow's `lib/hash/crc32c.h`.
enum CRC32C {
  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in
      value & 1 == 1 ? value >> 1 ^ 0x82f6_3b78 : value >> 1
    }
  }

  /// The check of some bytes.
  static func check(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~0) { crc, byte in crc >> 8 ^ table[Int(UInt8(truncatingIfNeeded: crc) ^ byte)] }
  }

  /// The check, turned and shifted so that it may itself be part of checked data.
  static func masked(_ bytes: some Sequence<UInt8>) -> UInt32 {
    let crc = check(bytes)
    return (crc >> 15 | crc << 17) &+ 0xa282_ead8
  }
}
