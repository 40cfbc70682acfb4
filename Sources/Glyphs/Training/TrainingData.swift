import Ink
import Mechanics
import NeuralNet
import Streams
import Tensor

/// Pictures and ink to learn from, and those kept aside to measure by.
public struct TrainingData: Sendable {
  /// The source of a sample.
  enum Source: Sendable {
    /// A picture of 28×28 bytes, by its place among all of them.
    case image(Int)
    /// Ink, by its place among the symbols.
    case ink(Int)
  }

  /// One thing to learn.
  struct Sample: Sendable {
    var source: Source
    var label: Int
    /// Samples of one kind and class share a weight.
    var kind: Kind
  }

  /// Kinds of samples, which are weighed apart.
  enum Kind: Int, Sendable {
    case image, ink, wrongGroup, composed, scribble

    init(_ origin: InkSymbol.Origin) {
      switch origin {
      case .written: self = .ink
      case .wrongGroup: self = .wrongGroup
      case .composed: self = .composed
      case .scribble: self = .scribble
      }
    }
  }

  private(set) var images: [UInt8] = []
  private var imageLabels: [Int] = []
  private(set) var symbols: [InkSymbol] = []
  private(set) var training: [Sample] = []
  /// Pictures kept aside, 28×28 bytes each.
  public private(set) var validationImages: [UInt8] = []
  /// Their classes.
  public private(set) var validationLabels: [Int] = []
  /// The classes that the labels need: 10 for digits alone, else all 20.
  public private(set) var classes: [String] = []

  /// Nothing yet.
  public init() {}

  /// Adds pictures and their labels: idx or npy files, gzipped or not.
  ///
  /// Labels 0-9 are digits, 10...15 are + - × ÷ ( ), and so on in the order of the classes.
  public mutating func add(imagesAt path: String, labelsAt labelPath: String) throws {
    let pictures = try readBytes(path, trailing: [Glyph.side, Glyph.side])
    let labels = try readBytes(labelPath, trailing: [])
    guard pictures.count == labels.count * Glyph.count else {
      throw Failure.badData(
        labelPath, "\(labels.count) labels for \(pictures.count / Glyph.count) pictures of \(path)")
    }
    if let wrong = labels.first(where: { $0 >= Characters.all.count }) {
      throw Failure.badData(labelPath, "label must be in 0 ..< \(Characters.all.count): \(wrong)")
    }
    images += pictures
    imageLabels += labels.map(Int.init)
  }

  /// Adds ink.
  public mutating func add(_ ink: InkCollection) { symbols += ink.symbols }

  /// Splits what was added: the first `validation` pictures, and ink of the writers of `heldOut`, are for
  /// measuring.
  ///
  /// What was put together from ink of those writers teaches nothing, and is measured only where nobody
  /// wrote that class.
  public mutating func split(
    validation: Int, heldOut: HoldOut?, workers: Workers
  ) throws {
    guard validation < imageLabels.count || validation == 0 else {
      throw Failure.usage(
        "--validation must leave pictures to learn from: \(validation) of \(imageLabels.count)")
    }
    training = (validation..<imageLabels.count).map {
      Sample(source: .image($0), label: imageLabels[$0], kind: .image)
    }
    validationImages = Array(images[..<(validation * Glyph.count)])
    validationLabels = Array(imageLabels[..<validation])
    var aside: [Int] = []
    let written = Set(symbols.filter { $0.origin == .written }.map(\.label))
    for (index, symbol) in symbols.enumerated() {
      if heldOut?.contains(symbol.writer) ?? false {
        if symbol.origin == .written || symbol.origin == .wrongGroup
          || !written.contains(symbol.label)
        {
          aside.append(index)
        }
      } else {
        training.append(
          Sample(
            source: .ink(index), label: symbol.label,
            kind: Kind(symbol.origin)))
      }
    }
    validationImages += render(aside, workers)
    validationLabels += aside.map { symbols[$0].label }
    guard !training.isEmpty else { throw Failure(.badData, "nothing to learn from in the input") }
    let isDigits = (training.map(\.label) + validationLabels).allSatisfy(Characters.digits.contains)
    classes = isDigits ? Array(Characters.all[Characters.digits]) : Characters.all
  }

  /// How many samples there are to learn from.
  public var count: Int { training.count }

  /// A text that other data would hardly give.
  public var fingerprint: String {
    let labels = fnv1a(training.lazy.map(\.label), from: 0)
    let pixels = fnv1a(images, from: 0)
    return "\(training.count) samples \(String(labels ^ pixels, radix: 16))"
  }

  private func render(_ indices: [Int], _ workers: Workers) -> [UInt8] {
    var pixels = [UInt8](repeating: 0, count: indices.count * Glyph.count)
    pixels.withUnsafeMutableBufferPointer { pixels in
      let pixels = pixels
      workers.forEach(indices.count) { index, _ in
        let symbol = symbols[indices[index]]
        let glyph = Glyph.image(strokes: symbol.strokes, writingSize: symbol.writingSize)
        for (place, value) in glyph.enumerated() { pixels[index * Glyph.count + place] = value }
      }
    }
    return pixels
  }

  /// Draws one sample as a network sees it, and returns its class.
  func draw(
    _ sample: Sample, _ augmentation: Augmentation?, _ normalisation: Normalisation,
    _ random: inout RandomNumbers, _ target: UnsafeMutablePointer<Float>
  ) -> Int {
    switch sample.source {
    case .image(let index):
      images.withUnsafeBufferPointer { images in
        guard let image = images.baseAddress.map({ $0 + index * Glyph.count }) else { return }
        if let augmentation, random.uniform() >= augmentation.untouched {
          augmentation.bend(image, &random, target)
          normalisation.apply(target, count: Glyph.count)
        } else {
          normalisation.apply(image, target, count: Glyph.count)
        }
      }
    case .ink(let index):
      let symbol = symbols[index]
      let glyph =
        augmentation?.draw(symbol, &random)
        ?? Glyph.image(strokes: symbol.strokes, writingSize: symbol.writingSize)
      glyph.withUnsafeBufferPointer { glyph in
        guard let start = glyph.baseAddress else { return }
        normalisation.apply(start, target, count: Glyph.count)
      }
    }
    return sample.label
  }
}
