import Pages
import Portfolio
import Statistics

/// Charts of a ledger: returns, falls, turnover and cost, in percent.
struct ReturnCharts {
  /// A series as a chart shows it.
  private struct Shown {
    let name: String
    let colour: ChartColour
    let values: [Double]
  }

  private let report: RiskReport
  private let axis: Chart.Axis
  /// The columns that the charts draw from, behind the day's number.
  private var columns: [[Double]] = []
  /// The charts, in the order of the page.
  private(set) var charts: [Chart] = []

  init(_ report: RiskReport) {
    self.report = report
    axis = .days(report.history.days)
    let strategy: [(ReturnSeries, ChartColour, String)] = [
      (.benchmark, .grey, "benchmark"), (.returnWithoutCost, .lightBlue, "without cost"),
      (.returnWithCost, .blue, "strategy with cost"),
    ]
    let excess: [(ReturnSeries, ChartColour, String)] = [
      (.excessWithoutCost, .lightOrange, "without cost"),
      (.excessWithCost, .orange, "excess with cost"),
    ]
    for (title, series) in [("Cumulative return", strategy), ("Excess over the benchmark", excess)]
    {
      for convention in ReturnConvention.allCases {
        let verb = convention == .sum ? "summed" : "compounded"
        addLines("\(title), \(verb)", curves(series) { convention.cumulative($0) })
      }
    }
    addAreas(
      "Below the highest so far, compounded",
      curves([strategy[0], strategy[2]]) { ReturnConvention.product.underwater($0) })
    addAreas(
      "Excess below its highest so far, summed",
      curves([excess[1], excess[0]]) { ReturnConvention.sum.underwater($0) })
    addTrading()
  }

  /// The data, a line a day.
  var data: [String] {
    var lines = ["$daily << EOD"]
    for (place, day) in report.history.days.enumerated() {
      var line = "\(day.number)"
      for column in columns { line += " \(Chart.plotted(column[place]))" }
      lines.append(line)
    }
    return lines + ["EOD"]
  }

  /// The curves of those series that are known.
  private func curves(
    _ series: [(ReturnSeries, ChartColour, String)], _ body: ([Double]) -> [Double]
  ) -> [Shown] {
    series.filter { report.isKnown($0.0) }.map { one, colour, name in
      Shown(name: name, colour: colour, values: body(report.filled(one)).map { 100 * $0 })
    }
  }

  /// Adds a column; returns what to plot of it.
  private mutating func column(_ values: [Double]) -> String {
    columns.append(values)
    return "$daily using 1:\(columns.count + 1)"
  }

  /// A line for each curve; the last one, which lies on top, is the first of the legend.
  private mutating func addLines(_ title: String, _ curves: [Shown]) {
    var plots: [Chart.Curve] = []
    for (place, curve) in curves.enumerated() {
      let width = place == curves.count - 1 ? 1.8 : 1.2
      let plot = "\(column(curve.values)) with lines lw \(width) lc rgb '\(curve.colour.rawValue)'"
      plots.append((curve.values, plot))
    }
    charts.append(
      Chart(
        title, axis, yLabel: "percent", keys: curves.reversed().map { ($0.colour, $0.name) },
        curves: plots))
  }

  /// What is between each curve and 0, shaded.
  private mutating func addAreas(_ title: String, _ curves: [Shown]) {
    let places = curves.map { column($0.values) }
    let areas = zip(places, curves).map { place, curve in
      (
        curve.values,
        "\(place) with filledcurves y1=0 fs transparent solid 0.28 noborder "
          + "fc rgb '\(curve.colour.rawValue)'"
      )
    }
    let lines = zip(places, curves).map { place, curve in
      (curve.values, "\(place) with lines lw 1.1 lc rgb '\(curve.colour.rawValue)'")
    }
    charts.append(
      Chart(
        title, axis, yLabel: "percent", keys: curves.map { ($0.colour, $0.name) },
        curves: areas + lines))
  }

  private mutating func addTrading() {
    let turnover = report.history.column("turnover").map { 100 * $0 }
    let (bars, mean) = (column(turnover), column(trailingMean(turnover, 20)))
    charts.append(
      Chart(
        "Turnover", axis, yLabel: "percent of the account",
        keys: [(.lightBlue, "of a day"), (.blue, "mean of 20 days")], startsAtZero: true,
        curves: [
          (turnover, "\(bars) with impulses lw 0.8 lc rgb '\(ChartColour.lightBlue.rawValue)'"),
          (turnover, "\(mean) with lines lw 1.8 lc rgb '\(ChartColour.blue.rawValue)'"),
        ]))
    let cost = ReturnConvention.sum.cumulative(
      report.history.column("cost").map { $0.isNaN ? 0 : 100 * $0 })
    let line = "\(column(cost)) with lines lw 1.8 lc rgb '\(ChartColour.orange.rawValue)'"
    charts.append(
      Chart(
        "Cost so far, summed", axis, yLabel: "percent of the account",
        keys: [(.orange, "cost of trading")], startsAtZero: true, curves: [(cost, line)]))
  }
}

/// The mean of the last so many values that are numbers; NaN where there is none.
func trailingMean(_ values: [Double], _ count: Int) -> [Double] {
  values.indices.map { place in
    values[max(0, place - count + 1)...place].known.mean
  }
}
