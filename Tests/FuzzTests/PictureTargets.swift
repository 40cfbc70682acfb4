import CZlib

@testable import Ink
@testable import Streams

let pictureTargets = [
  FuzzTarget(
    "png",
    words: [
      "IHDR", "IDAT", "IEND", "tEXt", "PLTE", "tRNS", "iCCP", "gAMA", "id\u{0}", "group\u{0}1/2",
    ],
    seeds: { [try pictures(1), try pictures(2)] }
  ) { bytes in
    try readPictures(bytes)
    // A search does not find checksums, so that they are put right for it.
    try Array(bytes).withChunkSums.withUnsafeBytes(readPictures)
  },
  FuzzTarget(
    "gzip", seeds: { [gzipped("twice, twice, twice".utf8)] + samples("market/cases/ok.csv.gz") }
  ) { bytes in
    let whole = Result { try unpacked(bytes, piece: 1 << 16) }
    let inPieces = Result { try unpacked(bytes, piece: 7) }
    switch (whole, inPieces) {
    case (.success(let one), .success(let other)): try hold(one == other, "pieces differ")
    case (.failure, .failure): break
    default: throw BrokenProperty(description: "whole it is \(whole), in pieces \(inPieces)")
    }
    // What is packed by zlib itself comes back.
    let packed = gzipped(bytes)
    let back = try mustSucceed("what was packed") {
      try packed.withUnsafeBytes { try unpacked($0, piece: 1 << 16) }
    }
    try hold(back.elementsEqual(bytes), "packed and unpacked, it is another")
    _ = try whole.get()
  },
]

private func readPictures(_ bytes: UnsafeRawBufferPointer) throws {
  var pictures: [Picture] = []
  let failure = Result { try reading(bytes) { try $0.pictures { pictures.append($0) } } }
  var table = GlyphTable()
  for picture in pictures {
    if table.gap(before: picture) == nil { _ = try? table.add(picture) }
    let file = try mustSucceed("picture is written") { try written { try $0.write(picture) } }
    var back: [Picture] = []
    try mustSucceed("what was written") {
      try file.withUnsafeBytes { try reading($0) { try $0.pictures { back.append($0) } } }
    }
    try hold(back == [picture], "written and read, it is another picture")
  }
  try failure.get()
}

extension [UInt8] {
  /// The same with the right sum behind each chunk of a PNG file, as far as there are whole chunks.
  fileprivate var withChunkSums: [UInt8] {
    var bytes = self
    var place = pngSignature.count
    while place + 12 <= bytes.count {
      let length = bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
      let end = place + 8 + length
      guard end + 4 <= bytes.count else { break }
      let isLast = bytes[place + 4..<place + 8].elementsEqual("IEND".utf8)
      let sum = bytes[place + 4..<end].withUnsafeBufferPointer {
        UInt32(truncatingIfNeeded: crc32(0, $0.baseAddress, UInt32($0.count)))
      }
      for byte in 0..<4 {
        bytes[end + byte] = UInt8(truncatingIfNeeded: sum >> UInt32(24 - 8 * byte))
      }
      // The next picture follows at once.
      place = end + 4 + (isLast ? pngSignature.count : 0)
    }
    return bytes
  }
}

private func unpacked(_ bytes: UnsafeRawBufferPointer, piece: Int) throws -> [UInt8] {
  try reading(bytes) { input in
    _ = try input.nextSource()
    var result: [UInt8] = []
    // What a small file unfolds to is not kept beyond reason.
    while result.count < 1 << 22 {
      let bytes = try input.bytes(upTo: piece, place: input.name)
      if bytes.isEmpty { break }
      result += bytes
    }
    return result
  }
}

private func gzipped(_ bytes: some Collection<UInt8>) -> [UInt8] {
  var stream = z_stream()
  deflateInit2_(
    &stream, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
    Int32(MemoryLayout<z_stream>.size))
  defer { deflateEnd(&stream) }
  return [UInt8](unsafeUninitializedCapacity: bytes.count + bytes.count / 100 + 64) { room, count in
    var source = Array(bytes)
    source.withUnsafeMutableBufferPointer { source in
      stream.next_in = source.baseAddress
      stream.avail_in = UInt32(source.count)
      stream.next_out = room.baseAddress
      stream.avail_out = UInt32(room.count)
      deflate(&stream, Z_FINISH)
    }
    count = Int(stream.total_out)
  }
}

/// A stream of small pictures, each with the texts of a group.
private func pictures(_ count: Int) throws -> [UInt8] {
  try (1...count).flatMap { number in
    let texts = [
      ("id", "a"), ("group", "\(number)/\(count)"), ("first", "0"), ("last", "1"),
      ("box", "0 0 4 4"),
    ]
    let samples = (0..<16).map { UInt8($0 * 16) }
    return try written {
      try $0.write(Picture(width: 4, height: 4, samples: samples, texts: texts))
    }
  }
}
