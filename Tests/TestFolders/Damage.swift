// A release build of all targets has neither the tests nor what they import.
#if DEBUG || TESTING
  import Mechanics
  import Testing

  @testable import Streams

  /// Turns bits of a file one at a time, at random, and expects each to be refused as bad data, naming
  /// the file.
  public func expectFlipsRefused(
    _ file: [UInt8], flips: Int = 200, location: SourceLocation = #_sourceLocation,
    _ read: (_ path: String) throws -> Void
  ) throws {
    var random = SplitMix64(seed: UInt64(file.count))
    try withFolder { folder in
      let path = "\(folder)/damaged"
      for _ in 0..<flips {
        let place = random.index(below: 8 * file.count)
        var damaged = file
        damaged[place / 8] ^= 1 << UInt8(place % 8)
        put(damaged, path)
        let error = #expect(throws: Failure.self, "bit \(place)", sourceLocation: location) {
          try read(path)
        }
        #expect(
          error?.status == .badData && error?.description.hasPrefix(path) == true,
          "bit \(place): \(error?.description ?? "")", sourceLocation: location)
      }
    }
  }

  /// A safetensors file with another text, and the checksum that belongs to it.
  public func changing(_ file: [UInt8], text key: String, to text: String) throws -> [UInt8] {
    let length = file[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = String(decoding: file[8..<8 + length], as: UTF8.self)
    let old = try #require(try Safetensors(file, name: "file").metadata[key])
    let pair = "\"\(key)\":\"\(old)\""
    try #require(header.contains(pair), "no text \(pair)")
    let start = SafetensorsChecksum.start.utf8.count
    let zeros = String(decoding: SafetensorsChecksum.zeros, as: UTF8.self)
    let changed =
      SafetensorsChecksum.start + zeros
      + header.dropFirst(start + zeros.utf8.count).replacing(pair, with: "\"\(key)\":\"\(text)\"")
    let count = withUnsafeBytes(of: UInt64(changed.utf8.count).littleEndian) { Array($0) }
    var result = count + Array(changed.utf8) + file[(8 + length)...]
    SafetensorsChecksum.seal(&result)
    return result
  }

  /// What no number of a file should be.
  public let extremes = [
    "-1", "0", "2147483648", "9007199254740993", "9223372036854775807", "abc", "", "nan", "-inf",
    "1e400",
  ]
#endif
