/// risk-report: what a ledger comes to, as tables, NDJSON or a page with charts.
import ArgumentParser
import Portfolio
import Reporting
import Streams

@main
struct RiskReportTool: Tool {
  static let configuration = CommandConfiguration(
    commandName: "risk-report",
    abstract: "Say what returns came to: figures, risks, drawdowns, and a page with charts.",
    discussion: """
      Reads the day lines of topk-backtest's ledger, or returns of a day: CSV with a header, or NDJSON
      objects, with date, return and perhaps benchmark, 0.01 for 1 %. The first byte tells which. Other
      columns are named and not used; qlib's report as CSV, which has a ledger's columns, is read as one.
      Files are joined end to end, days ascending; --side-by-side compares them instead, over the span
      that all of them have.

      On a terminal it writes qlib's table, mean, std, annualized_return, information_ratio and
      max_drawdown of benchmark, strategy and excess, with returns summed and compounded, more figures,
      and ffr, pa and pos of the orders. Piped, it writes NDJSON, whose objects are told apart by
      "record": account; risk, one for each series and convention; measures (Sharpe, Sortino, VaR and
      CVaR at 95 %, alpha, beta); shape (skew, kurtosis, omega, tails, best and worst); span (mtd, 3m, 6m,
      ytd, 1y, 3y, 5y, 10y by the calendar); indicators; drawdown, the ten deepest; month; year;
      quantiles of days, weeks, months, quarters and years; rolling, of the last --window days; and
      signal where --scores are given. A year has 238 days as in signal-eval and in qlib's
      risk_analysis, or as many as --annualization says.

      What is not defined is null, or - in a table, and "reason" says why: fewer than 60 days (or than a
      quarter of a year of fewer) are not annualised, and returns that differ by no more than their
      rounding have no Sharpe or other ratio. A drawdown's start is null where it is the start value,
      before the first day. pa and pos are there where orders were dealt at other than the close. Where
      ledgers are joined end to end, total_cost is that of all.

      Returns that look like something else are refused, and a line says which option reads them so:
      percent (--percent), prices or what an account was worth (--prices), sums, those of weeks or months
      (--annualization, which must be about what the days have in a year). --trust takes them. Days without
      a number are left out of what needs it, and counted in a line; the page has these lines too.

      EXAMPLES
        risk-report --table testdata/risk/returns.csv | head -8
        risk-report --side-by-side --table testdata/risk/returns.csv testdata/risk/ledger.ndjson.gz
        simbars --days 250 > bars.npy; alpha158 --fields ROC5 bars.npy > scores.npy; \\
          topk-backtest --bars bars.npy --benchmark INDEX --score ROC5 --settings scores.npy |
          risk-report --html report.html --title 'Synthetic market' --scores scores.npy --score ROC5

      SEE ALSO  topk-backtest, signal-eval

      CAVEATS
        A day whose return, cost or benchmark is null is left out of what needs it. A loss on the first
        day is a drawdown; in qlib it is none, and qlib_max_drawdown is as qlib has it. VaR and CVaR
        are returns, so losses are negative. The account is held against the returns: where it does not
        grow by return less cost, as where a day is missing or money was paid in, one line names the
        first day, and the returns count. A ledger that was cut between two lines looks like a
        shorter one. Costs are taken to be in plain returns, which are called return_with_cost. Returns
        in percent that are all below 0.2 % in the middle and below 1 % at most look like shares of 1.
      """,
    version: convoyVersion)

  @Option(
    help: ArgumentHelp("Write a page, with charts.", valueName: "file"))
  var html: String?

  @Option(help: ArgumentHelp("What stands on top of the page.", valueName: "text"))
  var title = "Backtest report"

  @Option(
    help: ArgumentHelp("Scores with labels, to say what they were worth.", valueName: "file"),
    completion: .file())
  var scores: String?

  @Option(help: ArgumentHelp("The field of scores in --scores.", valueName: "name"))
  var score = "score"

  @Option(help: ArgumentHelp("The field of labels in --scores.", valueName: "name"))
  var label = "LABEL0"

  @OptionGroup var year: TradingYear

  @Option(
    help: ArgumentHelp("The rate of a year that is without risk: 0.02 is 2 %.", valueName: "rate"))
  var riskFree = 0.0

  @Option(
    help: ArgumentHelp(
      "Days that rolling figures are of. (default: half a year of --annualization)",
      valueName: "days"))
  var window: Int?

  @Option(
    help: ArgumentHelp(
      "What columns or keys of returns are called, where they have other names.",
      valueName: "date=NAME,return=NAME,benchmark=NAME"))
  var columns: ReturnColumns?

  @Flag(help: "Compare the inputs, in place of joining them end to end.")
  var sideBySide = false

  @Option(
    name: .customLong("name"),
    help: ArgumentHelp(
      "What an input is called, once for each (default: as its file).", valueName: "text"))
  var names: [String] = []

  @Flag(help: "Returns are percent: 1 is 1 %.")
  var percent = false

  @Flag(help: "The numbers are prices, or what an account was worth: take their changes.")
  var prices = false

  @Flag(help: "Believe returns that look like something else, and days that look like no days.")
  var trust = false

  @Flag(inversion: .prefixedNo, help: "Write tables (default: on a terminal).")
  var table: Bool?

  @OptionGroup var streams: StreamOptions

  func validate() throws {
    guard scores != "-" else {
      throw ValidationError("--scores must be a file: standard input has the ledger")
    }
    if sideBySide {
      guard streams.files.count > 1 else {
        throw ValidationError("--side-by-side compares two files or more: \(streams.files.count)")
      }
      guard scores == nil else {
        throw ValidationError("--scores is of one ledger, not of several")
      }
    }
    let count = sideBySide ? streams.files.count : 1
    guard names.isEmpty || names.count == count, !names.contains("") else {
      throw ValidationError("--name must be given once for each of \(count) inputs: \(names.count)")
    }
    guard Set(names).count == names.count else {
      throw ValidationError("--name must differ: \(names.joined(separator: ", "))")
    }
    guard !(percent && prices) else {
      throw ValidationError("--percent and --prices: numbers are one or the other")
    }
    if let window, !(2...100_000).contains(window) {
      throw ValidationError("--window must be in 2...100000: \(window)")
    }
    guard riskFree.magnitude <= 1 else {
      throw ValidationError("--risk-free must be in -1...1: \(riskFree)")
    }
  }

  var expects: String { "a ledger, or returns (NDJSON or CSV)" }
  var writes: [WrittenPath] { [.file("--html", html)] }
  var reads: [String?] { [scores] }

  func run(_ input: ByteReader, _ output: ByteWriter) throws {
    if sideBySide { return try compare(input, output) }
    let scores = try scores.map { try input.companion($0) }
    guard var returns = try input.dailyReturns(reading, tell: { diagnose($0) }) else {
      guard html == nil else {
        throw Failure.badData(input.name, "there is no day to write a page about")
      }
      return
    }
    returns.name = names.first ?? ""
    try checkRhythm(returns, input.name)
    tell(of: &returns)
    let signal = try scores.map {
      try SignalHistory($0, ScoreFields(score: score, label: label))
    }
    let report = RiskReport(
      returns, signal: signal, annualization: year.days, riskFree: riskFree, window: window)
    if let html {
      try write(ReportPage(report, title: title).html, to: html)
    }
    if table ?? output.isTerminal { report.writeTable(output) } else { report.writeJSON(output) }
  }

  /// Each input by itself, and all of them over the days that they have in common.
  private func compare(_ input: ByteReader, _ output: ByteWriter) throws {
    let paths = streams.files
    let names = names.isEmpty ? InputNames.names(of: paths) : names
    let all = try zip(input.apart(), zip(paths, names)).map { reader, file in
      guard var returns = try reader.dailyReturns(reading, tell: { diagnose($0) }) else {
        throw Failure.badData(file.0, "there is no day to compare")
      }
      returns.name = file.1
      try checkRhythm(returns, file.0)
      tell(of: &returns)
      return returns
    }
    let comparison = try RiskComparison(
      all, annualization: year.days, riskFree: riskFree, window: window)
    for note in [comparison.note, comparison.benchmarks].compactMap(\.self) { diagnose(note) }
    if let html { try write(ComparisonPage(comparison, title: title).html, to: html) }
    if table ?? output.isTerminal {
      comparison.writeTable(output)
    } else {
      comparison.writeJSON(output)
    }
  }

  private func write(_ page: String, to path: String) throws {
    try Array(page.utf8).withUnsafeBytes { try AtomicFile.write($0, to: path) }
  }

  /// Says what is strange, and yet may be so; the page says it too.
  private func tell(of returns: inout DailyReturns) {
    returns.notes = ReturnNotes(returns, reading.unit, year).all
    let start = returns.name.isEmpty ? "" : "\(returns.name): "
    for note in returns.notes { diagnose(start + note) }
  }

  /// Refuses to take the returns of weeks or months for those of days, or of a year of other length.
  private func checkRhythm(_ returns: DailyReturns, _ place: String) throws {
    guard returns.ledger == nil, !trust, let fault = ReturnRhythm(returns.days).fault(year) else {
      return
    }
    throw Failure.badData(place, fault)
  }

  /// How a table of returns is read.
  private var reading: ReturnReading {
    var reading = ReturnReading()
    if let columns { reading.columns = columns }
    reading.unit = percent ? .percent : prices ? .price : .share
    reading.isTrusting = trust
    return reading
  }
}
