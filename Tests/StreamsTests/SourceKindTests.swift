import Testing

@testable import Streams

@Suite struct SourceKindTests {
  /// The beginnings of files, by what they are.
  private let beginnings: [(SourceKind, [UInt8])] = [
    (.png, pngSignature), (.jpeg, [0xff, 0xd8, 0xff, 0xe0, 0, 0x10]), (.gif, Array("GIF89a".utf8)),
    (.pdf, Array("%PDF-1.7\n".utf8)), (.zip, Array("PK\u{3}\u{4}".utf8) + [20, 0]),
    (.packed, Array("BZh9".utf8)), (.packed, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0]),
    (.packed, [0x28, 0xb5, 0x2f, 0xfd, 4]), (.npy, npyMagic + [1, 0, 118, 0]),
    (.idx, [0, 0, 8, 3, 0, 0]), (.idx, [0, 0, 0x0d, 1]),
    (.safetensors, [80, 1, 0, 0, 0, 0, 0, 0, 0x7b]), (.xml, Array(" \n<?xml".utf8)),
    (.utf16, [0xff, 0xfe, 0x7b, 0]), (.utf16, [0xfe, 0xff, 0, 0x7b]), (.json, Array("{".utf8)),
    (.json, Array("\n [1".utf8)), (.text, Array("date,open".utf8)), (.text, Array("4".utf8)),
    (.json, [0xef, 0xbb, 0xbf, 0x7b]),
  ]

  @Test func firstBytesTell() {
    for (kind, bytes) in beginnings {
      #expect(bytes.withUnsafeBytes { SourceKind($0) } == kind, "\(kind)")
    }
    for bytes: [UInt8] in [
      [], [0], [0, 0, 7], [0x20, 0x0a], [1, 2, 3], [0x80, 0x20], [0x41, 0, 0],
    ] {
      #expect(bytes.withUnsafeBytes { SourceKind($0) } == nil, "\(bytes)")
    }
  }

  @Test func whatIsNoLineIsRefusedAsAWhole() throws {
    for (kind, bytes) in beginnings where kind.isNoJSON {
      let expected = "in: not NDJSON\(kind.sentence)"
      #expect(message { try reading(bytes) { try $0.ndjson { _ in } } } == expected)
      #expect(
        message { try reading(bytes) { try $0.textOrObjects(text: { _ in }, object: { _ in }) } }
          == expected)
      #expect(
        message {
          try reading(bytes) { reader in
            try reader.forEachSource { try reader.objectsOrArraysOfSource { _, _ in } }
          }
        } == expected)
    }
  }

  @Test func otherReadersSayWhatItIsToo() {
    #expect(
      message { try reading(pngSignature) { try $0.lines { _ in } } }
        == "in: not text: this is a PNG picture; center28 reads pictures")
    let json = Array("{}".utf8)
    #expect(
      message { try reading(json) { try $0.arrays { _ in } } }.hasSuffix(
        ": this is JSON; segment reads ink, expr-eval symbols, bars prices"))
    #expect(
      message { try reading(npyMagic) { try $0.pictures { _ in } } }.hasSuffix(
        ": this is an npy array; lenet-infer reads glyphs, describe any table"))
    #expect(
      message { try reading(pngSignature) { try $0.arrays { _ in } } }.hasSuffix(
        ": this is a PNG picture; center28 reads pictures"))
  }

  @Test func anArrayOverLinesIsHeldWithinTheLimitOfALine() {
    let text = "[\n" + String(repeating: "1,\n", count: 40) + "1]\n"
    let found = message {
      try reading(Array(text.utf8)) { reader in
        reader.limits.line = 60
        try reader.forEachSource { try reader.objectsOrArraysOfSource { _, _ in } }
      }
    }
    #expect(found == "in:1: array is over 60 bytes; see --max-line")
  }
}
