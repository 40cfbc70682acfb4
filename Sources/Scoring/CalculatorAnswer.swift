import Alphabet
import Ink
import Streams

/// What the calculator said of a drawing.
public struct CalculatorAnswer: Sendable {
  /// The drawing's id.
  public let id: String
  /// The text that was read, before the answer behind a last `=` was filled in.
  public let text: String
  /// The value; nil where there is none.
  public let value: String?
  /// The code of the error, where there is no value.
  public let code: String?
  /// The expression in LaTeX, in the spelling of `spelledLatex(_:)`; nil where the answer has none.
  public let latex: String?
  /// How sure the calculator is; nil where it does not say.
  public let confidence: Double?
  /// The characters of the reading.
  public let symbols: [LabelledDrawing.Character]

  /// An answer that is known.
  public init(
    id: String, value: String?, code: String? = nil, latex: String? = nil,
    confidence: Double? = nil, symbols: [LabelledDrawing.Character]
  ) {
    self.id = id
    (self.value, self.code, self.confidence) = (value, code, confidence)
    self.latex = latex.map(spelledLatex)
    self.symbols = symbols
    text = symbols.map(\.text).joined()
  }

  /// Reads an answer of `expr-eval`: the text is that of its symbols.
  public init(_ record: JSONValue) throws {
    let idValue = try record.require("id")
    guard let id = idValue.string else {
      throw idValue.failure("id must be a string, got \(idValue.kindName)")
    }
    try self.init(record, id: id)
  }

  /// Reads an answer or one of its alternatives.
  init(_ record: JSONValue, id: String) throws {
    self.id = id
    value = record["value"]?.string
    code = record["code"]?.string
    latex = record["latex"]?.string.map(spelledLatex)
    confidence = try record["confidence"].flatMap { value in
      guard value.kind != .null else { return nil }
      guard let confidence = value.double, (0...1).contains(confidence) else {
        throw value.failure("confidence must be from 0 to 1")
      }
      return confidence
    }
    // An answer of several lines has the characters of each; that is no text of one expression.
    if let lines = record["lines"] {
      symbols = try lines.elements.flatMap(Self.symbols)
    } else {
      symbols = try Self.symbols(of: record)
    }
    text = symbols.map(\.text).joined()
  }

  private static func symbols(of record: JSONValue) throws -> [LabelledDrawing.Character] {
    try record.require("symbols").elements.map { symbol in
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
  }
}

extension LabelledDrawings {
  /// Throws where an answer is to no drawing.
  func checkIsOfOne(_ answer: CalculatorAnswer, _ record: JSONValue) throws {
    guard ids.contains(answer.id) else {
      throw record.failure("answer to a drawing that \(name) has not: '\(answer.id)'")
    }
  }
}

extension CalculatorAnswer {
  /// What is wrong where its drawing has an answer already.
  func isSecond(_ record: JSONValue) -> any Error {
    record.failure("second answer to a drawing: '\(id)'")
  }

  /// Whether the text is what was written: its LaTeX, where the truth is told so.
  ///
  /// Many people draw the point before decimals as a comma: either is right for the other.
  func reads(_ truth: LabelledDrawing) -> Bool {
    truth.latex.map { latex?.withPoints == $0.withPoints }
      ?? (text.withPoints == truth.text.withPoints)
  }

  /// What was read, as the truth is told.
  fileprivate func reading(like truth: LabelledDrawing) -> String {
    truth.latex == nil ? text : latex ?? text
  }
}

/// Answers to the drawings of a file, by their ids.
public struct CalculatorAnswers {
  private var answers: [String: CalculatorAnswer] = [:]

  /// Reads answers of `expr-eval`; throws where one is to no drawing, or the second to one.
  public init(_ input: ByteReader, to drawings: LabelledDrawings) throws {
    try input.ndjson { record in
      let answer = try CalculatorAnswer(record)
      try drawings.checkIsOfOne(answer, record)
      guard answers.updateValue(answer, forKey: answer.id) == nil else {
        throw answer.isSecond(record)
      }
    }
  }

  /// How many there are.
  var count: Int { answers.count }

  /// The answer to a drawing; nil where there is none.
  subscript(drawing: LabelledDrawing) -> CalculatorAnswer? { answers[drawing.id] }

  /// Writes `{"id","truth","read"}` for each drawing that was misread, as NDJSON.
  public func writeWrong(of drawings: LabelledDrawings, to output: ByteWriter) {
    var json = JSONWriter(output)
    for drawing in drawings.kept {
      let answer = self[drawing]
      if let answer, answer.reads(drawing) { continue }
      json.beginObject()
      json.put("id", drawing.id)
      json.put("truth", drawing.latex ?? drawing.text)
      json.key("read")
      if let answer { json.value(answer.reading(like: drawing)) } else { json.null() }
      json.endObject()
      json.endLine()
    }
  }
}

extension String {
  /// With a point for each comma.
  fileprivate var withPoints: String { String(map { $0 == "," ? "." : $0 }) }
}
