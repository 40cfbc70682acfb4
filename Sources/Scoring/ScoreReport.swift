import Streams

/// What `calc-score` says: rates over all drawings and over those with an operator.
public struct ScoreReport {
  private var all = RecognitionScore()
  private var withOperator = RecognitionScore()
  private var missing = 0
  /// Seconds that a drawing took; nil where that was not measured.
  public var secondsPerDrawing: Double?

  /// An empty report.
  public init() {}

  /// The report of all drawings that are to be scored; `seconds` is what all answers took.
  public init(_ drawings: LabelledDrawings, _ answers: CalculatorAnswers, seconds: Double?) {
    for drawing in drawings.kept { add(drawing, answers[drawing]) }
    if let seconds, answers.count > 0 { secondsPerDrawing = seconds / Double(answers.count) }
  }

  /// Scores one drawing.
  public mutating func add(_ truth: LabelledDrawing, _ answer: CalculatorAnswer?) {
    all.add(truth, answer)
    if truth.hasOperator { withOperator.add(truth, answer) }
    if answer == nil { missing += 1 }
  }

  /// Writes the summary as one object of NDJSON.
  public func writeJSON(_ output: ByteWriter) {
    var json = JSONWriter(output)
    json.beginObject()
    write(all, to: &json)
    json.key("with_operator")
    json.beginObject()
    write(withOperator, to: &json)
    json.endObject()
    if missing > 0 {
      json.key("unanswered")
      json.value(missing)
    }
    if let secondsPerDrawing {
      json.key("seconds_per_drawing")
      json.value(secondsPerDrawing)
    }
    json.endObject()
    json.endLine()
  }

  private func write(_ score: RecognitionScore, to json: inout JSONWriter) {
    json.key("drawings")
    json.value(score.drawings)
    json.key("characters")
    json.value(score.characters)
    for (name, rate) in score.rates {
      json.key(name)
      // Four decimals tell one character in ten thousand.
      if let rate { json.value(rate.rounded(decimals: 4)) } else { json.null() }
    }
  }

  /// The summary as a table for a terminal.
  public var table: String {
    var lines = ["                      all   with an operator"]
    lines.append(row("drawings", "\(all.drawings)", "\(withOperator.drawings)"))
    for ((name, one), (_, other)) in zip(all.rates, withOperator.rates) {
      let label = name.split(separator: "_").joined(separator: " ")
      lines.append(row(label, percent(one), percent(other)))
    }
    if missing > 0 { lines.append(row("unanswered", "\(missing)", "")) }
    if let secondsPerDrawing {
      let micros = (secondsPerDrawing * 1e6).rounded()
      lines.append(row("ms a drawing", "\(micros / 1000)", ""))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func row(_ name: String, _ one: String, _ other: String) -> String {
    padded(name, 17, left: false) + padded(one, 8, left: true) + padded(other, 19, left: true)
  }

  private func padded(_ text: String, _ width: Int, left: Bool) -> String {
    let blanks = String(repeating: " ", count: max(0, width - text.count))
    return left ? blanks + text : text + blanks
  }

  private func percent(_ rate: Double?) -> String {
    guard let rate else { return "-" }
    let tenths = Int((rate * 1000).rounded(), within: 0...1000)
    return "\(tenths / 10).\(tenths % 10) %"
  }
}
