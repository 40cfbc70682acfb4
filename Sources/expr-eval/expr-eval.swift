/// expr-eval: finds the expression among what each character could be, and evaluates it exactly.
import ArgumentParser
import Arithmetic
import Streams

extension DecimalMark: ExpressibleByArgument {}

@main
struct ExprEval: Tool {
  static let configuration = CommandConfiguration(
    commandName: "expr-eval",
    abstract: "Read an expression from what its characters could be, and evaluate it exactly.",
    discussion: """
      Reads NDJSON symbols as lenet-infer writes them, or lines of text, and answers each with one
      object: text, expression, latex and mathml, value, decimal (the nearest double), confidence,
      symbols and alternatives; on a terminal with a row of a table: id, text, confidence. An expression without a value has error, code and position instead;
      that is an answer, and the exit code stays 0. The text of an error is for people, its code for
      programs: \(ArithmeticError.Code.allCases.map(\.rawValue).joined(separator: ", ")).

      The language: digits and decimals, + - × * ÷ : /, parentheses, a sign before an operand,
      multiplication that is not written, as in 2(3), and = at the end or between sides. Empty
      parentheses are 0, x/0 is ∞ with the sign of x, 0/0 is an error. Equations compare exactly. A
      text may also have 2^10 or 2² (2^3^2 is 2^9, -2^2 is -4), √2, sqrt(2), ³√8, 5!, 15% (3/20,
      wherever it stands), 2½ (5/2), 1e5, 1,000 and x between two operands.

      Ink is read in two dimensions: fractions over a bar, powers, roots with or without an index, mixed
      numbers. Of several lines text has all answers, with "; " between them, and lines an object each.
      A drawing's record may say of strokes, counted from 0, which character they are and that they are no
      part of another: "chosen":[{"strokes":[3,4],"text":"4"}]; all else is read with it.

      The value is exact where it can be written so, as -3, 1/2 or 3√2/4; else it has 30 digits, all of
      them proven, and the text has ≈ before them. What has over 10,000 digits is not worked out.

      EXAMPLES
        echo '1+2(3)' | expr-eval
        echo '1.000,5 + √2' | expr-eval --decimal-mark , --text
        segment testdata/ink/drawings.ndjson | strokes2png --each-group | center28 |
          lenet-infer | expr-eval --best 3

      SEE ALSO  lenet-infer, segment

      CAVEATS
        No variables. Of drawings with letters in them, one in 20 gets a value all the same. 32,768
        characters or 2,048 strokes at most; bars, powers, roots and lines are looked for in drawings of up
        to 128 strokes. Over 2,048 characters there is no latex and no mathml.
        What a reading is thought likely by was counted on sums as in school, and reads others worse.
      """,
    version: convoyVersion)

  @OptionGroup var streams: StreamOptions

  @Option(
    help: ArgumentHelp("Readings to give: the best one and its alternatives.", valueName: "n"))
  var best = 5

  @Option(
    help: ArgumentHelp(
      "What stands before the decimals of a text, . or ,; the other one groups thousands.",
      valueName: "mark"))
  var decimalMark = DecimalMark.point

  @Flag(
    help: """
      Take an equation that holds for likelier than one that does not; without it the digits' own \
      evidence decides, as where it is asked whether the sum was done right.
      """)
  var trustEquations = false

  @Option(
    help: ArgumentHelp(
      """
      Give no value where the reading is right with less than this probability: its code is unsure, and it \
      is an alternative. 0 rejects nothing.
      """, valueName: "p"))
  var reject = 0.6

  @Flag(
    help: """
      Say why: for each reading the terms of its score with their weights, and for each character the \
      logarithms of what its picture, size, place, line and the character before it make likely.
      """)
  var explain = false

  @Option(
    help: ArgumentHelp(
      "Weights of the decoder, as calc-score --fit writes them; the house's, where it has none.",
      valueName: "file"))
  var weights: String?

  @Flag(
    help: """
      Write one line an answer: the expression with its value, and in parentheses whether an equation is \
      true, or why there is no value.
      """)
  var text = false

  func validate() throws {
    guard (1...100).contains(best) else {
      throw ValidationError("--best must be in 1...100: \(best)")
    }
    guard (0...1).contains(reject) else {
      throw ValidationError("--reject must be in 0...1: \(reject)")
    }
  }

  var reads: [String?] { [weights] }

  /// The weights to choose readings by.
  func decoderWeights() throws -> Weights {
    var result = Weights.standard
    if let weights {
      let reader = ByteReader([weights])
      reader.limits.line = streams.maxLine
      var names: Set<String> = []
      try reader.ndjson { record in
        let name = try result.set(record)
        guard names.insert(name).inserted else {
          throw record.failure("second value of the weight '\(name)'")
        }
      }
      guard !names.isEmpty else { throw Failure.badData(weights, "no weights in it") }
    }
    if trustEquations { result.trustEquations() }
    result.followsClues = explain
    return result
  }

  var expects: String { "expressions (text) or symbols (NDJSON)" }

  func run(_ input: ByteReader, _ output: ByteWriter) throws {
    var table = output.isTerminal && !text ? GrowingTable(["id", "text", "confidence"]) : nil
    func answer(
      _ lines: [[Reading]], _ id: String, _ object: JSONValue?, _ output: ByteWriter
    ) {
      guard table != nil else { return write(lines, id, object, output) }
      for reading in lines.compactMap(\.first) {
        let line = reading.answer(style).line
        table?.write([id, line, fixed(reading.probability, 2)], output)
      }
    }
    let weights = try decoderWeights()
    try input.textOrObjects { text in
      // A text can be read in one way only.
      let reading = Reading(text: text, probability: 1, symbols: [])
      answer([[reading]], "\(input.lineNumber)", nil, output)
    } object: { object in
      let chosen = try object["chosen"].map(ChosenCharacter.all) ?? []
      let symbols = try LatticeSymbol.lattice(object.require("symbols")).choosing(chosen)
      let id = try object["id"].map(identifier) ?? "\(input.lineNumber)"
      let lines = LatticeDecoder.decode(symbols, best: best, weights: weights)
      answer(lines, id, object, output)
    }
  }

  var style: AnswerStyle {
    AnswerStyle(mark: decimalMark, explains: explain, leastConfidence: reject)
  }

  /// Writes one line: the id, what else came with it, and the answer.
  func write(
    _ lines: [[Reading]], _ id: String, _ object: JSONValue?, _ output: ByteWriter
  ) {
    if text {
      return output.write("\(lines.line(style))\n")
    }
    var json = JSONWriter(output)
    json.beginObject()
    json.key("id")
    json.value(id)
    if let object {
      for (key, value) in object.members where !Self.ownKeys.contains(key) {
        json.key(key)
        json.copy(value)
      }
    }
    lines.write(to: &json, style: style)
    json.endObject()
    json.endLine()
  }

  static let ownKeys: Set = [
    "id", "text", "expression", "latex", "mathml", "value", "decimal", "error", "code", "position",
    "confidence", "symbols", "alternatives", "lines",
  ]

  func identifier(_ value: JSONValue) throws -> String {
    guard let id = value.string else { throw value.failure("id must be a string") }
    return id
  }
}
