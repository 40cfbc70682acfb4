import Mechanics
import TestFolders
import Testing

@testable import Streams

/// Streams that end with a seal.
@Suite struct SealTests {
  private static func array(_ values: [Float]) throws -> NpyArray {
    var table = NpyTable([NpyField("name", .bytes(3)), NpyField("x", .float32)])
    for value in values {
      try table.append("ab")
      table.append([value])
    }
    return table.array
  }

  private static func arrays() throws -> [NpyArray] {
    [try array([1, 2, 3]), try array([]), try array([4])]
  }

  private static func written(_ arrays: [NpyArray], sealed: Bool = true) throws -> [UInt8] {
    try withFolder { folder in
      let output = try ByteWriter("\(folder)/stream")
      if sealed { output.sealArrays() }
      for array in arrays {
        // What is taken back is no part of the stream.
        output.write([1, 2, 3])
        output.rollback()
        output.write(array)
        try output.commit()
        if array.shape == [0] { try output.flush() }
      }
      try output.finish()
      return try #require(contents("\(folder)/stream"))
    }
  }

  /// What is read of a stream.
  private static func read(_ path: String, demanded: Bool = false) throws -> [NpyArray] {
    let reader = ByteReader([path])
    reader.demandsSeal = demanded
    var arrays: [NpyArray] = []
    try reader.arrays { arrays.append($0) }
    return arrays
  }

  private static func read(_ bytes: [UInt8], demanded: Bool = false) throws -> [NpyArray] {
    try withFolder { folder in
      put(bytes, "\(folder)/stream")
      return try read("\(folder)/stream", demanded: demanded)
    }
  }

  @Test("a seal is no data, and all before it but a tab is as without it")
  func written() throws {
    let arrays = try Self.arrays()
    for part in [arrays, [arrays[1]], []] {
      let (plain, sealed) = (try Self.written(part, sealed: false), try Self.written(part))
      let differing = zip(plain, sealed).filter { $0 != $1 }
      #expect(differing.map { [$0.0, $0.1] } == (part.isEmpty ? [] : [[0x20, 0x09]]))
      #expect(sealed.count == plain.count + 192)
      let digits = SHA256.digits(sealed.dropLast(192))
      let end = String(decoding: sealed.suffix(182), as: UTF8.self)
      #expect(
        end.hasPrefix(
          "{'descr': [('sha256:\(digits)', '|u1')], 'fortran_order': False, 'shape': (0,), }"))
      for demanded in [false, true] {
        #expect(try Self.read(sealed, demanded: demanded).map(\.bytes) == part.map(\.bytes))
      }
    }
  }

  @Test("every bit of a sealed stream")
  func bits() throws {
    let bytes = try Self.written([try Self.array([1, 2]), try Self.array([3])])
    try withFolder { folder in
      let path = "\(folder)/stream"
      for place in 0..<8 * bytes.count {
        var damaged = bytes
        damaged[place / 8] ^= 1 << UInt8(place % 8)
        put(damaged, path)
        let error = #expect(throws: Failure.self, "bit \(place)") { try Self.read(path) }
        #expect(error?.status == .badData, "bit \(place)")
      }
    }
  }

  @Test("cut anywhere, between two arrays too; going on behind the seal; a part left out")
  func cut() throws {
    let arrays = try Self.arrays()
    let bytes = try Self.written(arrays)
    for count in 1..<bytes.count {
      #expect(throws: Failure.self, "\(count)") { try Self.read(Array(bytes[..<count])) }
    }
    #expect(throws: Failure.self) { try Self.read([], demanded: true) }
    for more in [bytes, try Self.written(arrays, sealed: false), [0]] {
      let error = #expect(throws: Failure.self) { try Self.read(bytes + more) }
      #expect(error?.description.contains("goes on behind its seal") == true)
    }
    // The seal stays, and what it seals does not.
    let first = try Self.written([arrays[0]], sealed: false).count
    #expect(throws: Failure.self) { try Self.read(Array(bytes[first...])) }
    #expect(throws: Failure.self) { try Self.read(Array(bytes[..<first]) + bytes.suffix(192)) }
  }

  @Test("a seal that is asked for: streams without one, and what is no npy, are refused")
  func demanded() throws {
    let plain = try Self.written(try Self.arrays(), sealed: false)
    #expect(try Self.read(plain).count == 3)
    let error = #expect(throws: Failure.self) { try Self.read(plain, demanded: true) }
    #expect(error?.description.contains("--sealed asks for one") == true)
    try withFolder { folder in
      put(Array("{}\n".utf8), "\(folder)/lines")
      put(try Self.written([]), "\(folder)/sealed")
      let reader = ByteReader(["\(folder)/lines", "\(folder)/sealed"])
      reader.demandsSeal = true
      #expect(throws: Failure.self) { try reader.ndjson { _ in } }
    }
  }

  @Test("a large array, which is held as it is and not copied")
  func large() throws {
    let array = NpyArray(
      type: .plain(.uint8), shape: [3 << 20], bytes: [UInt8](repeating: 7, count: 3 << 20))
    let bytes = try Self.written([array, array])
    #expect(try Self.read(bytes, demanded: true).map(\.bytes) == [array.bytes, array.bytes])
  }
}
