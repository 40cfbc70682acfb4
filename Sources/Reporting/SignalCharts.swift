import Pages
import Portfolio
import Statistics

/// Charts of what scores were worth.
struct SignalCharts {
  private let signal: SignalHistory
  private let known: [Double]

  init(_ signal: SignalHistory) {
    self.signal = signal
    known = signal.ic.known
  }

  /// The charts, in the order of the page.
  func all(_ sheet: inout ChartSheet) -> [String] {
    [
      groupReturns(&sheet), daily(&sheet),
      ReturnCharts.histogram("Distribution of the IC", known, "days", &sheet, unit: "the IC"),
      normality(&sheet),
      sheet.days(
        "Scores from day to day", signal.days,
        [
          Plot.Curve(
            "mean of 20 days", .blue, trailingMean(signal.autocorrelation, 20), .line(1.8)),
          Plot.Curve("autocorrelation of ranks", .lightBlue, signal.autocorrelation, .line(1)),
        ], ChartSheet.Manner(unit: "correlation", digits: 3)),
      sheet.days(
        "Turnover of the first group", signal.days,
        [
          Plot.Curve(
            "mean of 20 days", .blue, trailingMean(signal.turnover.map { 100 * $0 }, 20), .line(1.8)
          ),
          Plot.Curve("of a day", .lightBlue, signal.turnover.map { 100 * $0 }, .impulses),
        ], ChartSheet.Manner(unit: "percent of its instruments", startsAtZero: true)),
    ]
  }

  private func groupReturns(_ sheet: inout ChartSheet) -> String {
    let last = signal.groups.count - 1
    let curves = signal.groups.enumerated().map { group, labels in
      let colour = ChartColour.groups[group * (ChartColour.groups.count - 1) / max(1, last)]
      let name = group == 0 ? "highest scores" : group == last ? "lowest" : "\(group + 1)"
      return Plot.Curve(
        name, colour, ReturnConvention.sum.cumulative(labels.map { $0.isNaN ? 0 : 100 * $0 }),
        .line(1.6))
    }
    return sheet.days("Groups by score, summed labels", signal.days, curves)
  }

  private func daily(_ sheet: inout ChartSheet) -> String {
    sheet.days(
      "IC by day", signal.days,
      [
        Plot.Curve("mean of 20 days", .blue, trailingMean(signal.ic, 20), .line(1.8)),
        Plot.Curve("mean of the rank IC", .orange, trailingMean(signal.rankIC, 20), .line(1.4)),
        Plot.Curve("IC of a day", .lightBlue, signal.ic, .impulses),
      ], ChartSheet.Manner(unit: "correlation", digits: 3))
  }

  private func normality(_ sheet: inout ChartSheet) -> String {
    let sorted = known.sorted()
    let places = sorted.indices.map {
      Normal.quantile((Double($0) + 0.5) / Double(sorted.count))
    }
    var curves = [Plot.Curve("days", .blue, sorted, .points, places: places)]
    let (mean, deviation) = (known.mean, known.deviation)
    if deviation > 0 {
      curves.insert(
        Plot.Curve(
          "a normal distribution", .orange, [mean - 4 * deviation, mean + 4 * deviation],
          .line(1.4),
          places: [-4, 4]), at: 0)
    }
    return sheet.quantity(
      "IC beside a normal distribution", [], within: (-4, 4), curves,
      ChartSheet.Manner(unit: "IC of a day over the quantile of the normal distribution"))
  }
}
