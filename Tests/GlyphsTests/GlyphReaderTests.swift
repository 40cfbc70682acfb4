import NeuralNet
import Tensor
import TestFolders
import Testing

@testable import Glyphs

/// Readers that know which classes a glyph can be of.
@Suite struct GlyphReaderTests {
  private func probabilities(_ only: [String]?, _ glyphs: [UInt8]) throws -> [Float] {
    let model = try Model(path: "\(root)/models/lenet.safetensors", orDefault: "")
    return try GlyphReader(model, only: only, workers: Workers(1)).probabilities(glyphs)
  }

  @Test("those of some classes are those of all, given that it is one of them")
  func conditional() throws {
    var random = RandomNumbers(4, 9)
    let glyphs = (0..<5 * 784).map { _ in random.spread(1) > 0.7 ? UInt8(255) : 0 }
    let model = try Model(path: "\(root)/models/lenet.safetensors", orDefault: "")
    let all = try probabilities(nil, glyphs)
    let some = try probabilities(["7", "+", "none"], glyphs)
    let places = ["7", "+", "none"].map { model.classes.firstIndex(of: $0) ?? -1 }
    for row in stride(from: 0, to: all.count, by: model.classes.count) {
      let sum = places.map { all[row + $0] }.reduce(0, +)
      for place in model.classes.indices {
        let expected = places.contains(place) ? all[row + place] / sum : 0
        #expect(abs(some[row + place] - expected) <= 1e-6)
      }
    }
  }

  /// `testdata/torch/lenet.npy` holds glyphs, what PyTorch makes of them with the model's weights by the
  /// lines of Python in docs/operators.md, and the model's last bias, to know it by.
  @Test("the model says of glyphs what the same network in PyTorch says")
  func torch() throws {
    let arrays = try torchArrays("lenet")
    let model = try Model(path: "\(root)/models/lenet.safetensors", orDefault: "")
    let last = try #require(model.network.stages.last)
    let bias = (0..<model.classes.count).map { model.network.values.start[last.bias + $0] }
    try #require(try arrays[2].floats() == bias, "PyTorch's numbers are of another model")
    let (found, expected) = (try probabilities(nil, arrays[0].bytes), try arrays[1].floats())
    try #require(found.count == expected.count && expected.count >= 10 * model.classes.count)
    for (one, other) in zip(found, expected) { #expect(abs(one - other) < 2e-6) }
  }
}
