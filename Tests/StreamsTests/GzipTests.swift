import CZlib
import Testing

@testable import Streams

/// A gzip member.
func gzip(_ bytes: [UInt8]) -> [UInt8] {
  var stream = z_stream()
  deflateInit2_(
    &stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
    Int32(MemoryLayout<z_stream>.size))
  defer { deflateEnd(&stream) }
  var packed = [UInt8](repeating: 0, count: bytes.count + bytes.count / 100 + 100)
  var input = bytes
  let count = input.withUnsafeMutableBufferPointer { input in
    packed.withUnsafeMutableBufferPointer { output in
      stream.next_in = input.baseAddress
      stream.avail_in = UInt32(input.count)
      stream.next_out = output.baseAddress
      stream.avail_out = UInt32(output.count)
      #expect(deflate(&stream, Z_FINISH) == Z_STREAM_END)
      return output.count - Int(stream.avail_out)
    }
  }
  return Array(packed[..<count])
}

struct GzipTests {
  private func all(_ input: ByteReader) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try input.forEachSource { bytes += try input.readAll(atMost: 1 << 30) }
    return bytes
  }

  private let text = (0..<2000).flatMap { Array("line \($0 * $0)\n".utf8) }

  @Test func membersFollowEachOther() throws {
    #expect(try reading(gzip(text), all) == text)
    #expect(try reading(gzip(text) + gzip([]) + gzip(text), all) == text + text)
    #expect(try reading(gzip(text) + [0, 0, 0], all) == text)
    #expect(try reading(gzip([]), all) == [])
  }

  @Test func longRunsUnfold() throws {
    // A few kilobytes that stand for megabytes: zlib holds output back when room ends.
    let zeros = [UInt8](repeating: 7, count: 5_000_000)
    #expect(try reading(gzip(zeros), all) == zeros)
  }

  @Test func everyTruncationIsAnError() throws {
    let packed = gzip(Array(text.prefix(300)))
    for length in 2..<packed.count {
      #expect(
        message { _ = try reading(Array(packed[..<length]), all) } == "in: gzip stream is cut short"
      )
    }
    let two = packed + packed
    for length in packed.count + 1..<two.count {
      #expect(
        message { _ = try reading(Array(two[..<length]), all) } == "in: gzip stream is cut short")
    }
  }

  @Test func damageIsAnError() throws {
    var packed = gzip(text)
    packed[packed.count - 6] ^= 1
    #expect(
      message { _ = try reading(packed, all) } == "in: gzip stream is damaged: incorrect data check"
    )
    #expect(
      message { _ = try reading(gzip(text) + [1, 2, 3], all) }
        == "in: gzip stream is damaged: incorrect header check")
  }

  @Test func onlyTheMagicBytesCount() throws {
    #expect(try reading([0x1f], all) == [0x1f])
    #expect(try reading([0x1f, 0x8a], all) == [0x1f, 0x8a])
  }
}
