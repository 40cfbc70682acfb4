/// calc-score: compares the calculator's answers with what was written.
import ArgumentParser
import Mechanics
import Scoring
import Streams

@main
struct CalcScore: Tool {
  static let configuration = CommandConfiguration(
    commandName: "calc-score",
    abstract: "Compare the calculator's answers with what was written.",
    discussion: """
      Reads answers of expr-eval, and the drawings they answer under --truth: ink NDJSON with "truth",
      and "groups":[{"label","strokes"}] where it is known which strokes are which character. Writes
      one object, or a table on a terminal, for all drawings and for those with an operator:

        no_value           drawings with a value that were answered without one
        expression_rate    texts read exactly, before a value is filled in behind a last =
        value_rate         values that are those of the truth, as expr-eval gives them
        symbol_rate        characters whose strokes were found together and read rightly
        segmentation_rate  characters whose strokes were found together

      A drawing without an answer counts as misread. That there is no value is right where there is
      none by the same rule: the code of the answer is that of the truth.

      Of two dimensions the truth has "latex", which is the text then, "value" and its "value_kind":
      rational or equation, compared as they stand, or decimal, compared as far as both have digits;
      without a value none is right. The report has parts by "kinds" (fraction, power, root, linear)
      and for drawings of more than 24 strokes, where there are any.

      calibration_error is the expected distance, over the values given, between their confidence and
      the share of them that is right, in ten bins of confidence; --reliability writes the bins.

      --partial writes all counts as a part instead, of the drawings that a worker has, and --sum adds parts
      up: its report has the bytes of one run over all drawings. Parts that have a drawing in common are refused.

      With --fit-geometry the input is such drawings. Written is what expr-eval goes by to tell how large
      each character is and where on the line it stands, one object a class: mean and standard deviation
      of log height, log width and the distance below the line's middle.

      With --fit the input is answers of expr-eval --explain --reject 0 --best 20, and --truth says what is
      right, drawings outside the language among it. Written is what expr-eval --weights reads, one object a
      weight; --check writes instead how good such weights are for writers that they were not learnt from. A
      fit holds near the weights that the answers were made with: answer by what it wrote, and fit again.

      EXAMPLES
        segment testdata/ink/drawings.ndjson | strokes2png --each-group | center28 |
          lenet-infer | expr-eval | calc-score --truth testdata/ink/drawings.ndjson
        segment --method projection testdata/ink/drawings.ndjson | strokes2png --each-group |
          center28 | lenet-infer | expr-eval |
          calc-score --wrong --truth testdata/ink/drawings.ndjson
        for i in 1 2; do shard --shards 2 --only $i testdata/ink/drawings.ndjson > $i; segment $i |
          strokes2png --each-group | center28 | lenet-infer | expr-eval |
          calc-score --partial --truth $i; done | calc-score --sum
        head -12 testdata/ink/drawings.ndjson | calc-score --fit-geometry
        segment testdata/ink/drawings.ndjson | strokes2png --each-group | center28 |
          lenet-infer | expr-eval --explain --reject 0 --best 20 |
          calc-score --fit --truth testdata/ink/drawings.ndjson

      SEE ALSO  expr-eval, lenet-train

      CAVEATS
        Answers and drawings are matched by id and held in memory. A text is right only if every
        character is, but for points before decimals drawn as commas; equal values of other texts count in value_rate alone.
      """,
    version: convoyVersion)

  @Option(help: ArgumentHelp("Labelled drawings, gzipped or not.", valueName: "file"))
  var truth: String?

  @Option(
    help: ArgumentHelp(
      "Score the one in k writers, by FNV-1a hash, that lenet-train leaves out; fit all others.",
      valueName: "k"))
  var holdOut: Int?

  @Option(help: ArgumentHelp("Which one in k writers, 0 to k-1.", valueName: "f"))
  var fold = 0

  @Option(help: ArgumentHelp("What all the answers took, to be shared out.", valueName: "s"))
  var seconds: Double?

  @Flag(help: "List what was misread first: id, truth, read.")
  var wrong = false

  @Flag(help: "Write the ten bins of confidence first: from, to, values, confidence, right.")
  var reliability = false

  @Flag(help: "Write the counts as a part that --sum adds to others.")
  var partial = false

  @Flag(help: "Add up parts, instead of scoring answers.")
  var sum = false

  @Flag(help: "Measure the characters of labelled drawings, instead of scoring answers.")
  var fitGeometry = false

  @Flag(help: "Learn the weights of the decoder from explained answers, instead of scoring them.")
  var fit = false

  @Flag(help: "Check the fit by five folds of writers, instead of writing the weights.")
  var check = false

  @OptionGroup var streams: StreamOptions

  func validate() throws {
    guard fit || !check else { throw ValidationError("--check checks what --fit learns") }
    if fit {
      guard seconds == nil, !wrong, !reliability, !fitGeometry else {
        throw ValidationError(
          "--fit scores nothing: no --seconds, --wrong, --reliability or --fit-geometry")
      }
    }
    if partial || sum {
      guard !wrong, !fit, !fitGeometry, !partial || !reliability && seconds == nil else {
        throw ValidationError(
          "a part has counts alone: no --wrong, --fit or --fit-geometry, and --seconds and "
            + "--reliability where it is added up")
      }
    }
    if sum {
      guard truth == nil, holdOut == nil else {
        throw ValidationError("--sum adds up what was scored: no --truth or --hold-out")
      }
    } else if fitGeometry {
      guard truth == nil, seconds == nil, !wrong, !reliability else {
        throw ValidationError(
          "--fit-geometry has no answers: no --truth, --seconds, --wrong or --reliability")
      }
    } else if truth == nil {
      throw ValidationError("--truth must name the drawings that were answered")
    }
    if let holdOut {
      guard holdOut > 0 else {
        throw ValidationError("--hold-out must be positive: \(holdOut)")
      }
    }
    guard (0..<(holdOut ?? 1)).contains(fold) else {
      throw ValidationError("--fold must be from 0 to \((holdOut ?? 1) - 1): \(fold)")
    }
    if let seconds {
      guard seconds >= 0, seconds.isFinite else {
        throw ValidationError("--seconds must not be negative: \(seconds)")
      }
    }
  }

  var reads: [String?] { [truth] }

  var expects: String {
    sum
      ? "parts of --partial (NDJSON)"
      : fitGeometry ? "labelled drawings (NDJSON)" : "answers of expr-eval (NDJSON)"
  }

  func run(_ input: ByteReader, _ output: ByteWriter) throws {
    let fold = holdOut.map { HoldOut(count: $0, fold: self.fold) }
    if sum {
      try ShardName.checkParts(streams.files)
      write(try ScoreReport(summing: input, seconds: seconds), to: output)
    } else if let truth, fit {
      var decoder = DecoderFit(
        try LabelledDrawings(truth, leavingOut: fold, maxLine: streams.maxLine))
      try input.ndjson { try decoder.add($0) }
      try decoder.checkIsEnough()
      if check {
        decoder.writeCheck(to: output)
      } else {
        for row in decoder.rows() { row.write(to: output) }
      }
    } else if let truth {
      let truths = try LabelledDrawings(truth, keeping: fold, maxLine: streams.maxLine)
      let answers = try CalculatorAnswers(input, to: truths)
      if wrong { answers.writeWrong(of: truths, to: output) }
      write(ScoreReport(truths, answers, seconds: seconds), to: output)
    } else {
      var geometry = GeometryFit()
      try input.ndjson { try geometry.add($0, line: input.lineNumber, leavingOut: fold) }
      for row in try geometry.rows() { row.write(to: output) }
    }
  }

  private func write(_ report: ScoreReport, to output: ByteWriter) {
    if partial { return report.writePart(output) }
    if reliability { report.reliability.writeRows(to: output) }
    if output.isTerminal { report.writeTable(output) } else { report.writeJSON(output) }
  }
}
