/// What a QR code holds: bytes with their mode and length, filled up, and the codewords that correct errors,
/// interleaved.
///
/// Source: ISO/IEC 18004, 7.4 to 7.6, level M.
struct QRCodewords {
  /// The code's size: 21 modules a side, and four more for each version after the first.
  let version: Int
  /// In the order in which they are placed.
  let bytes: [UInt8]

  /// Blocks of each version with their codewords, of data and of correction: table 9, level M.
  private static let sizes: [(blocks: Int, data: Int, correction: Int)] = [
    (1, 16, 10), (1, 28, 16), (1, 44, 26), (2, 32, 18), (2, 43, 24), (4, 27, 16),
  ]

  /// Packs bytes into the smallest version that has room; nil where they are more than 106.
  init?(_ content: [UInt8]) {
    // Mode and length take 12 bits, and the end 4.
    guard let place = Self.sizes.firstIndex(where: { $0.blocks * $0.data - 2 >= content.count })
    else { return nil }
    version = place + 1
    let size = Self.sizes[place]
    let data = Self.packed(content, into: size.blocks * size.data)
    let blocks = (0..<size.blocks).map { Array(data[($0 * size.data)...].prefix(size.data)) }
    let corrections = blocks.map { Self.correction(of: $0, count: size.correction) }
    let columns =
      (0..<size.data).map { column in blocks.map { $0[column] } }
      + (0..<size.correction).map { column in corrections.map { $0[column] } }
    bytes = columns.flatMap(\.self)
  }

  /// Mode 4 (bytes), the length, the bytes, an end, and what fills up.
  private static func packed(_ content: [UInt8], into count: Int) -> [UInt8] {
    var halves: [UInt8] = [4, UInt8(content.count >> 4), UInt8(content.count & 15)]
    halves += content.flatMap { [$0 >> 4, $0 & 15] } + [0]
    var data = stride(from: 0, to: halves.count, by: 2).map { halves[$0] << 4 | halves[$0 + 1] }
    for filler in 0..<(count - data.count) { data.append(filler.isMultiple(of: 2) ? 0xec : 0x11) }
    return data
  }

  /// The remainder of Reed and Solomon's division of data, whose divisor has the powers of 2 in GF(256)
  /// for its roots.
  static func correction(of data: [UInt8], count: Int) -> [UInt8] {
    var divisor = [UInt8](repeating: 0, count: count - 1) + [1]
    var root: UInt8 = 1
    for _ in 0..<count {
      for place in 0..<count {
        divisor[place] = product(divisor[place], root)
        if place + 1 < count { divisor[place] ^= divisor[place + 1] }
      }
      root = product(root, 2)
    }
    var remainder = [UInt8](repeating: 0, count: count)
    for byte in data {
      let factor = byte ^ remainder.removeFirst()
      remainder.append(0)
      for place in 0..<count { remainder[place] ^= product(divisor[place], factor) }
    }
    return remainder
  }

  /// A product in GF(256) modulo x⁸ + x⁴ + x³ + x² + 1.
  private static func product(_ one: UInt8, _ other: UInt8) -> UInt8 {
    (0..<8).reversed().reduce(UInt8(0)) { sum, bit in
      (sum << 1) ^ (sum >> 7) &* 0x1d ^ (other >> UInt8(bit) & 1) &* one
    }
  }
}
