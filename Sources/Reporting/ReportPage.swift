import Days
import Pages
import Portfolio
import Statistics
import Streams

/// One page that says it all, and opens without a network: text, tables and charts.
public struct ReportPage {
  private let report: RiskReport
  private let title: String

  /// A page; the title stands on top.
  public init(_ report: RiskReport, title: String) {
    self.report = report
    self.title = title
  }

  /// The page; where gnuplot is not installed a note stands in the place of each chart.
  public func html() throws -> String {
    let returns = ReturnCharts(report)
    let signal = report.signal.map { SignalCharts($0) }
    let charts = returns.charts + (signal?.charts ?? [])
    let pictures = try ChartDrawing.draw(charts, data: returns.data + (signal?.data ?? []))
    var figures = zip(charts, pictures).map(Self.figure)[...]
    func pair() -> String {
      let two = figures.prefix(2)
      figures = figures.dropFirst(2)
      return "<div class=pair>\(two.joined(separator: "\n"))</div>"
    }

    let tables = ReportTables(report)
    var parts = [head]
    parts.append("<h2>Returns</h2>")
    parts += [pair(), pair()]
    parts.append("<h2>Key figures</h2>")
    parts.append(Self.pair(tables.figures(.sum), tables.figures(.product)))
    parts.append(Self.pair(tables.measures, tables.trading))
    parts.append("<h2>Drawdowns</h2>")
    parts.append(pair())
    parts.append(
      Self.pair(
        tables.drawdowns(.returnWithCost, .product), tables.drawdowns(.excessWithCost, .sum)))
    parts.append("<h2>Months</h2>")
    parts.append("<div class=wide>\(tables.months(.returnWithCost, "Strategy with cost"))</div>")
    if report.isKnown(.excessWithCost) {
      parts.append("<div class=wide>\(tables.months(.excessWithCost, "Excess with cost"))</div>")
    }
    parts.append("<h2>Trading</h2>")
    parts.append(pair())
    if let signal = report.signal {
      parts.append("<h2>Signal</h2>")
      parts += [pair(), pair()]
      let months = CalendarMonth.months(of: signal.days)
      for (name, values) in [("IC", signal.ic), ("Rank IC", signal.rankIC)] {
        let caption = "\(name) <small>mean of the days of a month, and of a year</small>"
        let table = ReportTables.means(caption, months, values, digits: 3)
        parts.append("<div class=wide>\(table)</div>")
      }
    }
    parts.append(about)
    return Page.document(title: title, parts.joined(separator: "\n"))
  }

  private static func pair(_ one: String, _ other: String) -> String {
    "<div class=pair>\(one)\n\(other)</div>"
  }

  private static func figure(_ chart: Chart, _ picture: String) -> String {
    Page.figure(chart.title, keys: chart.keys, picture)
  }

  /// Title, verdict and the six numbers to know.
  private var head: String {
    let verdict = Verdict(report)
    let days = report.history.days
    let excess = report.statistics(.excessWithCost, .sum)
    let strategy = report.statistics(.returnWithCost, .product)
    let turnover = report.history.column("turnover").known.mean
    // Of a span too short for a year, what came of it.
    func gain(
      _ statistics: RiskStatistics, _ series: ReturnSeries, _ convention: ReturnConvention,
      _ name: String, _ how: String
    ) -> String {
      let short = statistics.ground.short
      let number =
        short == nil
        ? statistics.annualizedReturn
        : convention.cumulative(report.daily(series).known).last ?? .nan
      let span = short.map { ", \(how); \($0)" } ?? " a year, \(how)"
      return Page.tile(percent(number), name + span, sign: number)
    }
    func ratio(_ statistics: RiskStatistics) -> String {
      Page.tile(
        fixed(statistics.informationRatio, 2),
        "information ratio of it" + (statistics.ground.reason.map { ": \($0)" } ?? ""),
        sign: statistics.informationRatio)
    }
    let gained = gain(strategy, .returnWithCost, .product, "strategy’s return", "compounded")
    let fallen = Page.tile(percent(strategy.maxDrawdown), "its largest drawdown")
    // Without a benchmark there is no excess to speak of.
    var tiles = [gained, ratio(report.statistics(.returnWithCost, .sum)), fallen]
    if report.isKnown(.excessWithCost) {
      tiles = [
        gain(excess, .excessWithCost, .sum, "excess return", "with cost"), ratio(excess),
        Page.tile(percent(excess.maxDrawdown), "largest drawdown of it"), gained, fallen,
      ]
    }
    tiles.append(Page.tile(percent(turnover), "turnover of a day"))
    let span = days.first.map { "\($0) to \(days.last ?? $0)" } ?? ""
    return """
      <p class=title>\(HTML.escaped(title)) · \(span) · N = \(RiskReport.plain(report.annualization))
      days a year</p>
      <h1>\(verdict.text)</h1>
      <p class=caution>\(verdict.caution)</p>
      <div class=tiles>\(tiles.joined())</div>
      """
  }

  /// What the words mean.
  private var about: String {
    let n = RiskReport.plain(report.annualization)
    return """
      <h2>How it is reckoned</h2><div class=about>
      <p>Excess is the account’s return less the benchmark’s. Summed returns are added day by day, as if the
      stake were the same every day; compounded ones are multiplied, as an account grows. A year is
      N = \(n) trading days. The start is the first high, so that a loss on the first day is a
      drawdown; in qlib the first day is. Fewer than 60 days are not annualised.</p>
      <p>VaR is the 5 % quantile of the daily returns, CVaR the mean of those not above it. Sharpe and Sortino are
      mean over deviation, of all days and of losses, × √N. Alpha and beta are against the
      benchmark. t is the mean over its own uncertainty.</p>
      <p>A backtest deals at the prices of the past and moves none of them. It says what would have come of a
      rule, not what will.</p></div>
      """
  }
}
