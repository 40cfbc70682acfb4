import Arithmetic
import Glyphs
import Ink
import Mechanics
import NeuralNet
import Streams

/// Drawings that nobody drew: expressions made up at random, written with the characters of real writers.
public struct MadeUpDrawings {
  private let parts: WritersParts
  /// The writers whose characters are taken first.
  private let hands: [String]
  private let kinds: [RandomLayout.Kind]
  private let seed: UInt64
  private var number = 0

  /// Drawings of expressions of some kinds, from the symbols of some writers.
  ///
  /// The same seed gives the same drawings, and more of them begin with the fewer.
  public init(_ ink: InkCollection, kinds: [RandomLayout.Kind], seed: UInt64) {
    var ink = ink
    ink.compose(seed: seed)
    parts = WritersParts(ink.symbols, composedToo: true)
    hands = parts.hands
    (self.kinds, self.seed) = (kinds, seed)
  }

  /// The first kind for which nobody has the character that it needs; nil where there is none.
  public var lacking: (kind: RandomLayout.Kind, sign: String)? {
    kinds.lazy.compactMap { kind in
      kind.sign.flatMap { parts.hasCharacter($0) ? nil : (kind, $0) }
    }.first
  }

  /// Whether there is anything to write with.
  public var isEmpty: Bool { hands.isEmpty }

  /// The most characters of an expression.
  private static let longest = 40
  /// Expressions that are tried for a drawing: some have no value, or a character that nobody has.
  private static let tries = 200

  /// The next drawing; nil where no expression was found that can be drawn.
  public mutating func next() -> MadeUpDrawing? {
    var random = RandomNumbers(seed, 0x1a, UInt64(number))
    number += 1
    var layouts = RandomLayout(kinds, RandomNumbers(seed, 0x1b, UInt64(number)))
    let writer = hands[random.index(below: hands.count)]
    for _ in 0..<Self.tries {
      let expression = layouts.next()
      guard let answer = Answer(valueOf: expression.reading),
        answer.expression.count <= Self.longest,
        let (layout, whole) = asked(expression, answer, &random)
      else { continue }
      var pen = LayoutPen(parts, writer: writer, random)
      guard let ink = pen.write(layout) else { continue }
      return MadeUpDrawing(
        id: "made-up-\(seed)-\(number)", writer: writer, layout: layout, answer: whole,
        ink: turned(ink, &random))
    }
    return nil
  }

  /// The expression as it stands, or with an = behind it, or with its result.
  private func asked(
    _ expression: Layout, _ answer: Answer, _ random: inout RandomNumbers
  ) -> (Layout, Answer)? {
    guard random.uniform() < 0.6 else { return (expression, answer) }
    let question = Layout.row([expression, .character("=")])
    // A number is its own result.
    guard random.uniform() < 0.5, let digits = answer.digits, digits != answer.expression else {
      return (question, answer)
    }
    let equation = Layout.row([question, Layout(digits)])
    return Answer(valueOf: equation.reading).map { (equation, $0) }
  }

  /// In the unit of some device, on a line that is not quite level.
  private func turned(_ ink: PlacedInk, _ random: inout RandomNumbers) -> PlacedInk {
    let slope = random.number(-0.04..<0.04)
    let unit = random.number(20..<120)
    return ink.mapped { point in
      let place = unit * Point(point.x, point.y + slope * point.x)
      return Point(place.x.rounded(decimals: 2), place.y.rounded(decimals: 2))
    }
  }
}

/// A drawing that nobody drew.
public struct MadeUpDrawing {
  let id, writer: String
  let layout: Layout
  let answer: Answer
  let ink: PlacedInk

  /// Writes `{"id","writer","truth","latex","value","value_kind","kinds","strokes","symbols"}`, as
  /// `calc-score --truth` and `lenet-train` read it.
  public func write(to output: ByteWriter) {
    var json = JSONWriter(output)
    json.beginObject()
    json.put("id", id)
    json.put("writer", writer)
    json.put("truth", answer.expression)
    answer.writeTruth(to: &json)
    json.key("kinds")
    json.beginArray()
    let structures = layout.structures
    for kind in structures.isEmpty ? ["linear"] : structures.sorted() { json.value(kind) }
    json.endArray()
    json.key("strokes")
    json.value(ink.strokes)
    json.key("symbols")
    json.beginArray()
    for symbol in ink.symbols {
      json.beginObject()
      json.put("label", symbol.label)
      json.put("strokes", symbol.strokes.map(Double.init))
      json.endObject()
    }
    json.endArray()
    json.endObject()
    json.endLine()
  }
}
