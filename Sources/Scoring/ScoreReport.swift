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
  private var answered = 0
  private var part = ScorePart()

  /// An empty report.
  public init() {}

  /// The report of all drawings that are to be scored; `seconds` is what all answers took.
  public init(_ drawings: LabelledDrawings, _ answers: CalculatorAnswers, seconds: Double?) {
    for drawing in drawings.kept { add(drawing, answers[drawing]) }
    answered = answers.count
    part = ScorePart(drawings.kept.lazy.map(\.id))
    share(seconds)
  }

  /// The sum of parts, as `writePart` writes them; `seconds` is what all answers took.
  public init(summing input: ByteReader, seconds: Double?) throws {
    var (parts, report) = (0, ScoreReport())
    try input.forEachSource {
      let before = parts
      try input.ndjsonOfSource { record in
        // Taken in as a whole or not at all.
        var next = report
        try next.add(part: record)
        report = next
        parts += 1
      }
      guard parts > before else {
        throw Failure.badData(input.name, "there is no part in it to be added up")
      }
    }
    guard parts > 0 else { throw Failure.badData(input.name, "there is no part to be added up") }
    self = report
    share(seconds)
  }

  private mutating func share(_ seconds: Double?) {
    if let seconds, answered > 0 { secondsPerDrawing = seconds / Double(answered) }
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

  /// Writes all counts as one object of NDJSON, which `init(summing:seconds:)` reads.
  public func writePart(_ output: ByteWriter) {
    let bytes = JSONWriter.bytes { json in
      json.beginObject()
      json.put("part", Self.partName)
      json.put("answered", answered)
      json.put("unanswered", missing)
      for (name, score) in [("all", all)] + ([withOperator] + parts).map({ ($0.name, $0.score) }) {
        json.key(name)
        score.write(part: &json)
      }
      json.key("confidences")
      reliability.write(part: &json)
      json.key("some_ids")
      json.beginArray()
      for id in part.remembered { json.value(id) }
      json.endArray()
      json.endObject()
    }
    output.write(ScorePart.sealed(bytes.dropLast()) + [UInt8(ascii: "\n")])
  }

  private static let partName = "calc-score 2"

  private mutating func add(part record: JSONValue) throws {
    let name = try record.require("part")
    guard name.string == Self.partName else {
      throw name.failure("part must be '\(Self.partName)', as calc-score --partial writes it")
    }
    try record.add(try record.count("answered"), to: &answered)
    try record.add(try record.count("unanswered"), to: &missing)
    try all.add(part: try record.require("all"))
    try withOperator.score.add(part: try record.require(withOperator.name))
    for place in parts.indices {
      try parts[place].score.add(part: try record.require(parts[place].name))
    }
    try reliability.add(part: try record.require("confidences"))
    let ids = try record.require("some_ids").elements.map { id in
      guard let text = id.string else { throw id.failure("id must be a string") }
      return text
    }
    try part.add(ScorePart(ids), record)
    try ScorePart.checkSeal(record)
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
