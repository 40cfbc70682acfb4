import CZlib
import Mechanics
import Testing

@testable import Streams

struct PNGTests {
  private func pictures(_ bytes: [UInt8]) throws -> [Picture] {
    try reading(bytes) { input in
      var pictures: [Picture] = []
      try input.pictures { pictures.append($0) }
      return pictures
    }
  }

  private func random(_ width: Int, _ height: Int, _ texts: [(keyword: String, text: String)])
    -> Picture
  {
    var random = SplitMix64(seed: UInt64(width * 1000 + height))
    let samples = (0..<width * height).map { _ in UInt8.random(in: 0...255, using: &random) }
    return Picture(width: width, height: height, samples: samples, texts: texts)
  }

  private let texts = [
    (keyword: "id", text: "zwölf \"1\""), (keyword: "group", text: "2/5"),
    (keyword: "box", text: ""),
  ]

  @Test func picturesAndTextsComeBack() throws {
    let all = [
      random(1, 1, []), random(28, 28, texts), random(257, 3, texts), random(1, 100, texts),
    ]
    let bytes = try written { for picture in all { try $0.write(picture) } }
    #expect(try pictures(bytes) == all)
  }

  @Test func textsThatAreNotUTF8AreLatin1() throws {
    var bytes = try written { try $0.write(random(2, 2, [("id", "caf#")])) }
    let place = try #require(bytes.indices.first { bytes[$0...].starts(with: "caf#".utf8) })
    // With the checksum of its chunk, as Python's zlib.crc32 has it.
    bytes.replaceSubrange(place + 3..<place + 8, with: [0xe9, 0xbb, 0xc3, 0x0b, 0x00])
    #expect(try pictures(bytes)[0].text("id") == "café")
  }

  @Test("of what else a picture says, only what the pixels mean is kept, and texts up to a limit")
  func otherChunks() throws {
    func bigEndian(_ number: UInt32) -> [UInt8] {
      withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }
    func chunk(_ kind: String, _ data: [UInt8]) -> [UInt8] {
      let content = Array(kind.utf8) + data
      let sum = UInt32(truncatingIfNeeded: crc32(0, content, UInt32(content.count)))
      return bigEndian(UInt32(data.count)) + content + bigEndian(sum)
    }
    let picture = random(28, 28, texts)
    let bytes = try written { try $0.write(picture) }
    let place = try #require(bytes.indices.first { bytes[$0...].starts(with: "IDAT".utf8) }) - 4
    func with(_ chunks: [UInt8]) throws -> [Picture] {
      try pictures(Array(bytes[..<place]) + chunks + Array(bytes[place...]))
    }
    #expect(try with(chunk("eXIf", [UInt8](repeating: 7, count: 100_000))) == [picture])
    #expect(try with(chunk("gAMA", [0, 0, 0xb1, 0x8f])) == [picture])
    #expect(message { _ = try with(chunk("ABCD", [])) }.contains("picture 1: "))
    let large = [UInt8](repeating: 0x61, count: 500_000)
    #expect(
      try with(chunk("tEXt", [0x6b, 0] + large) + chunk("tEXt", [0x6b, 0] + large))[0].texts.count
        == 5)
    let short = [[UInt8]](repeating: chunk("tEXt", [0x6b, 0]), count: 17_000)
    for text in [chunk("tEXt", [0x6b, 0] + large + large + large), Array(short.joined())] {
      #expect(
        message { _ = try with(text) }
          == "in: picture 1: texts are over 1048576 bytes, and 64 for each")
    }
  }

  @Test func coloursBecomeGrey() throws {
    let samples: [UInt8] = [255, 255, 255, 0, 0, 0, 128, 128, 128]
    let colour = Picture(width: 3, height: 1, channels: 3, samples: samples)
    #expect(try pictures(written { try $0.write(colour) })[0].samples == [255, 0, 128])
  }

  @Test func knownBytes() throws {
    // A black and a white pixel: signature, IHDR and IEND as the specification has them.
    let bytes = try written { try $0.write(Picture(width: 2, height: 1, samples: [0, 255])) }
    let head: [UInt8] = [
      0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0,
      2,
      0, 0, 0, 1, 8, 0, 0, 0, 0, 0xd1, 0x49, 0x20, 0x56,
    ]
    #expect(bytes.starts(with: head))
    #expect(bytes.suffix(12) == [0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82])
  }

  @Test func picturesThatCannotBe() {
    for side in [0, 1 << 24] {
      let picture = Picture(width: side, height: 1, samples: [UInt8](repeating: 0, count: side))
      #expect(throws: Failure.self) { _ = try written { try $0.write(picture) } }
    }
  }

  @Test func everyTruncationIsAnError() throws {
    let bytes = try written { try $0.write(random(9, 7, texts)) }
    for length in 1..<bytes.count {
      let text = message { _ = try pictures(Array(bytes[..<length])) }
      #expect(text.hasPrefix("in: picture 1: ") && text.contains("is cut short: expected "))
    }
    #expect(
      message { _ = try pictures(bytes + bytes.dropLast()) }
        == "in: picture 2: checksum of IEND is cut short: expected 4 bytes, got 3")
  }

  @Test func everyDamagedByteIsAnError() throws {
    let bytes = try written { try $0.write(random(9, 7, texts)) }
    for place in bytes.indices {
      var damaged = bytes
      damaged[place] ^= 0x40
      #expect(throws: Failure.self) { _ = try pictures(damaged) }
    }
    var damaged = bytes
    damaged[16] ^= 1
    #expect(
      message { _ = try pictures(damaged) } == "in: picture 1: checksum of chunk IHDR is wrong")
  }

  @Test func notPNGAtAll() {
    #expect(
      message { _ = try pictures(Array("P5 1 1 255\n".utf8)) }
        == "in: picture 1: not a PNG file: it does not start with \\x89PNG"
        + SourceKind.text.sentence)
  }

  @Test func aBadPictureAmongGoodOnesIsDropped() throws {
    let bytes = try written { for side in 1...3 { try $0.write(random(side, side, [])) } }
    try reading(bytes, skipBad: true) { input in
      var widths: [Int] = []
      try input.pictures { picture in
        guard picture.width != 2 else { throw PNGError("too even") }
        widths.append(picture.width)
      }
      #expect(widths == [1, 3])
      #expect(input.badRecords.dropped == 1)
    }
  }
}
