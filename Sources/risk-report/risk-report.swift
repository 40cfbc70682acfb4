/// risk-report: what a ledger comes to, as tables, NDJSON or a page with charts.
import ArgumentParser
import Portfolio
import Reporting
import Streams

@main
struct RiskReportTool: Tool {
  static let configuration = CommandConfiguration(
    commandName: "risk-report",
    abstract: "Say what a ledger comes to: returns, risks and drawdowns, on a page with charts.",
    discussion: """
      EXAMPLES
        risk-report < ledger.ndjson

      SEE ALSO  topk-backtest, signal-eval

      CAVEATS
      """,
    version: convoyVersion)

  @Option(help: ArgumentHelp("Days that count as a year.", valueName: "n"))
  var annualization = 238.0

  @Option(help: ArgumentHelp("Rate of a year that is without risk.", valueName: "share"))
  var riskFree = 0.0

  @Option(
    help: ArgumentHelp("Scores with labels, npy or NDJSON, to say what they were worth.", valueName: "file"),
    completion: .file())
  var scores: String?

  @Option(help: ArgumentHelp("The field of labels in --scores.", valueName: "name"))
  var label = "LABEL0"

  @Option(help: ArgumentHelp("Write a page with charts; needs gnuplot.", valueName: "file"))
  var html: String?

  @Option(help: ArgumentHelp("What stands on top of the page.", valueName: "text"))
  var title = "Backtest report"

  @Flag(inversion: .prefixedNo, help: "Write tables (default: on a terminal).")
  var table: Bool?

  @OptionGroup var streams: StreamOptions

  func run(_ input: ByteReader, _ output: ByteWriter) throws {
    var history = LedgerHistory()
    try input.ndjson { try history.add($0) }
    guard !history.days.isEmpty else { return }
    let signal = try scores.map { try SignalHistory(reading: $0, label: label) }
    let report = RiskReport(
      history, signal: signal, annualization: annualization, riskFree: riskFree)
    if let html {
      let page = Array(try ReportPage(report, title: title).html().utf8)
      try page.withUnsafeBytes { try AtomicFile.write($0, to: html) }
    }
    if table ?? output.isTerminal { report.writeTable(output) } else { report.writeJSON(output) }
  }
}
