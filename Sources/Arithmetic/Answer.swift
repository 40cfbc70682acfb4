import Streams

/// What `expr-eval` says of one drawing or one line of text.
///
/// `{"id","text","expression","latex","mathml","value","decimal","confidence","symbols","alternatives"}`;
/// `text` is the expression with its answer, or the equation or the number as it stands; `latex` and
/// `mathml` (presentation) set the expression. What has no value has `error`, its `code` (`ArithmeticError.Code`) and `position` (in characters from 1) instead of `value` and `decimal`.
public struct Answer {
  /// The expression, as it is answered.
  public let expression: String
  let result: Result<Value?, ArithmeticError>
  /// How it is set as mathematics; nil of what is no expression, empty or very long.
  private let typesetting: Typesetting?
  /// Whether it is a number alone, which has no answer but itself.
  private let isNumber: Bool
  private let mark: DecimalMark

  /// An answer that is not given: its expression without a value.
  init(rejected answer: Answer, _ error: ArithmeticError) {
    (expression, mark, typesetting) = (answer.expression, answer.mark, answer.typesetting)
    (result, isNumber) = (.failure(error), false)
  }

  /// Evaluates a reading of ink, of whose points some are drawn as commas: where a comma can only stand
  /// before decimals, as in `0,25`, it is the decimal mark, and is written as that.
  init(drawn reading: String, mark: DecimalMark) {
    self.init(reading, mark: mark)
    if case .failure(let error) = result, case .malformed(_, _?) = error.rule {
      let marks: [Character: Character] = [",": ".", ".": ","]
      let other = Answer(String(reading.map { marks[$0] ?? $0 }), mark: mark)
      if case .success = other.result { self = other }
    }
  }

  /// Evaluates a text, or a reading with its layout in braces.
  public init(_ reading: String, mark: DecimalMark = .point) {
    self.mark = mark
    let reading = LayoutSpelling.withFractions(reading)
    let text = LayoutSpelling.plain(reading)
    let parsed = Result { () throws(ArithmeticError) in try Expression(text, mark: mark) }
    switch parsed {
    case .success(let parsed):
      expression = parsed.isQuestion ? String(parsed.text.dropLast()) : parsed.text
      result = Result { () throws(ArithmeticError) in try parsed.value() }
      isNumber = parsed.isNumber && !parsed.isQuestion
      // Bars and raises are set as they were drawn.
      let drawn = text == reading ? parsed : (try? Expression(reading, mark: mark)) ?? parsed
      typesetting =
        (1...Typesetting.longest).contains(drawn.text.count)
        ? Typesetting(drawn, mark: mark) : nil
    case .failure(let error):
      expression = text
      result = .failure(error)
      isNumber = false
      typesetting = nil
    }
  }

  /// The expression and what it comes to, as one would write it on paper.
  ///
  /// Who writes decimals is answered in decimals where they are exact: `.5+.25=0.75`.
  public var text: String {
    guard case .success(let value?) = result else { return expression }
    guard !isNumber else { return mark.written(expression) }
    if case .truth = value { return mark.written(expression) }
    guard value.isExact else { return mark.written("\(expression)≈\(value)") }
    // A root in its simplest form says nothing new: its digits do.
    if let digits = value.rootDigits, value.description == expression {
      return mark.written("\(expression)≈\(digits)")
    }
    if expression.utf8.contains(UInt8(ascii: ".")), let decimal = value.fraction?.decimalText {
      return mark.written("\(expression)=\(decimal)")
    }
    return mark.written("\(expression)=\(value)")
  }

  /// Why there is no value; nil where there is one, or nothing was asked.
  var failure: ArithmeticError? {
    guard case .failure(let error) = result else { return nil }
    return error
  }

  /// `text` and what it leaves open: whether an equation is true, or why there is no value.
  public var line: String {
    switch result {
    case .success(.truth(let isTrue)?): "\(text) (\(isTrue))"
    case .success: text
    case .failure(let error): text.isEmpty ? "(\(error))" : "\(text) (\(error))"
    }
  }

  /// Adds text, expression and value, or the error, to the object being written.
  public func write(to json: inout JSONWriter) {
    json.key("text")
    json.value(text)
    json.key("expression")
    json.value(expression)
    if let typesetting {
      json.key("latex")
      json.value(typesetting.latex)
      json.key("mathml")
      json.value(
        "<math xmlns=\"http://www.w3.org/1998/Math/MathML\">\(typesetting.mathML)</math>")
    }
    switch result {
    case .success(let value):
      json.key("value")
      if let value { json.value(value.description) } else { json.null() }
      json.key("decimal")
      if let decimal = value?.decimal { json.value(decimal) } else { json.null() }
    case .failure(let error):
      json.key("error")
      json.value(error.description)
      json.key("code")
      json.value(error.code.rawValue)
      json.key("position")
      json.value(error.position)
    }
  }
}

extension Answer {
  /// What a text or reading comes to, where that is a finite number or a truth, and not very long.
  public init?(valueOf reading: String) {
    self.init(reading)
    guard case .success(let value?) = result, value.description.count <= Self.longestValue
    else { return nil }
    if case .infinity = value { return nil }
  }

  private static let longestValue = 40

  /// The value in digits, where it is a decimal of at most three places and not negative; else nil.
  public var digits: String? {
    guard case .success(let value?) = result, let decimal = value.fraction?.decimalText,
      decimal.first != "-", decimal.drop(while: { $0 != "." }).count <= 4
    else { return nil }
    return decimal
  }

  /// Adds what drawings tell of their truth: `"latex","value","value_kind"`.
  public func writeTruth(to json: inout JSONWriter) {
    guard case .success(let value?) = result, let typesetting else { return }
    json.put("latex", typesetting.latex)
    json.put("value", value.description)
    let kind = if case .truth = value { "equation" } else { value.isExact ? "rational" : "decimal" }
    json.put("value_kind", kind)
  }
}

/// How answers are written.
public struct AnswerStyle: Sendable {
  /// What stands before the decimals of a text.
  public var mark = DecimalMark.point
  /// Whether each reading says what its score is made of.
  public var explains = false
  /// A reading of ink that is right with less than this has no value.
  public var leastConfidence = 0.0

  /// With a point before decimals, without explanations, and nothing rejected.
  public init(mark: DecimalMark = .point, explains: Bool = false, leastConfidence: Double = 0) {
    (self.mark, self.explains, self.leastConfidence) = (mark, explains, leastConfidence)
  }
}

extension Array where Element == [Reading] {
  /// Adds the answer of each line, as that of one drawing.
  ///
  /// Of several lines `text` has their answers, with `; ` between them, `confidence` that all are right,
  /// and `lines` an object for each, from top to bottom.
  public func write(to json: inout JSONWriter, style: AnswerStyle = AnswerStyle()) {
    guard count > 1 else {
      first?.write(to: &json, style: style)
      return
    }
    json.key("text")
    json.value(text(style))
    json.key("confidence")
    json.value(compactMap(\.first).reduce(1) { $0 * $1.probability }.shortened)
    json.key("lines")
    json.beginArray()
    for line in self {
      json.beginObject()
      line.write(to: &json, style: style)
      json.endObject()
    }
    json.endArray()
  }

  /// The answers of all lines, as one would write them.
  private func text(_ style: AnswerStyle) -> String {
    compactMap(\.first).map { $0.answer(style).text }.joined(separator: "; ")
  }

  /// The same with what they leave open.
  public func line(_ style: AnswerStyle = AnswerStyle()) -> String {
    compactMap(\.first).map { $0.answer(style).line }.joined(separator: "; ")
  }
}

extension Array where Element == Reading {
  /// Adds the answer of the first reading, its characters, and the other readings.
  public func write(to json: inout JSONWriter, style: AnswerStyle = AnswerStyle()) {
    guard let best = first else { return }
    best.answer(style).write(to: &json)
    json.key("confidence")
    json.value(best.probability.shortened)
    json.key("symbols")
    json.beginArray()
    for symbol in best.symbols { symbol.write(to: &json, style) }
    json.endArray()
    if style.explains {
      best.writeTerms(to: &json)
      best.writeMeasures(to: &json)
    }
    json.key("alternatives")
    json.beginArray()
    // What is rejected is an alternative itself.
    for other in best.isRejected(style) ? self[...] : dropFirst() {
      json.beginObject()
      other.answer(style.mark).write(to: &json)
      json.key("confidence")
      json.value(other.probability.shortened)
      if style.explains {
        json.key("symbols")
        json.beginArray()
        for symbol in other.symbols { symbol.write(to: &json, style) }
        json.endArray()
        other.writeTerms(to: &json)
      }
      json.endObject()
    }
    json.endArray()
  }
}

extension Reading {
  /// Whether it is too likely to be wrong.
  func isRejected(_ style: AnswerStyle) -> Bool {
    terms != nil && probability < style.leastConfidence
  }

  /// What it comes to, unless it is rejected.
  public func answer(_ style: AnswerStyle) -> Answer {
    let answer = answer(style.mark)
    guard isRejected(style) else { return answer }
    let doubtful = symbols.indices.min { symbols[$0].probability < symbols[$1].probability } ?? 0
    let text = symbols.isEmpty ? "" : symbols[doubtful].text
    return Answer(
      rejected: answer,
      ArithmeticError(
        rule: .unsure(text, confidence: probability), position: doubtful + 1))
  }

  /// What it comes to; a text says by its options which mark it has.
  func answer(_ mark: DecimalMark) -> Answer {
    terms == nil ? Answer(text, mark: mark) : Answer(drawn: text, mark: mark)
  }

  /// What the score is the sum of: `"terms":{"evidence":[-0.21,1],...}`, each with its weight; and how much
  /// the evidence grows with the weights of its clues: `"clues":{"picture":[1.3,0.8],...}`.
  fileprivate func writeTerms(to json: inout JSONWriter) {
    guard let terms else { return }
    json.key("score")
    json.value(weights.score(terms).shortened)
    json.put("terms", Weights.Term.allCases.map { ($0.name, terms[$0], weights.terms[$0]) })
    json.put("clues", Weights.Clue.allCases.map { ($0.name, terms[$0], weights.clues[$0]) })
  }

  /// What its confidence is made of: `"measures":{"agreement":[4.2,0.28],...}`, each with its weight.
  fileprivate func writeMeasures(to json: inout JSONWriter) {
    guard let measures else { return }
    json.put(
      "measures",
      Confidence.Measure.allCases.map {
        ($0.name, measures[$0], weights.confidence.weights[$0])
      })
  }
}

extension JSONWriter {
  /// A key and an object of numbers, each with its weight.
  fileprivate mutating func put(
    _ key: String, _ numbers: [(name: String, value: Double, weight: Double)]
  ) {
    self.key(key)
    beginObject()
    for (name, value, weight) in numbers { put(name, [value.shortened, weight]) }
    endObject()
  }
}

extension Reading.Symbol {
  fileprivate func write(to json: inout JSONWriter, _ style: AnswerStyle) {
    json.beginObject()
    json.key("text")
    json.value(text)
    json.key("first")
    json.value(candidate.first)
    json.key("last")
    json.value(candidate.last)
    json.key("strokes")
    json.beginArray()
    for stroke in candidate.strokes { json.value(stroke) }
    json.endArray()
    json.key("box")
    json.beginArray()
    for corner in [candidate.box.x0, candidate.box.y0, candidate.box.x1, candidate.box.y1] {
      json.value(corner)
    }
    json.endArray()
    json.key("confidence")
    json.value(probability.shortened)
    if style.explains, let reasons {
      for (key, value) in [
        ("picture", reasons.picture), ("size", reasons.size), ("place", reasons.place),
        ("usage", reasons.usage), ("line", reasons.line),
      ] {
        json.key(key)
        json.value(value.rounded(decimals: 2) + 0)
      }
    }
    json.key("top")
    json.beginArray()
    for (text, probability) in candidate.top {
      json.beginArray()
      json.value(text)
      json.value(probability)
      json.endArray()
    }
    json.endArray()
    json.endObject()
  }
}

extension Double {
  /// Four decimals: more would pretend to a precision that a confidence has not.
  fileprivate var shortened: Double { rounded(decimals: 4) + 0 }
}
