import Streams
import Tensor

/// Reads glyphs with a model: 28×28 bytes, white ink on black, as MNIST has them.
public final class GlyphReader {
  /// The model.
  public let model: Model
  private let classifier: Classifier
  private let pixels: Int
  /// Whether each class may be answered.
  private let mayBe: [Bool]
  /// How many classes may be answered.
  var possible: Int { mayBe.count { $0 } }

  /// The height and width of a glyph.
  public let shape: [Int]

  /// A reader on some threads, of some classes where `only` names them: `none` is one like the others.
  public init(
    _ model: Model, only: [String]? = nil, methods: Methods = Methods(), workers: Workers
  ) {
    self.model = model
    mayBe = model.classes.map { only?.contains($0) ?? true }
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
      let found = try classifier.probabilities(glyphs.count / pixels) { index, target in
        normalisation.apply(start + index * pixels, target, count: pixels)
      }
      return mayBe.allSatisfy { $0 } ? found : amongThose(found)
    }
  }

  /// Probabilities given that each glyph is of a class that it may be; where it is none of them for certain, as
  /// without any ink, they stay.
  private func amongThose(_ probabilities: [Float]) -> [Float] {
    var result = probabilities
    for row in stride(from: 0, to: probabilities.count, by: mayBe.count) {
      let sum = mayBe.indices.reduce(0) { mayBe[$1] ? $0 + probabilities[row + $1] : $0 }
      guard sum > 0 else { continue }
      for place in mayBe.indices {
        result[row + place] = mayBe[place] ? probabilities[row + place] / sum : 0
      }
    }
    return result
  }

  /// The class of the highest probability of each glyph.
  public func best(_ glyphs: [UInt8]) throws -> [Int] {
    let classes = model.classes.count
    let probabilities = try probabilities(glyphs)
    return stride(from: 0, to: probabilities.count, by: classes).map {
      ConfusionTable.best(probabilities[$0..<$0 + classes])
    }
  }

  /// The classes of the `count` largest values, the largest first; of equals the first.
  public static func top(_ count: Int, of values: ArraySlice<Float>) -> [Int] {
    // A few of twenty: picking them one by one beats sorting.
    var classes: [Int] = []
    for _ in 0..<min(count, values.count) {
      var best = -1
      for index in values.indices where !classes.contains(index - values.startIndex) {
        if best < 0 || values[index] > values[best] { best = index }
      }
      classes.append(best - values.startIndex)
    }
    return classes
  }
}

extension GlyphReader {
  /// The pictures of an idx file; throws where they are not of the glyphs' shape.
  public func idxGlyphs(_ input: ByteReader) throws -> [UInt8] {
    let file = try input.idx()
    guard Array(file.shape.dropFirst()) == shape else {
      throw Failure.badData(input.name, wrongShape(file.shape, shape))
    }
    return file.bytes
  }

  /// Reads all glyphs of some files, and counts which class was taken for which.
  ///
  /// Throws where there are not as many glyphs as labels, or a label is no class of the model.
  public func compare(_ input: ByteReader, with labels: [Int]) throws -> ConfusionTable {
    var readings: [Int] = []
    try input.forEachSource {
      if try IdxFile.starts(input.peek(4)) {
        readings += try best(idxGlyphs(input))
      } else {
        try input.arraysOfSource { readings += try best(byteRows($0, trailing: shape)) }
      }
    }
    guard readings.count == labels.count else {
      throw Failure.badData(input.name, "\(readings.count) glyphs for \(labels.count) labels")
    }
    var table = ConfusionTable(model.classes)
    for (label, reading) in zip(labels, readings) {
      guard label < model.classes.count else {
        throw Failure.badData(
          input.name, "label must be in 0 ..< \(model.classes.count): \(label)")
      }
      table.add(truth: label, reading: reading)
    }
    return table
  }
}
