import Pages
import Portfolio
import Statistics
import Streams

/// The tables of the page.
struct ReportTables {
  let report: RiskReport

  init(_ report: RiskReport) { self.report = report }

  private static let titles: [(series: ReturnSeries, title: String)] = [
    (.benchmark, "Benchmark"), (.returnWithCost, "Strategy"),
    (.returnWithoutCost, "Strategy,<br>no cost"), (.excessWithCost, "Excess"),
    (.excessWithoutCost, "Excess,<br>no cost"),
  ]

  /// qlib's figures by one convention.
  func figures(_ convention: ReturnConvention) -> String {
    let all = Self.titles.map { report.statistics($0.series, convention) }
    let n = RiskReport.plain(report.annualization)
    let caption =
      (convention == .sum ? "Summed, as qlib does" : "Compounded, as an account grows")
      + " <small>\(report.ground.short ?? "a year is N = \(n) days")</small>"
    func row(_ name: String, _ text: (RiskStatistics) -> String) -> [(text: String, style: String)]
    {
      [(name, "")] + all.map { (text($0), "") }
    }
    return HTML.table(
      caption, head: [""] + Self.titles.map(\.title),
      rows: [
        row("Mean of a day") { percent($0.mean, 4) },
        row("Deviation of a day") { percent($0.deviation, 4) },
        row("Return of a year") { percent($0.annualizedReturn, 2) },
        row("Information ratio") { fixed($0.informationRatio, 3) },
        row("Largest drawdown") { percent($0.maxDrawdown, 2) },
        row("Calmar") { fixed($0.calmar, 3) },
      ])
  }

  /// Figures of one definition.
  var measures: String {
    let all = Self.titles.map { report.measures($0.series) }
    let n = RiskReport.plain(report.annualization)
    func row(_ name: String, _ text: (RiskMeasures) -> String) -> [(text: String, style: String)] {
      [(name, "")] + all.map { (text($0), "") }
    }
    return HTML.table(
      "By either convention <small>\(report.ground.short ?? "N = \(n)")</small>",
      head: [""] + Self.titles.map(\.title),
      rows: [
        row("Volatility of a year") { percent($0.volatility, 2) },
        row("Sharpe") { fixed($0.sharpe, 3) },
        row("Sortino") { fixed($0.sortino, 3) },
        row("VaR 95 %, of a day") { percent($0.valueAtRisk, 2) },
        row("CVaR 95 %, of a day") { percent($0.conditionalValueAtRisk, 2) },
        row("Alpha of a year") { percent($0.alpha, 2) },
        row("Beta") { fixed($0.beta, 3) },
        row("Days with a gain") { percent($0.winRate) },
        row("t of the mean") { fixed($0.tStatistic, 2) },
      ])
  }

  /// The deepest falls of a series.
  func drawdowns(_ series: ReturnSeries, _ convention: ReturnConvention) -> String {
    let days = report.history.days
    let falls = report.drawdowns(series, convention)
    let title = series == .returnWithCost ? "Strategy with cost" : "Excess with cost"
    let verb = convention == .sum ? "summed" : "compounded"
    return HTML.table(
      "\(title) <small>\(verb)</small>",
      head: ["High", "Lowest", "Recovered", "Depth", "Days"],
      rows: falls.isEmpty
        ? [[("none", "")] + Array(repeating: ("", ""), count: 4)]
        : falls.map { fall in
          [
            (fall.start.map { "\(days[$0])" } ?? "start", ""),
            ("\(days[fall.trough])", ""),
            (fall.recovery.map { "\(days[$0])" } ?? "not yet", ""), (percent(fall.depth, 2), ""),
            ("\(fall.length)", ""),
          ]
        })
  }

  /// Orders and what they cost.
  var trading: String {
    let history = report.history
    func mean(_ key: String) -> Double { history.column(key).known.mean }
    func total(_ key: String) -> Double { history.column(key).known.reduce(0, +) }
    let year = report.ground.isOfYears ? report.annualization : .nan
    var rows = [
      ("Account at the end", grouped(history.column("account").last ?? .nan)),
      ("Turnover of a day", percent(mean("turnover"), 2)),
      ("Cost of a year", percent(mean("cost") * year, 2)),
      ("Cost in money", grouped(history.totalCost)),
      ("Orders", grouped(total("orders"))),
      ("Share of amounts dealt (ffr)", percent(report.indicators.fulfilment, 2)),
    ]
    if report.indicators.comparesPrices {
      rows.append(("Price advantage (pa)", fixed(report.indicators.priceAdvantage, 6)))
      rows.append(
        ("Orders with an advantage (pos)", fixed(report.indicators.positiveShare, 6)))
    }
    return HTML.table(
      "Trading", head: ["", ""], rows: rows.map { [($0.0, ""), ($0.1, "")] })
  }
}
