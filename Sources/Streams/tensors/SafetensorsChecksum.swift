/// The SHA-256 of a safetensors file, which stands in the file itself.
///
/// The first of its texts, and the first thing in its header, is `convoy_sha256`: the SHA-256 of the
/// whole file in which those 64 digits are zeros. So it is over the length, all names, types, shapes,
/// places, other texts and the data, and any program can check it.
enum SafetensorsChecksum {
  static let key = "convoy_sha256"
  static let zeros = [UInt8](repeating: UInt8(ascii: "0"), count: 64)
  /// How the header of a file that has one begins.
  static let start = "{\"__metadata__\":{\"\(key)\":\""
  private static let place = 8 + start.utf8.count

  /// Puts the checksum into a file that has zeros in its place.
  static func seal(_ file: inout [UInt8]) {
    file.replaceSubrange(place..<place + zeros.count, with: SHA256.digits(file).utf8)
  }

  /// Whether a file has a checksum; throws a `SafetensorsError` where it is not that of the file.
  ///
  /// A key that is nearly ours is ours with a bit that has turned: else such a file would be one
  /// without a checksum.
  static func check(_ file: [UInt8], _ texts: [String: String]) throws -> Bool {
    if let near = texts.keys.first(where: isNearly) {
      throw SafetensorsError(
        description: "safetensors: file is damaged: the text '\(near)' was '\(key)'")
    }
    guard texts[key] != nil else { return false }
    let digits = file.dropFirst(place).prefix(zeros.count)
    guard digits.count == zeros.count, file[8..<place].elementsEqual(start.utf8) else {
      throw SafetensorsError(
        description:
          "safetensors: '\(key)' is not the first text: leave it out of a file that is written anew"
      )
    }
    var hash = SHA256()
    hash.add(file[..<place])
    hash.add(zeros)
    hash.add(file[(place + zeros.count)...])
    guard digits.elementsEqual(hash.digits.utf8) else {
      throw SafetensorsError(
        description: "safetensors: file is damaged, or was written anew: its SHA-256 is "
          + "\(hash.digits), but '\(key)' says \(String(decoding: digits, as: UTF8.self))")
    }
    return true
  }

  /// Whether a text's key differs from ours in one bit, or in two.
  private static func isNearly(_ other: String) -> Bool {
    guard other.utf8.count == key.utf8.count else { return false }
    let bits = zip(other.utf8, key.utf8).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount }
    return (1...2).contains(bits)
  }
}
