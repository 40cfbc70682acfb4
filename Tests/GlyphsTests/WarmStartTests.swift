import NeuralNet
import Streams
import Tensor
import TestFolders
import Testing

@testable import Glyphs

@Suite struct WarmStartTests {
  private static func network(_ layers: String, seed: UInt64) throws -> Network {
    let network = try Network(Architecture(layers))
    network.initialise(seed: seed)
    return network
  }

  private static func model(_ layers: String, _ classes: [String]) throws -> Model {
    let network = try network(layers, seed: 3)
    let bytes = try Model.bytes(
      of: network, values: network.values, classes: classes, metadata: [])
    return try withFolder { folder in
      put(bytes, "\(folder)/model")
      return try Model(path: "\(folder)/model")
    }
  }

  private static func rows(_ network: Network) -> [[Float]] {
    let (weight, bias) = (
      network.parameters[network.parameters.count - 2],
      network.parameters[network.parameters.count - 1]
    )
    let width = weight.shape[1]
    return (0..<weight.shape[0]).map { row in
      let start = network.values.start + weight.offset + row * width
      return (0..<width).map { start[$0] } + [network.values.start[bias.offset + row]]
    }
  }

  private static let trunk = "input 8x8, conv 3x3x3 same, relu, pool 2, fc 6, relu, "

  @Test("a class keeps its weights by name, a new one keeps those drawn at random")
  func rowsGoByName() throws {
    let start = try Self.model(Self.trunk + "fc 3", ["0", "1", "none"])
    let network = try Self.network(Self.trunk + "fc 5", seed: 8)
    let drawn = Self.rows(network)
    #expect(network.take(start, classes: ["0", "1", "√", "%", "none"]))
    let (old, new) = (Self.rows(start.network), Self.rows(network))
    #expect(new == [old[0], old[1], drawn[2], drawn[3], old[2]])
    let count = network.parameters[network.parameters.count - 2].offset
    #expect(
      Array(network.values.values[..<count]) == Array(start.network.values.values[..<count]))
  }

  @Test(
    "what does not fit is not taken",
    arguments: [
      ("fc 3", ["0", "1", "none"]), (trunk + "fc 3", ["0", "1", "x"]),
      ("input 8x8, conv 3x3x3 same, relu, pool 2, fc 7, relu, fc 3", ["0", "1", "none"]),
      ("input 10x10, conv 3x3x3 same, relu, pool 2, fc 6, relu, fc 3", ["0", "1", "none"]),
    ])
  func refused(_ layers: String, _ classes: [String]) throws {
    let network = try Self.network(Self.trunk + "fc 4", seed: 8)
    let before = network.values.values
    let start = try Self.model(layers, classes)
    #expect(!network.take(start, classes: ["0", "1", "√", "none"]))
    #expect(Array(network.values.values) == Array(before))
  }
}
