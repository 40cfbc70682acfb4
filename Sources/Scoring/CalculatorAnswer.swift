import Alphabet
import Ink
import Streams

/// What the calculator said of a drawing.
public struct CalculatorAnswer: Sendable {
  /// The drawing's id.
  public let id: String
  /// The text that was read, before the answer behind a last `=` was filled in.
  public let text: String
  /// What it came to; nil where it has no value.
  public let value: String?
  /// The characters of the reading.
  public let symbols: [LabelledDrawing.Character]

  /// An answer that is known.
  public init(id: String, value: String?, symbols: [LabelledDrawing.Character]) {
    self.id = id
    self.value = value
    self.symbols = symbols
    text = symbols.map(\.text).joined()
  }

  /// Reads an answer of `expr-eval`: the text is that of its symbols.
  public init(_ record: JSONValue) throws {
    let idValue = try record.require("id")
    guard let id = idValue.string else {
      throw idValue.failure("id must be a string, got \(idValue.kindName)")
    }
    self.id = id
    value = record["value"]?.string
    symbols = try record.require("symbols").elements.map { symbol in
      let textValue = try symbol.require("text")
      guard let text = textValue.string else {
        throw textValue.failure("text must be a string, got \(textValue.kindName)")
      }
      let box = try symbol.require("box")
      var corners: [Double] = []
      try box.doubles(into: &corners)
      guard corners.count == 4 else {
        throw box.failure("box has \(corners.count) numbers, expected [x0, y0, x1, y1]")
      }
      return LabelledDrawing.Character(
        text: Alphabet.spelled(text),
        box: Box(lower: Point(corners[0], corners[1]), upper: Point(corners[2], corners[3])))
    }
    text = symbols.map(\.text).joined()
  }
}
