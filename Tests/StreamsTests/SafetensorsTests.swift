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
}
