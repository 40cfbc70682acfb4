import Testing

@testable import Streams

@Suite struct SafetensorsTests {
  static func file(_ header: String, data: Int = 8) -> [UInt8] {
    let length = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) }
    return length + Array(header.utf8) + [UInt8](repeating: 0, count: data)
  }

  static let entry = #""dtype":"F32","shape":[2],"data_offsets":[0,8]"#

  @Test func readsWhatItWrites() throws {
    var writer = SafetensorsWriter()
    writer.add("note", "a \"quote\"\n×")
    [1, -2.5, 3].withUnsafeBufferPointer { writer.add("a", shape: [3, 1], $0) }
    writer.addHalves("b", shape: [2], [0x3c00, 0xbe00])
    let bytes = writer.bytes()
    #expect(bytes[..<8].reduce(0) { $0 + Int($1) } % 8 == 0)
    let file = try Safetensors(bytes, name: "test")
    #expect(file.metadata == ["note": "a \"quote\"\n×"])
    let a = try #require(file.entries["a"])
    #expect(a.shape == [3, 1])
    #expect(file.withBytes(a) { Array($0.bindMemory(to: Float.self)) } == [1, -2.5, 3])
    #expect(file.entries["b"]?.type == .float16)
  }

  @Test func refusesEveryTruncation() {
    let bytes = Self.file("{\"a\":{\(Self.entry)}}")
    for count in 0..<bytes.count {
      #expect(throws: (any Error).self) { try Safetensors(Array(bytes[..<count]), name: "t") }
    }
    #expect(throws: Never.self) { try Safetensors(bytes, name: "t") }
    #expect(throws: (any Error).self) { try Safetensors(bytes + [0], name: "t") }
  }

  @Test(arguments: [
    "[]", "{\"a\":{}}", "{\"a\":3}",
    #"{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}"#,
    #"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#,
    #"{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#,
    #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#,
    #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}}"#,
    #"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}"#,
    #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
    #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
    #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"__metadata__":{"x":1}}"#,
    #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}"#,
  ])
  func refuses(_ header: String) {
    #expect(throws: (any Error).self) { try Safetensors(Self.file(header), name: "t") }
  }

  @Test func refusesAnAbsurdHeader() {
    let bytes = [UInt8](repeating: 0xff, count: 16)
    #expect(throws: SafetensorsError.self) { try Safetensors(bytes, name: "t") }
  }

  /// A small file as the tools write them.
  static func written() -> [UInt8] {
    var writer = SafetensorsWriter()
    writer.add("processor", "test")
    [1, -2.5, 3].withUnsafeBufferPointer { writer.add("a", shape: [3], $0) }
    return writer.bytes()
  }

  @Test("the checksum is the SHA-256 of the file with zeros in its place")
  func checksum() throws {
    let bytes = Self.written()
    #expect(try Safetensors(bytes, name: "t").isChecked)
    let text = String(decoding: bytes, as: UTF8.self)
    let digits = try #require(text.firstMatch(of: #/"convoy_sha256":"([0-9a-f]{64})"/#)?.1)
    let place = try #require(bytes.firstRange(of: Array(digits.utf8)))
    var zeroed = bytes
    zeroed.replaceSubrange(place, with: [UInt8](repeating: UInt8(ascii: "0"), count: 64))
    #expect(SHA256.digits(zeroed) == digits)
  }

  @Test("every bit of a file that has a checksum")
  func bits() {
    let bytes = Self.written()
    for place in 0..<8 * bytes.count {
      var damaged = bytes
      damaged[place / 8] ^= 1 << UInt8(place % 8)
      #expect(throws: (any Error).self, "bit \(place)") { try Safetensors(damaged, name: "t") }
    }
  }

  @Test("files of other programs have none; one that was written anew says what to do")
  func others() throws {
    let other = Self.file(
      #"{"__metadata__":{"sha256":"00","convoy_sha257x":"1"},"a":{\#(Self.entry)}}"#)
    #expect(try Safetensors(other, name: "t").isChecked == false)
    let bytes = Self.written()
    let text = String(decoding: bytes.dropFirst(8).dropLast(12), as: UTF8.self)
    let anew = text.replacing("{\"__metadata__\":{", with: "{\"__metadata__\": {")
    let error = #expect(throws: SafetensorsError.self) {
      try Safetensors(Self.file(anew, data: 12), name: "t")
    }
    #expect(error?.description.contains("leave it out") == true)
  }
}
