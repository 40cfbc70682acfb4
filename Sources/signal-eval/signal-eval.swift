/// signal-eval: what daily scores were worth, by the labels that came true.
import ArgumentParser
import Days
import Portfolio
import Streams

@main
struct SignalEval: Tool, ArrayReading {
  static let configuration = CommandConfiguration(
    commandName: "signal-eval",
    abstract:
      "Measure daily scores against their labels: IC, rank IC, long-short, groups, turnover.",
    discussion: """
      Reads scores, npy tables, NDJSON or CSV with instrument, date and score, a day at a time. Their
      labels are in the same rows (--label), in the tables of another file (--labels), or computed from bars
      (--bars): the return from tomorrow's close to that of the day after. Writes a line of NDJSON a day
      and a summary last, or the summary as a table on a terminal.

        count            rows with a score and a label
        ic, rank_ic      correlation of scores and labels over those rows; of their ranks
        long_short       half of: mean label of the fifth of highest scores, less that of the lowest
        groups           mean labels of --groups groups of as many rows, that of the highest scores first
        autocorrelation  of the ranks of scores with those of each instrument's score before
        turnover         share of the first group that was not in it by the scores before

      The summary has the means over days, icir and rank_icir, the means over their standard deviations
      (n - 1) and not annualized, and long_short by year: mean × --annualization, long_short_ir the
      ratio × its root. A year has 238 days as in risk-report, which is that of qlib's risk_analysis;
      qlib's SigAnaRecord takes 252. Else definitions are qlib's; what is not defined is null and left
      out of means.

      EXAMPLES
        simbars --days 120 | alpha158 --fields ROC5 | signal-eval --score ROC5 --no-table
        simbars --days 120 > bars.npy; alpha158 --no-label --fields ROC5 bars.npy |
          signal-eval --score ROC5 --bars bars.npy --table

      SEE ALSO  cnn1d-infer, describe, topk-backtest, risk-report

      CAVEATS
        Rows that do not divide by the number of groups leave the lowest scores out of all. A day on
        which scores or labels are constant has no correlation. Equal scores are in order of their codes
        where a place must be cut between them. A day that --labels or --bars lack has labels of NaN;
        that they lack all days, or all instruments of a day, is an error.
        Numbers of NDJSON are doubles and those of a table mostly <f4, so last digits may differ.
      """,
    version: convoyVersion)

  @OptionGroup var streams: StreamOptions
  @OptionGroup var demand: SealedOption

  @Option(help: ArgumentHelp("The field of scores.", valueName: "name"))
  var score = "score"

  @Option(help: ArgumentHelp("The field of labels.", valueName: "name"))
  var label = "LABEL0"

  @Option(
    help: ArgumentHelp("Tables that have the labels: npy, a day each.", valueName: "file"),
    completion: .file())
  var labels: String?

  @Option(
    help: ArgumentHelp("Bars to compute the labels from, as bars writes them.", valueName: "file"),
    completion: .file())
  var bars: String?

  @Option(help: ArgumentHelp("How many groups.", valueName: "n"))
  var groups = 5

  @OptionGroup var year: TradingYear

  @Flag(inversion: .prefixedNo, help: "Write a table (default: on a terminal).")
  var table: Bool?

  func validate() throws {
    guard (1...1000).contains(groups) else {
      throw ValidationError("--groups must be in 1...1000: \(groups)")
    }
    guard labels == nil || bars == nil else {
      throw ValidationError("labels come from --labels or from --bars, not from both")
    }
    guard labels != "-", bars != "-" else {
      throw ValidationError("--labels and --bars must be files: standard input has scores")
    }
  }

  var reads: [String?] { [labels, bars] }

  var expects: String { "scores (npy, NDJSON or CSV)" }

  func run(_ input: ByteReader, _ output: ByteWriter) throws {
    var fields = ScoreFields(score: score)
    let source: LabelSource
    if let labels {
      let named = ScoreFields(score: label)
      source = .tables(DayStream(try input.companion(labels)) { try ScoreDay($0, named) })
    } else if let bars {
      source = .bars(DayStream(try input.companion(bars)) { try QuoteDay($0) })
    } else {
      fields.label = label
      source = .scores(label)
    }
    var quality = SignalQuality(groups: groups)
    let report = SignalReport(
      output, groups: groups, annualization: year.days, table: table ?? output.isTerminal)
    try input.scoreDays(fields) { scores in
      try report.add(quality.measure(scores, labels: source.labels(scores)))
    }
    if let note = try source.finish() { diagnose(note) }
    for note in report.notes { diagnose(note) }
    report.finish()
  }
}
