import TestFolders
import Testing

@testable import Streams

/// What is read at most, and that nothing is held twice.
struct LimitTests {
  /// An array of `count` bytes as its header claims it, and those bytes that are there.
  private func array(of count: Int, _ bytes: [UInt8]) -> [UInt8] {
    NpyHeader.bytes("'|u1'", [count]) + bytes
  }

  private func read(
    _ bytes: [UInt8], _ change: (inout ReadingLimits) -> Void = { _ in }
  ) throws -> [NpyArray] {
    try reading(bytes) { input in
      change(&input.limits)
      var arrays: [NpyArray] = []
      try input.arrays { arrays.append($0) }
      return arrays
    }
  }

  @Test("an array of --max-array is read, one of a byte more refused before it comes")
  func largestArray() throws {
    let bytes = array(of: 1000, [UInt8](repeating: 7, count: 1000))
    #expect(try read(bytes) { $0.array = 1000 }.map(\.count) == [1000])
    #expect(
      message { _ = try read(bytes) { $0.array = 999 } }
        == "in: array 1: array is over 999 bytes: 1000; see --max-array")
    #expect(
      message { _ = try read(array(of: 1 << 40, [])) }
        == "in: array 1: array is over 17179869184 bytes: 1099511627776; see --max-array")
    #expect(
      message { _ = try read(array(of: 1 << 33, [1, 2])) }
        == "in: array 1: array is cut short: expected 8589934592 bytes of data, got 2")
  }

  @Test("gzip unfolds to so many bytes, or so many times its own, or as many as were asked for")
  func unfolding() throws {
    let zeros = [UInt8](repeating: 0, count: 100_000)
    let packed = gzip(array(of: zeros.count, zeros))
    #expect(packed.count * ReadingLimits.unfolding < 50_000)
    #expect(try read(packed).map(\.bytes) == [zeros])
    #expect(
      message { _ = try read(packed) { $0.unfolded = 50_000 } }
        == "in: array 1: array is over 50000 bytes and 32 times its gzip: 100000 bytes; "
        + "see --max-array")
    let asked = try read(packed) { ($0.unfolded, $0.array) = (50_000, 100_000) }
    #expect(asked.map(\.bytes) == [zeros])
    // What does not pack is as large as it is.
    var random = SystemRandomNumberGenerator()
    let noise = (0..<100_000).map { _ in UInt8.random(in: 0...255, using: &random) }
    let loose = try read(gzip(array(of: noise.count, noise))) { $0.unfolded = 50_000 }
    #expect(loose.map(\.bytes) == [noise])
  }

  @Test("all of a file, or nothing where it is larger than it may be; also of what has no end")
  func wholeFile() throws {
    func all(_ path: String, _ most: Int) throws -> [UInt8] {
      let input = ByteReader([path])
      #expect(try input.nextSource())
      return try input.readAll(atMost: most)
    }
    try withFolder { folder in
      let path = "\(folder)/in"
      put([1, 2, 3], path)
      let three = try all(path, 3)
      #expect(three == [1, 2, 3])
      #expect(message { _ = try all(path, 2) } == "in: file is over 2 bytes: 3")
      put([], path)
      let none = try all(path, 0)
      #expect(none.isEmpty)
    }
    #expect(message { _ = try all("/dev/zero", 100_000) } == "zero: file is over 100000 bytes")
  }

  @Test("large arrays go out in their place among the rest, and are taken back with their record")
  func largeArrays() throws {
    let large = (0..<3).map { [UInt8](repeating: $0, count: (1 << 20) + Int($0)) }
    let bytes = try writtenToFile { writer in
      writer.write("a")
      writer.write(large[0])
      writer.write(large[1])
      writer.write("b")
      #expect(!writer.isAtRecordStart)
      try writer.commit()
      #expect(writer.isAtRecordStart)
      writer.write(large[2])
      #expect(!writer.isAtRecordStart)
      writer.rollback()
      #expect(writer.isAtRecordStart)
      writer.write("c")
      writer.write(large[2])
      try writer.flush()
      writer.write("d")
    }
    let expected = Array("a".utf8) + large[0] + large[1] + Array("bc".utf8) + large[2]
    #expect(bytes == expected + Array("d".utf8))
  }
}
