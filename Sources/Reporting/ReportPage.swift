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

  /// The page.
  public var html: String {
    var sheet = ChartSheet()
    let charts = ReturnCharts(report)
    let tables = ReportTables(report)
    var parts = [head, "<h2>Growth</h2>"]
    parts.append(
      WaySwitch.html(charts.ways) { way in
        let isRelative = way != .matched && report.isKnown(.excessWithCost)
        return charts.equity(way, &sheet) + (isRelative ? charts.excess(way, &sheet) : "")
      })
    parts.append("<h2>Key figures</h2>")
    parts.append(Self.pair(tables.figures(.sum), tables.figures(.product)))
    parts.append(Self.pair(tables.measures, tables.spans))
    parts.append(Self.pair(tables.shape, tables.trading ?? ""))
    parts.append("<h2>Years and months</h2>")
    parts += Self.pairs(charts.years(&sheet))
    let name = report.returns.ledger == nil ? "" : " with cost"
    parts.append("<div class=wide>\(tables.months(.returnWithCost, "Strategy\(name)"))</div>")
    if report.isKnown(.excessWithCost) {
      parts.append("<div class=wide>\(tables.months(.excessWithCost, "Excess\(name)"))</div>")
    }
    parts.append(months(tables))
    parts.append("<h2>How returns are spread</h2>")
    parts += Self.pairs(charts.spread(&sheet))
    parts.append("<h2>As time went by</h2>")
    parts += Self.pairs(charts.rolling(&sheet))
    parts.append("<h2>Drawdowns</h2>")
    parts += Self.pairs(charts.falls(&sheet))
    parts += Self.pairs(
      RiskReport.fallen.filter { $0.series == .returnWithCost || report.isKnown($0.series) }
        .map { tables.drawdowns($0.series, $0.convention) })
    if report.returns.ledger != nil {
      parts.append("<h2>Trading</h2>")
      parts += Self.pairs(
        TradingCharts(report).all(&sheet) + [tables.positions].compactMap(\.self))
    }
    if let signal = report.signal {
      parts.append("<h2>Signal</h2>")
      parts += Self.pairs(SignalCharts(signal).all(&sheet))
      let months = CalendarMonth.months(of: signal.days)
      for (name, values) in [("IC", signal.ic), ("Rank IC", signal.rankIC)] {
        let caption = "\(name) <small>mean of the days of a month, and of a year</small>"
        let table = ReportTables.means(caption, months, values, digits: 3)
        parts.append("<div class=wide>\(table)</div>")
      }
    }
    parts += [TradingBox(report).html, about, sheet.data.html]
    return Page.document(title: title, style: WaySwitch.style, parts.joined(separator: "\n"))
  }

  /// What qlib's monthly analysis shows, out of the way.
  private func months(_ tables: ReportTables) -> String {
    let year = report.annualization
    let isRelative = report.isKnown(.excessWithCost)
    let series: ReturnSeries = isRelative ? .excessWithCost : .returnWithCost
    let name = isRelative ? "of the excess" : "of the strategy"
    let heats = [
      tables.months(
        "Deviation of a day \(name) <small>percent</small>", series, digits: 2
      ) { 100 * $0.deviation },
      tables.months("Information ratio \(name) <small>of a year</small>", series, digits: 1) {
        $0.meanOverDeviation * year.squareRoot()
      },
      tables.months(
        "Largest drawdown \(name) <small>percent, summed, within the month</small>", series,
        digits: 2
      ) { 100 * (ReturnConvention.sum.underwater($0).min() ?? .nan) },
    ]
    return "<details><summary>Risk by month</summary>"
      + heats.map { "<div class=wide>\($0)</div>" }.joined() + "</details>"
  }

  static func pair(_ one: String, _ other: String) -> String {
    "<div class=pair>\(one)\n\(other)</div>"
  }

  /// Parts two by two; one that is as wide as the page, or alone, has a row of its own.
  static func pairs(_ parts: [String]) -> [String] {
    var rows: [String] = []
    var waiting: String?
    for part in parts {
      if part.contains("class='plot tall'") {
        rows.append("<div class=wide>\(part)</div>")
      } else if let first = waiting {
        rows.append(pair(first, part))
        waiting = nil
      } else {
        waiting = part
      }
    }
    if let waiting { rows.append(pair(waiting, "")) }
    return rows
  }

  /// Title, verdict and the six numbers to know.
  private var head: String {
    let verdict = Verdict(report)
    let days = report.days
    let excess = report.statistics(.excessWithCost, .sum)
    let strategy = report.statistics(.returnWithCost, .product)
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
    let isLedger = report.returns.ledger != nil
    let gained = gain(strategy, .returnWithCost, .product, "strategy’s return", "compounded")
    let fallen = Page.tile(percent(strategy.maxDrawdown), "its largest drawdown")
    // Without a benchmark there is no excess to speak of.
    var tiles = [gained, ratio(report.statistics(.returnWithCost, .sum)), fallen]
    if report.isKnown(.excessWithCost) {
      tiles = [
        gain(excess, .excessWithCost, .sum, "excess return", isLedger ? "with cost" : "summed"),
        ratio(excess), Page.tile(percent(excess.maxDrawdown), "largest drawdown of it"), gained,
        fallen,
      ]
    }
    tiles.append(
      isLedger
        ? Page.tile(percent(report.column("turnover").known.mean), "turnover of a day")
        : Page.tile(percent(report.measures(.returnWithCost).volatility), "volatility of a year"))
    let span = days.first.map { "\($0) to \(days.last ?? $0)" } ?? ""
    return """
      <p class=title>\(HTML.escaped(title)) · \(span) · N = \(RiskReport.plain(report.annualization))
      days a year</p>
      <h1>\(verdict.text)</h1>
      <p class=caution>\(verdict.caution)</p>
      \(Self.notes([report.returns]))
      <div class=tiles>\(tiles.joined())</div>
      """
  }

  /// What is strange about returns, as the tool has said it while it read them.
  static func notes(_ all: [DailyReturns]) -> String {
    let lines = all.flatMap { returns in
      returns.notes.map { (returns.name.isEmpty ? "" : "\(returns.name): ") + $0 }
    }
    return lines.map { "<p class=caution>Note: \(HTML.escaped($0)).</p>" }.joined(separator: "\n")
  }

  /// What the words mean.
  private var about: String {
    let n = RiskReport.plain(report.annualization)
    let excess =
      report.isKnown(.excessWithCost)
      ? "Excess is the strategy’s return less the benchmark’s. " : ""
    return """
      <h2>How it is reckoned</h2><div class=about>
      <p>\(excess)Summed returns are added day by day, as if the
      stake were the same every day; compounded ones are multiplied, as an account grows. A year is
      N = \(n) trading days. The start is the first high, so that a loss on the first day is a
      drawdown; in qlib the first day is. Fewer than 60 days are not annualised.</p>
      <p>VaR is the 5 % quantile of the daily returns, CVaR the mean of those not above it. Sharpe and Sortino are
      mean over deviation, of all days and of losses, × √N. Alpha and beta are against the
      benchmark. t is the mean over its own uncertainty. Omega is what was gained over what was lost; the tail
      ratio the 95 % quantile over the 5 % quantile; the ulcer index the root of the mean square of how far the
      account is below its highest; Kelly the share of an account that would grow it most, were days bets of
      two ends. Rolling figures are of the last \(report.window) days.</p>
      <p>A backtest deals at the prices of the past and moves none of them. It says what would have come of a
      rule, not what will.</p></div>
      """
  }
}
