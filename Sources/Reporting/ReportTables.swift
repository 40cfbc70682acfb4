import Portfolio

/// The tables of the page.
struct ReportTables {
  private let report: RiskReport

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
      + " <small>a year is N = \(n) days</small>"
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
      "By either convention <small>N = \(n)</small>", head: [""] + Self.titles.map(\.title),
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
    let title = series == .returnWithCost ? "Strategy with cost" : "Excess with cost"
    let verb = convention == .sum ? "summed" : "compounded"
    return HTML.table(
      "\(title) <small>\(verb)</small>",
      head: ["High", "Lowest", "Recovered", "Depth", "Days"],
      rows: report.drawdowns(series, convention).map { fall in
        [
          ("\(days[fall.start])", ""), ("\(days[fall.trough])", ""),
          (fall.recovery.map { "\(days[$0])" } ?? "not yet", ""), (percent(fall.depth, 2), ""),
          ("\(fall.length)", ""),
        ]
      })
  }

  /// Orders and what they cost.
  var trading: String {
    let history = report.history
    func mean(_ key: String) -> Double { history.column(key).filter { !$0.isNaN }.mean }
    func total(_ key: String) -> Double { history.column(key).filter { !$0.isNaN }.reduce(0, +) }
    let rows = [
      ("Account at the end", grouped(history.column("account").last ?? .nan)),
      ("Turnover of a day", percent(mean("turnover"), 2)),
      ("Cost of a year", percent(mean("cost") * report.annualization, 2)),
      ("Cost in money", grouped(history.column("total_cost").last ?? .nan)),
      ("Orders", grouped(total("orders"))),
      ("Share of amounts dealt (ffr)", percent(report.indicators.fulfilment, 2)),
      ("Price advantage (pa)", fixed(report.indicators.priceAdvantage, 6)),
      ("Orders with an advantage (pos)", fixed(report.indicators.positiveShare, 6)),
    ]
    return HTML.table(
      "Trading", head: ["", ""], rows: rows.map { [($0.0, ""), ($0.1, "")] })
  }

  /// Compounded returns, a row a year and a column a month.
  func months(_ series: ReturnSeries, _ title: String) -> String {
    let daily = report.daily(series)
    return Self.heat(
      "\(title) <small>percent, compounded over the month and the year</small>",
      report.months.map { ($0.year, $0.month, 100 * $0.compounded(daily)) }, digits: 1, last: "Year"
    ) { year in
      let known = report.months.filter { $0.year == year }.flatMap { daily[$0.days] }
        .filter { !$0.isNaN }
      return 100 * (ReturnConvention.product.cumulative(known).last ?? .nan)
    }
  }

  /// A mean of each month, a row a year.
  static func means(
    _ title: String, _ months: [CalendarMonth], _ values: [Double], digits: Int
  ) -> String {
    heat(
      title, months.map { ($0.year, $0.month, SignalHistory.mean(Array(values[$0.days]))) },
      digits: digits, last: "Year"
    ) { year in
      SignalHistory.mean(months.filter { $0.year == year }.flatMap { values[$0.days] })
    }
  }

  /// Months with the colour of their numbers: blue above 0, orange below.
  private static func heat(
    _ caption: String, _ cells: [(year: Int, month: Int, value: Double)], digits: Int, last: String,
    year total: (Int) -> Double
  ) -> String {
    let most = cells.map(\.value).filter(\.isFinite).map(\.magnitude).max() ?? 0
    let names = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    var years: [Int] = []
    for cell in cells where years.last != cell.year { years.append(cell.year) }
    return HTML.table(
      caption, head: [""] + names + [last],
      rows: years.map { year in
        var row: [(text: String, style: String)] = [("\(year)", "")]
        for month in 1...12 {
          guard let value = cells.first(where: { $0.year == year && $0.month == month })?.value
          else {
            row.append(("", ""))
            continue
          }
          let share = value.isFinite && most > 0 ? value.magnitude / most : 0
          let colour = value < 0 ? "--orange" : "--blue"
          row.append(
            (
              fixed(value, digits),
              share > 0 ? "background:rgba(var(\(colour)),\(fixed(0.6 * share, 2)))" : ""
            ))
        }
        return row + [(fixed(total(year), digits), "")]
      }, class: "heat")
  }
}
