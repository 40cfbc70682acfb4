import Mechanics
import Streams
import Tensor
import Testing

@testable import NeuralNet

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

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

  @Test func weightsThatFitNoHalfAreRefused() throws {
    let network = try Network(Architecture("input 8x8, conv 3x3x3 same, relu, pool 2, fc 4"))
    for weight: Float in [65504, 70000, .infinity, .nan] {
      network.initialise(seed: 3)
      network.values.start[5] = weight
      let write = {
        try Model.bytes(of: network, values: network.values, classes: [], metadata: [])
      }
      if weight == 65504 {
        #expect(!(try write()).isEmpty)
      } else {
        #expect(throws: NetworkError.self) { try write() }
      }
    }
  }

  @Test func modelComesBackAsHalves() throws {
    let network = try Network(Architecture("input 8x8, conv 3x3x3 same, relu, pool 2, fc 4"))
    network.initialise(seed: 3)
    let bytes = try Model.bytes(
      of: network, values: network.values, classes: ["0", "1", "×", "none"], metadata: [])
    let path = "/tmp/convoy-model-\(SplitMix64.mix(UInt64(getpid()))).safetensors"
    defer { unlink(path) }
    try bytes.withUnsafeBytes { try AtomicFile.write($0, to: path) }
    let model = try Model(path: path)
    #expect(model.classes == ["0", "1", "×", "none"])
    for (one, other) in zip(network.values.values, model.network.values.values) {
      #expect(abs(one - other) <= abs(one) * 0x1p-11 + 0x1p-25)
    }
    #expect(throws: Failure.self) { try Model(path: path + ".missing") }
    #expect(throws: Failure.self) { try Model(path: "/tmp") }
  }
}
