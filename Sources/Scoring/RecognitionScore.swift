import Ink

/// How often a calculator of handwriting is right.
public struct RecognitionScore: Equatable, Sendable {
  /// Drawings scored.
  public internal(set) var drawings = 0
  /// Drawings whose text was read exactly.
  public internal(set) var textsRight = 0
  /// Drawings whose value is that of what was written.
  public internal(set) var valuesRight = 0
  /// Drawings with a value that were answered without one.
  public internal(set) var withoutValue = 0
  /// Characters written, in drawings that say where their characters stand.
  public internal(set) var characters = 0
  /// Characters whose strokes were found to be one character.
  public internal(set) var segmented = 0
  /// Characters found so and read rightly.
  public internal(set) var symbolsRight = 0

  /// No drawings yet.
  public init() {}

  /// Scores one drawing; without an answer nothing of it is right.
  public mutating func add(_ truth: LabelledDrawing, _ answer: CalculatorAnswer?) {
    drawings += 1
    characters += truth.characters.count
    guard let answer else { return }
    if answer.reads(truth) { textsRight += 1 }
    if truth.value.isMet(by: answer) { valuesRight += 1 }
    if answer.value == nil, truth.value.isKnown { withoutValue += 1 }
    var left = answer.symbols
    for character in truth.characters {
      guard let place = left.firstIndex(where: { Self.isSame($0.box, character.box) }) else {
        continue
      }
      segmented += 1
      if left.remove(at: place).text == character.text { symbolsRight += 1 }
    }
  }

  /// Whether boxes are the same but for the rounding to 32 bits on their way.
  static func isSame(_ one: Box, _ other: Box) -> Bool {
    zip(one.corners, other.corners).allSatisfy { a, b in
      abs(a - b) <= 1e-6 * max(abs(a), abs(b))
    }
  }

  /// A share of a count; nil where nothing was counted.
  static func rate(_ right: Int, of count: Int) -> Double? {
    count == 0 ? nil : Double(right) / Double(count)
  }

  /// The rates by name, in the order of reports.
  public var rates: [(name: String, value: Double?)] {
    [
      ("expression_rate", Self.rate(textsRight, of: drawings)),
      ("value_rate", Self.rate(valuesRight, of: drawings)),
      ("symbol_rate", Self.rate(symbolsRight, of: characters)),
      ("segmentation_rate", Self.rate(segmented, of: characters)),
    ]
  }
}
