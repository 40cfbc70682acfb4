import Testing

@testable import Streams

@Suite struct NpyHeaderTests {
  /// `numpy.lib.format`: `padlen = 64 - (prefix + len(header) + 1) % 64`, which is 64 where none is missing.
  @Test("a header of any length is padded as NumPy's is")
  func padding() {
    for length in 0..<200 {
      let bytes = NpyHeader.bytes("'<f4'" + String(repeating: " ", count: length), [3])
      let text = bytes.dropLast().reversed().drop { $0 == UInt8(ascii: " ") }.count
      // Room for the first dimension to grow, and the line's end.
      let least = text + 20 + 1
      #expect(bytes.count == least + 64 - least % 64, "\(length)")
      #expect(bytes.last == UInt8(ascii: "\n"))
    }
  }
}
