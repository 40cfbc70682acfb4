import Streams
import Tensor

/// Reads glyphs with a model: 28×28 bytes, white ink on black, as MNIST has them.
public final class GlyphReader {
  /// The model.
  public let model: Model
  private let classifier: Classifier
  private let pixels: Int

  /// The height and width of a glyph.
  public let shape: [Int]

  /// A reader on some threads.
  public init(_ model: Model, methods: Methods = Methods(), workers: Workers) {
    self.model = model
    let architecture = model.network.architecture
    shape = [architecture.height, architecture.width]
    pixels = architecture.height * architecture.width
    classifier = Classifier(model.network, methods: methods, workers: workers)
  }

  /// The probabilities of each class, glyph by glyph: `[count, classes]`.
  public func probabilities(_ glyphs: [UInt8]) throws -> [Float] {
    try glyphs.withUnsafeBufferPointer { glyphs in
      guard let start = glyphs.baseAddress else { return [] }
      let normalisation = model.network.architecture.normalisation
      return try classifier.probabilities(glyphs.count / pixels) { index, target in
        normalisation.apply(start + index * pixels, target, count: pixels)
      }
    }
  }

  /// The class of the highest probability of each glyph.
  public func best(_ glyphs: [UInt8]) throws -> [Int] {
    let classes = model.classes.count
    let probabilities = try probabilities(glyphs)
    return stride(from: 0, to: probabilities.count, by: classes).map {
      ConfusionTable.best(probabilities[$0..<$0 + classes])
    }
  }

  /// The places of the `count` largest values, the largest first; of equals the first.
  public static func top(_ count: Int, of values: ArraySlice<Float>) -> [Int] {
    // A few of twenty: picking them one by one beats sorting.
    var places: [Int] = []
    for _ in 0..<min(count, values.count) {
      var best = -1
      for place in values.indices where !places.contains(place - values.startIndex) {
        if best < 0 || values[place] > values[best] { best = place }
      }
      places.append(best - values.startIndex)
    }
    return places
  }
}
