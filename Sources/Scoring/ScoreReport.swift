import Streams

/// What `calc-score` says: rates over all drawings and over kinds of them, and what a confidence is worth.
public struct ScoreReport {
  /// Some drawings with a name, as the object of the report has it.
  private struct Part {
    let name: String
    /// Whether a drawing is one of them.
    let contains: (LabelledDrawing) -> Bool
    var score = RecognitionScore()
  }

  /// The number of strokes above which a drawing is a long one.
  public static let manyStrokes = 24

  private var all = RecognitionScore()
  private var withOperator = Part(name: "with_operator") { $0.hasOperator }
  /// Parts that few files have; they are told where there is something in them.
  private var parts =
    LabelledDrawing.kinds.map { kind in Part(name: kind) { $0.kinds.contains(kind) } } + [
      Part(name: "over_\(manyStrokes)_strokes") { $0.strokeCount > manyStrokes }
    ]
  private var missing = 0
  /// What the confidences of the values are worth.
  public private(set) var reliability = Reliability()
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
    if withOperator.contains(truth) { withOperator.score.add(truth, answer) }
    for place in parts.indices where parts[place].contains(truth) {
      parts[place].score.add(truth, answer)
    }
    if answer == nil { missing += 1 }
    if let answer, answer.value != nil, let confidence = answer.confidence {
      reliability.add(confidence, isRight: truth.value.isMet(by: answer))
    }
  }

  private var shownParts: [Part] {
    [withOperator] + parts.filter { $0.score.drawings > 0 }
  }

  /// Writes the summary as one object of NDJSON.
  public func writeJSON(_ output: ByteWriter) {
    var json = JSONWriter(output)
    json.beginObject()
    write(all, to: &json)
    for part in shownParts {
      json.key(part.name)
      json.beginObject()
      write(part.score, to: &json)
      json.endObject()
    }
    if let error = reliability.calibrationError {
      json.key("calibration_error")
      json.value(error.rounded(decimals: 4))
    }
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
    json.key("no_value")
    json.value(score.withoutValue)
    for (name, rate) in score.rates {
      json.key(name)
      // Four decimals tell one character in ten thousand.
      if let rate { json.value(rate.rounded(decimals: 4)) } else { json.null() }
    }
  }

  /// Writes the summary as a table for a terminal.
  public func writeTable(_ output: ByteWriter) {
    let scores = [all] + shownParts.map(\.score)
    func row(_ name: String, _ cell: (RecognitionScore) -> String) -> [String] {
      [words(name)] + scores.map(cell)
    }
    var rows = [["", "all"] + shownParts.map { words($0.name) }]
    rows.append(row("drawings") { "\($0.drawings)" })
    rows.append(row("no_value") { "\($0.withoutValue)" })
    for (place, (name, _)) in all.rates.enumerated() {
      rows.append(row(name) { percent($0.rates[place].value) })
    }
    let none = shownParts.map { _ in "" }
    if let error = reliability.calibrationError {
      rows.append(["calibration error", fixed(error, 3)] + none)
    }
    if missing > 0 { rows.append(["unanswered", "\(missing)"] + none) }
    if let secondsPerDrawing {
      rows.append(["ms a drawing", AlignedTable.number(secondsPerDrawing * 1000)] + none)
    }
    AlignedTable(rows).write(output)
  }

  private func words(_ name: String) -> String {
    name.split(separator: "_").joined(separator: " ")
  }

  private func percent(_ rate: Double?) -> String {
    rate.map { "\(fixed($0 * 100, 1)) %" } ?? "-"
  }
}
