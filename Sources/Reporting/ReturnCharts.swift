import Market
import Portfolio

/// Charts of a ledger: returns, falls, turnover and cost.
struct ReturnCharts {
  private let report: RiskReport
  private var days: [Day] { report.history.days }

  init(_ report: RiskReport) { self.report = report }

  /// The columns of the block that the charts draw from, behind the day's number; in percent.
  private var columns: [(name: String, values: [Double])] {
    let series = ReturnSeries.allCases
    var columns: [(name: String, values: [Double])] = []
    for convention in ReturnConvention.allCases {
      for one in series {
        columns.append(
          ("\(one.rawValue):\(convention.rawValue)", convention.cumulative(report.filled(one))))
      }
    }
    for (one, convention) in [
      (ReturnSeries.benchmark, ReturnConvention.product), (.returnWithCost, .product),
      (.excessWithoutCost, .sum), (.excessWithCost, .sum),
    ] {
      columns.append(
        ("\(one.rawValue):underwater", convention.underwater(report.filled(one))))
    }
    let turnover = report.history.column("turnover")
    columns.append(("turnover", turnover))
    columns.append(("turnover:mean", trailingMean(turnover, 20)))
    let cost = report.history.column("cost").map { $0.isNaN ? 0 : $0 }
    columns.append(("cost", ReturnConvention.sum.cumulative(cost)))
    return columns
  }

  /// The data, a line a day.
  var data: [String] {
    let columns = columns
    var lines = ["$daily << EOD"]
    for (place, day) in days.enumerated() {
      var line = "\(day.number)"
      for column in columns { line += " \(plotted(100 * column.values[place]))" }
      lines.append(line)
    }
    return lines + ["EOD"]
  }

  private func using(_ name: String) -> String {
    let place = columns.firstIndex { $0.name == name } ?? 0
    return "$daily using 1:\(place + 2)"
  }

  private func curve(_ name: String, _ colour: ChartColour, width: Double = 1.6) -> String {
    "\(using(name)) with lines lw \(width) lc rgb '\(colour.rawValue)'"
  }

  /// The charts, in the order of the page.
  var charts: [Chart] {
    var charts: [Chart] = []
    for convention in ReturnConvention.allCases {
      let verb = convention == .sum ? "summed" : "compounded"
      charts.append(
        Chart(
          "Cumulative return, \(verb)", over: days, yLabel: "percent",
          keys: [
            (.strategy, "strategy with cost"), (.strategyGross, "without cost"),
            (.benchmark, "benchmark"),
          ],
          plot: [
            curve("bench:\(convention.rawValue)", .benchmark, width: 1.3),
            curve("return_without_cost:\(convention.rawValue)", .strategyGross, width: 1.2),
            curve("return_with_cost:\(convention.rawValue)", .strategy, width: 1.8),
          ]))
    }
    for convention in ReturnConvention.allCases {
      let verb = convention == .sum ? "summed" : "compounded"
      charts.append(
        Chart(
          "Excess over the benchmark, \(verb)", over: days, yLabel: "percent",
          keys: [(.excess, "excess with cost"), (.excessGross, "without cost")],
          plot: [
            curve("excess_return_without_cost:\(convention.rawValue)", .excessGross, width: 1.2),
            curve("excess_return_with_cost:\(convention.rawValue)", .excess, width: 1.8),
          ]))
    }
    charts.append(
      Chart(
        "Below the highest day so far, compounded", over: days, yLabel: "percent",
        keys: [(.strategy, "strategy with cost"), (.benchmark, "benchmark")],
        plot: [
          area("bench:underwater", .benchmark, 0.25), area("return_with_cost:underwater", .strategy, 0.3),
          curve("bench:underwater", .benchmark, width: 1),
          curve("return_with_cost:underwater", .strategy, width: 1.2),
        ]))
    charts.append(
      Chart(
        "Excess below its highest day so far, summed", over: days, yLabel: "percent",
        keys: [(.excess, "excess with cost"), (.excessGross, "without cost")],
        plot: [
          area("excess_return_with_cost:underwater", .excess, 0.25),
          area("excess_return_without_cost:underwater", .excessGross, 0.3),
          curve("excess_return_with_cost:underwater", .excess, width: 1.2),
          curve("excess_return_without_cost:underwater", .excessGross, width: 1),
        ]))
    charts.append(
      Chart(
        "Turnover", over: days, yLabel: "percent of the account",
        keys: [(.strategyGross, "of a day"), (.strategy, "mean of 20 days")],
        plot: [
          "\(using("turnover")) with impulses lw 0.8 lc rgb '\(ChartColour.strategyGross.rawValue)'",
          curve("turnover:mean", .strategy, width: 1.8),
        ], settings: ["set yrange [0:*]"]))
    charts.append(
      Chart(
        "Cost so far, summed", over: days, yLabel: "percent of the account",
        keys: [(.excess, "cost of trading")], plot: [curve("cost", .excess, width: 1.8)],
        settings: ["set yrange [0:*]"]))
    return charts
  }

  private func area(_ name: String, _ colour: ChartColour, _ opacity: Double) -> String {
    "\(using(name)) with filledcurves y1=0 fs transparent solid \(opacity) noborder "
      + "fc rgb '\(colour.rawValue)'"
  }
}

/// A number for gnuplot; `?` for none.
func plotted(_ value: Double) -> String { value.isFinite ? fixed(value, 4) : "?" }

/// The mean of the last so many values that are numbers; NaN where there is none.
func trailingMean(_ values: [Double], _ count: Int) -> [Double] {
  values.indices.map { place in
    values[max(0, place - count + 1)...place].filter { !$0.isNaN }.mean
  }
}
