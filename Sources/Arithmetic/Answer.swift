import Streams

/// What `expr-eval` says of one drawing or one line of text.
///
/// `{"id","text","expression","value","decimal","confidence","symbols","alternatives"}`; `text` is the
/// expression with its answer, or the equation or the number as it stands. What has no value has
/// `error`, its `code` (`ArithmeticError.Code`) and `position` (in characters from 1) instead of `value` and `decimal`.
public struct Answer {
  let expression: String
  let result: Result<Value?, ArithmeticError>
  /// Whether it is a number alone, which has no answer but itself.
  private let isNumber: Bool

  /// Evaluates a text.
  public init(_ text: String) {
    let parsed = Result { () throws(ArithmeticError) in try Expression(text) }
    switch parsed {
    case .success(let parsed):
      expression = parsed.isQuestion ? String(parsed.text.dropLast()) : parsed.text
      result = Result { () throws(ArithmeticError) in try parsed.value() }
      isNumber = parsed.isNumber && !parsed.isQuestion
    case .failure(let error):
      expression = text
      result = .failure(error)
      isNumber = false
    }
  }

  /// The expression and what it comes to, as one would write it on paper.
  ///
  /// Who writes decimals is answered in decimals where they are exact: `.5+.25=0.75`.
  public var text: String {
    guard case .success(let value?) = result, !isNumber else { return expression }
    switch value {
    case .truth: return expression
    case .number(let number) where expression.utf8.contains(UInt8(ascii: ".")):
      return "\(expression)=\(number.decimalText ?? number.description)"
    default: return "\(expression)=\(value)"
    }
  }

  /// Adds text, expression and value, or the error, to the object being written.
  public func write(to json: inout JSONWriter) {
    json.key("text")
    json.value(text)
    json.key("expression")
    json.value(expression)
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

extension Array where Element == Reading {
  /// Adds the answer of the first reading, its characters, and the other readings.
  public func write(to json: inout JSONWriter) {
    guard let best = first else { return }
    Answer(best.text).write(to: &json)
    json.key("confidence")
    json.value(best.probability.shortened)
    json.key("symbols")
    json.beginArray()
    for symbol in best.symbols { symbol.write(to: &json) }
    json.endArray()
    json.key("alternatives")
    json.beginArray()
    for other in dropFirst() {
      json.beginObject()
      Answer(other.text).write(to: &json)
      json.key("confidence")
      json.value(other.probability.shortened)
      json.endObject()
    }
    json.endArray()
  }
}

extension Reading.Symbol {
  fileprivate func write(to json: inout JSONWriter) {
    json.beginObject()
    json.key("text")
    json.value(text)
    json.key("first")
    json.value(candidate.first)
    json.key("last")
    json.value(candidate.last)
    json.key("box")
    json.beginArray()
    for corner in [candidate.box.x0, candidate.box.y0, candidate.box.x1, candidate.box.y1] {
      json.value(corner)
    }
    json.endArray()
    json.key("confidence")
    json.value(probability.shortened)
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
  fileprivate var shortened: Double { (self * 10_000).rounded() / 10_000 }
}
