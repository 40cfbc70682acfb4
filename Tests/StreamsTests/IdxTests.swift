import Testing

@testable import Streams

struct IdxTests {
  private func idx(_ bytes: [UInt8]) throws -> IdxFile {
    try reading(bytes) { input in
      #expect(try input.nextSource())
      return try input.idx()
    }
  }

  private let file: [UInt8] = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6]

  @Test func plainAndGzipped() throws {
    for bytes in [file, gzip(file)] {
      let read = try idx(bytes)
      #expect(read.shape == [2, 3])
      #expect(read.bytes == [1, 2, 3, 4, 5, 6])
    }
  }

  @Test func everyTruncationIsAnError() {
    for length in 0..<file.count {
      let text = message { _ = try idx(Array(file[..<length])) }
      #expect(text.contains("expected ") && text.contains(" bytes, got "))
    }
  }

  @Test func refusedByName() {
    #expect(
      message { _ = try idx(file + [7]) }
        == "in: idx data goes on after its 6 bytes of shape (2, 3)")
    for (type, name) in [
      (UInt8(9), "signed bytes"), (0x0b, "16-bit integers"), (0x0c, "32-bit integers"),
      (0x0d, "32-bit floats"), (0x0e, "64-bit floats"),
    ] {
      #expect(
        message { _ = try idx([0, 0, type, 0]) }
          == "in: idx file holds \(name), expected unsigned bytes")
    }
    #expect(message { _ = try idx([0, 0, 7, 0]) } == "in: idx type is not 8, unsigned bytes: 7")
    #expect(
      message { _ = try idx([1, 0, 8, 0]) }
        == "in: not an idx file: it does not start with two zero bytes")
    let huge: [UInt8] = [0, 0, 8, 3] + [UInt8](repeating: 255, count: 12)
    #expect(
      message { _ = try idx(huge) }
        == "in: idx shape (4294967295, 4294967295, 4294967295) overflows")
    #expect(
      message { _ = try idx([0, 0, 8, 1, 255, 255, 255, 255, 1]) }
        == "in: idx data of shape (4294967295,): expected 4294967295 bytes, got 1")
  }
}
