import Mechanics
import NeuralNet
import Streams
import Tensor
import TestFolders
import Testing

@testable import Glyphs

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite struct ModelTests {
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

  @Test("no bit of a model can be turned without notice")
  func damage() throws {
    let network = try Network(Architecture("input 8x8, conv 3x3x3 same, relu, pool 2, fc 4"))
    let bytes = try Model.bytes(
      of: network, values: network.values, classes: ["0", "1", "×", "none"],
      metadata: [("data", "none")])
    try expectFlipsRefused(bytes) { _ = try Model(path: $0) }
  }
}
