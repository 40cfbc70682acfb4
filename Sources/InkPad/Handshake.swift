/// How a WebSocket begins: RFC 6455, section 4.2.
///
/// The digest proves nothing but that both ends speak WebSocket; no secret depends on it.
enum Handshake {
  /// Whether a text is what 16 bytes look like in base 64.
  static func isKey(_ text: String) -> Bool {
    text.utf8.count == 24 && text.hasSuffix("==")
      && text.utf8.dropLast(2).allSatisfy(base64Digits.contains)
  }

  /// What a server answers to a browser's key.
  static func acceptance(of key: String) -> String {
    base64(sha1(Array("\(key)258EAFA5-E914-47DA-95CA-C5AB0DC85B11".utf8)))
  }
}

/// SHA-1: RFC 3174.
func sha1(_ message: [UInt8]) -> [UInt8] {
  var state: [UInt32] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0]
  var padded = message + [0x80]
  padded += [UInt8](repeating: 0, count: (120 - padded.count % 64) % 64)
  padded += bigEndian(UInt64(message.count) * 8)
  for block in stride(from: 0, to: padded.count, by: 64) {
    var words = (0..<16).map { word in
      padded[(block + 4 * word)..<(block + 4 * word + 4)].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    }
    for word in 16..<80 {
      words.append(
        rotated(words[word - 3] ^ words[word - 8] ^ words[word - 14] ^ words[word - 16], 1))
    }
    mix(words, into: &state)
  }
  return state.flatMap { bigEndian(UInt64($0)).suffix(4) }
}

private func mix(_ words: [UInt32], into state: inout [UInt32]) {
  var (a, b, c, d, e) = (state[0], state[1], state[2], state[3], state[4])
  for (round, word) in words.enumerated() {
    let (choice, constant): (UInt32, UInt32) =
      switch round {
      case ..<20: ((b & c) | (~b & d), 0x5a82_7999)
      case ..<40: (b ^ c ^ d, 0x6ed9_eba1)
      case ..<60: ((b & c) | (b & d) | (c & d), 0x8f1b_bcdc)
      default: (b ^ c ^ d, 0xca62_c1d6)
      }
    (a, b, c, d, e) = (rotated(a, 5) &+ choice &+ e &+ constant &+ word, a, rotated(b, 30), c, d)
  }
  for (place, value) in [a, b, c, d, e].enumerated() { state[place] &+= value }
}

private func rotated(_ word: UInt32, _ bits: UInt32) -> UInt32 {
  word << bits | word >> (32 - bits)
}

private let base64Digits = Array(
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

/// Bytes in base 64, filled up with `=`: RFC 4648.
func base64(_ bytes: [UInt8]) -> String {
  var text: [UInt8] = []
  for start in stride(from: 0, to: bytes.count, by: 3) {
    let group = bytes[start..<min(start + 3, bytes.count)]
    let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
    for place in 0..<4 {
      text.append(
        place <= group.count ? base64Digits[bits >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
    }
  }
  return String(decoding: text, as: UTF8.self)
}
