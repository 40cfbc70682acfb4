import Days
import Pages
import Portfolio
import Statistics
import Streams

/// The tables of the page: units stand in the first column or the head, numbers to the right.
struct ReportTables {
  let report: RiskReport

  init(_ report: RiskReport) { self.report = report }

  typealias Row = [(text: String, style: String)]

  /// The series of columns, the excess first; those without a day are left out.
  private var titles: [(series: ReturnSeries, title: String)] {
    let all: [(series: ReturnSeries, title: String)] = [
      (.excessWithCost, "Excess"), (.returnWithCost, "Strategy"), (.benchmark, "Benchmark"),
      (.excessWithoutCost, "Excess,<br>no cost"), (.returnWithoutCost, "Strategy,<br>no cost"),
    ]
    let known = all.filter { report.isKnown($0.series) }
    return known.isEmpty ? [all[1]] : known
  }

  private func table(_ caption: String, _ rows: [(String, (ReturnSeries) -> String)]) -> String {
    HTML.table(
      caption, head: [""] + titles.map(\.title),
      rows: rows.map { name, text in [(name, "")] + titles.map { (text($0.series), "") } },
      class: "freeze")
  }

  /// qlib's figures by one convention.
  func figures(_ convention: ReturnConvention) -> String {
    let all = Dictionary(
      uniqueKeysWithValues: titles.map { ($0.series, report.statistics($0.series, convention)) })
    let n = RiskReport.plain(report.annualization)
    let caption =
      (convention == .sum ? "Summed, as qlib does" : "Compounded, as an account grows")
      + " <small>\(report.ground.short ?? "a year is N = \(n) days")</small>"
    func row(_ name: String, _ text: @escaping (RiskStatistics) -> String) -> (
      String, (ReturnSeries) -> String
    ) { (name, { all[$0].map(text) ?? "" }) }
    return table(
      caption,
      [
        row("Mean of a day, %") { hundreds($0.mean, 4) },
        row("Deviation of a day, %") { hundreds($0.deviation, 4) },
        row("Return of a year, %") { hundreds($0.annualizedReturn, 2) },
        row("Information ratio") { fixed($0.informationRatio, 3) },
        row("Largest drawdown, %") { hundreds($0.maxDrawdown, 2) },
        row("Calmar") { fixed($0.calmar, 3) },
      ])
  }

  /// Figures of one definition.
  var measures: String {
    let all = Dictionary(
      uniqueKeysWithValues: titles.map { ($0.series, report.measures($0.series)) })
    let n = RiskReport.plain(report.annualization)
    func row(_ name: String, _ text: @escaping (RiskMeasures) -> String) -> (
      String, (ReturnSeries) -> String
    ) { (name, { all[$0].map(text) ?? "" }) }
    return table(
      "By either convention <small>\(report.ground.short ?? "N = \(n)")</small>",
      [
        row("Volatility of a year, %") { hundreds($0.volatility, 2) },
        row("Sharpe") { fixed($0.sharpe, 3) },
        row("Sortino") { fixed($0.sortino, 3) },
        row("VaR 95 %, of a day, %") { hundreds($0.valueAtRisk, 2) },
        row("CVaR 95 %, of a day, %") { hundreds($0.conditionalValueAtRisk, 2) },
        row("Alpha of a year, %") { hundreds($0.alpha, 2) },
        row("Beta") { fixed($0.beta, 3) },
        row("Days with a gain, %") { hundreds($0.winRate, 1) },
        row("t of the mean") { fixed($0.tStatistic, 2) },
      ])
  }

  /// What returns came to by now.
  var spans: String {
    let names: [CalendarSpan: String] = [
      .month: "This month", .threeMonths: "3 months", .sixMonths: "6 months", .year: "This year",
      .oneYear: "1 year", .threeYears: "3 years, a year", .fiveYears: "5 years, a year",
      .tenYears: "10 years, a year",
    ]
    var rows: [(String, (ReturnSeries) -> String)] = CalendarSpan.allCases.map { span in
      (
        "\(names[span] ?? span.rawValue), %",
        { hundreds(span.value(report.daily($0), report.days), 2) }
      )
    }
    rows.append(("All, %", { hundreds(report.shape($0).total, 2) }))
    return table("Up to the last day <small>compounded, by the calendar</small>", rows)
  }

  /// Tails, gains beside losses, the best and the worst.
  var shape: String {
    let all = Dictionary(uniqueKeysWithValues: titles.map { ($0.series, report.shape($0.series)) })
    func row(_ name: String, _ text: @escaping (ReturnShape) -> String) -> (
      String, (ReturnSeries) -> String
    ) { (name, { all[$0].map(text) ?? "" }) }
    func best(_ period: ReturnPeriod, _ pick: @escaping ([Double]) -> Double?) -> (
      ReturnSeries
    ) -> String {
      { series in
        let values = period.returns(report.daily(series), report.days).map(\.value)
        return hundreds(pick(values) ?? .nan, 2)
      }
    }
    return table(
      "Shape",
      [
        row("Skew") { fixed($0.skewness, 3) }, row("Kurtosis over 3") { fixed($0.kurtosis, 3) },
        row("Omega") { fixed($0.omega, 3) }, row("Gain over loss, means") { fixed($0.payoff, 3) },
        row("Tail ratio") { fixed($0.tailRatio, 3) },
        row("Ulcer index, %") { hundreds($0.ulcer, 2) },
        row("Kelly, %") { hundreds($0.kelly, 1) },
        ("Best day, %", best(.day) { $0.max() }), ("Worst day, %", best(.day) { $0.min() }),
        ("Best month, %", best(.month) { $0.max() }), ("Worst month, %", best(.month) { $0.min() }),
        ("Best year, %", best(.year) { $0.max() }), ("Worst year, %", best(.year) { $0.min() }),
        ("Months with a gain, %", best(.month) { $0.map { $0 > 0 ? 1 : 0 }.mean }),
        row("Days of gain in a row") { "\($0.runs.gains)" },
        row("Days of loss in a row") { "\($0.runs.losses)" },
      ])
  }

  /// The deepest falls of a series.
  func drawdowns(_ series: ReturnSeries, _ convention: ReturnConvention) -> String {
    let days = report.days
    let falls = report.drawdowns(series, convention)
    let title = series == .returnWithCost ? "Strategy" : "Excess"
    let verb = convention == .sum ? "summed" : "compounded"
    return HTML.table(
      "\(title)\(report.returns.ledger == nil ? "" : " with cost") <small>\(verb)</small>",
      head: ["", "High", "Lowest", "Recovered", "Depth, %", "Days"],
      rows: falls.isEmpty
        ? [[("none", "")] + Array(repeating: ("", ""), count: 5)]
        : falls.enumerated().map { rank, fall in
          [
            ("\(rank + 1)", ""), (fall.start.map { "\(days[$0])" } ?? "start", ""),
            ("\(days[fall.trough])", ""),
            (fall.recovery.map { "\(days[$0])" } ?? "not yet", ""), (hundreds(fall.depth, 2), ""),
            ("\(fall.length)", ""),
          ]
        }, class: "freeze")
  }

  /// Orders and what they cost; nothing of plain returns.
  var trading: String? {
    guard let ledger = report.returns.ledger, let indicators = report.indicators else { return nil }
    func mean(_ key: String) -> Double { ledger.column(key).known.mean }
    let year = report.ground.isOfYears ? report.annualization : .nan
    var rows = [
      ("Account at the end", grouped(ledger.column("account").last ?? .nan)),
      ("Turnover of a day, %", hundreds(mean("turnover"), 2)),
      ("Cost of a year, %", hundreds(mean("cost") * year, 2)),
      ("Cost in money", grouped(ledger.totalCost)),
      ("Orders", grouped(ledger.column("orders").known.reduce(0, +))),
      ("Share of amounts dealt (ffr), %", hundreds(indicators.fulfilment, 2)),
    ]
    if indicators.comparesPrices {
      rows.append(("Price advantage (pa)", fixed(indicators.priceAdvantage, 6)))
      rows.append(("Orders with an advantage (pos)", fixed(indicators.positiveShare, 6)))
    }
    let exposure = ledger.exposure.known
    if !exposure.isEmpty { rows.append(("In stocks, mean, %", hundreds(exposure.mean, 2))) }
    let holdings = ledger.holdings.known
    if !holdings.isEmpty { rows.append(("Instruments held, mean", fixed(holdings.mean, 1))) }
    return HTML.table("Trading", head: ["", ""], rows: rows.map { [($0.0, ""), ($0.1, "")] })
  }

  /// What is held at the end, the largest first; nothing where a ledger does not say.
  var positions: String? {
    guard let held = report.returns.ledger?.positions, !held.isEmpty else { return nil }
    let first = held.sorted { ($1.weight, $0.instrument) < ($0.weight, $1.instrument) }.prefix(10)
    let rest = held.count - first.count
    var rows: [Row] = first.map { [($0.instrument, ""), (hundreds($0.weight, 2), "")] }
    if rest > 0 {
      let share = held.reduce(0) { $0 + $1.weight } - first.reduce(0) { $0 + $1.weight }
      rows.append([("\(rest) more", ""), (hundreds(share, 2), "")])
    }
    return HTML.table(
      "Held at the end <small>\(held.count) instruments</small>",
      head: ["", "Share of the account, %"],
      rows: rows.map { [(HTML.escaped($0[0].text), ""), $0[1]] })
  }
}
