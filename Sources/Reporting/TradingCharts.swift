import Days
import Pages
import Portfolio
import Statistics

/// Charts of what a ledger knows of trading: turnover, cost, what was held.
struct TradingCharts {
  private let report: RiskReport

  init(_ report: RiskReport) { self.report = report }

  /// The charts, in the order of the page.
  func all(_ sheet: inout ChartSheet) -> [String] {
    var charts = [turnover(&sheet), cost(&sheet)]
    let exposure = report.returns.ledger?.exposure.map { 100 * $0 } ?? []
    if exposure.contains(where: { !$0.isNaN }) {
      charts.append(
        sheet.days(
          "Exposure", report.days, [Plot.Curve("in stocks", .green, exposure, .line(1.7))],
          ChartSheet.Manner(unit: "percent of the account")))
    }
    let holdings = report.returns.ledger?.holdings ?? []
    if holdings.contains(where: { !$0.isNaN }) {
      charts.append(
        sheet.days(
          "Holdings", report.days, [Plot.Curve("held", .purple, holdings, .line(1.7))],
          ChartSheet.Manner(unit: "instruments", startsAtZero: true, digits: 0)))
    }
    return charts
  }

  /// Turnover by day: the purchase of all on the first day is beyond the scale, and told.
  private func turnover(_ sheet: inout ChartSheet) -> String {
    let turnover = report.column("turnover").map { 100 * $0 }
    var manner = ChartSheet.Manner(unit: "percent of the account", startsAtZero: true)
    if let (place, most) = Self.opening(turnover) {
      manner.most = most
      manner.note =
        "On \(report.days[place]), when all was bought, it was \(percent(turnover[place] / 100)): beyond the scale."
    }
    return sheet.days(
      "Turnover", report.days,
      [
        Plot.Curve("mean of 20 days", .blue, trailingMean(turnover, 20), .line(1.8)),
        Plot.Curve("of a day", .lightBlue, turnover, .impulses),
      ], manner)
  }

  /// The day of the first trades and the scale of the others, where it is beyond twice of that.
  static func opening(_ turnover: [Double]) -> (place: Int, most: Double)? {
    guard let place = turnover.firstIndex(where: { $0 > 0 }),
      let most = turnover[(place + 1)...].known.max(), most > 0, turnover[place] > 2 * most
    else { return nil }
    return (place, most)
  }

  private func cost(_ sheet: inout ChartSheet) -> String {
    let cost = ReturnConvention.sum.cumulative(
      report.column("cost").map { $0.isNaN ? 0 : 100 * $0 })
    return sheet.days(
      "Cost so far, summed", report.days,
      [Plot.Curve("cost of trading", .orange, cost, .line(1.8))],
      ChartSheet.Manner(unit: "percent of the account", startsAtZero: true))
  }
}
