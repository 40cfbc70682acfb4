import Days
import Pages
import Portfolio
import Statistics

/// Charts of returns: how they grow, fall, are spread, and change with time.
struct ReturnCharts {
  private typealias Shown = (series: ReturnSeries, colour: ChartColour, name: String)

  private let report: RiskReport
  private let strategy: [Shown]
  private let excess: [Shown]

  init(_ report: RiskReport) {
    self.report = report
    let isLedger = report.returns.ledger != nil
    strategy = [
      (.returnWithCost, .blue, isLedger ? "strategy with cost" : "strategy"),
      (.returnWithoutCost, .lightBlue, "without cost"), (.benchmark, .grey, "benchmark"),
    ].filter { report.isKnown($0.0) }
    excess = [
      (.excessWithCost, .orange, isLedger ? "excess with cost" : "excess"),
      (.excessWithoutCost, .lightOrange, "without cost"),
    ].filter { report.isKnown($0.0) }
  }

  /// The ways that there are.
  var ways: [GrowthWay] {
    let known = report.isKnown(.benchmark) && report.measures(.benchmark).benchmarkVaries
    return GrowthWay.allCases.filter { $0 != .matched || known }
  }

  /// The equity curve, with the deepest falls shaded.
  func equity(_ way: GrowthWay, _ sheet: inout ChartSheet) -> String {
    var manner = ChartSheet.Manner(isWide: true)
    manner.shades = shades
    way.apply(to: &manner)
    if way == .matched {
      manner.note =
        "Each day’s return is scaled so that all have the benchmark’s volatility; compounded."
    }
    return sheet.days("Return", report.days, lines(strategy, way), manner)
  }

  /// The excess over the benchmark.
  func excess(_ way: GrowthWay, _ sheet: inout ChartSheet) -> String {
    var manner = ChartSheet.Manner(isWide: true)
    way.apply(to: &manner)
    return sheet.days(
      "Excess over the benchmark", report.days, lines(excess, way), manner)
  }

  private func lines(_ shown: [Shown], _ way: GrowthWay) -> [Plot.Curve] {
    shown.enumerated().map { place, one in
      var daily = report.filled(one.series)
      if way == .matched {
        let scale =
          report.daily(.benchmark).known.deviation / report.daily(one.series).known.deviation
        daily = daily.map { $0 * scale }
      }
      let values = known(one.series, way.values(daily))
      return Plot.Curve(one.name, one.colour, values, .line(place == 0 ? 1.9 : 1.3))
    }
  }

  /// Values of a curve from the first day that its series has to the last; elsewhere there is none to draw.
  private func known(_ series: ReturnSeries, _ values: [Double]) -> [Double] {
    let daily = report.daily(series)
    guard let first = daily.firstIndex(where: { !$0.isNaN }),
      let last = daily.lastIndex(where: { !$0.isNaN })
    else { return values }
    return values.indices.map { (first...last).contains($0) ? values[$0] : .nan }
  }

  /// The deepest falls of the strategy, numbered as in their table.
  private var shades: [Plot.Shade] {
    let days = report.days
    return report.drawdowns(.returnWithCost, .product).enumerated().map { rank, fall in
      let from = days[fall.start ?? 0]
      let to = fall.recovery.map { days[$0] } ?? days[days.count - 1]
      return (Double(from.number), Double(to.number), "\(rank + 1)")
    }
  }

  /// How far below the highest so far the account is, and the excess.
  func falls(_ sheet: inout ChartSheet) -> [String] {
    func areas(_ shown: [Shown], _ convention: ReturnConvention) -> [Plot.Curve] {
      shown.flatMap { one in
        let values = known(
          one.series, convention.underwater(report.filled(one.series)).map { 100 * $0 })
        return [
          Plot.Curve(one.name, one.colour, values, .line(1.1)),
          Plot.Curve("", one.colour, values, .area, places: report.days.map { Double($0.number) }),
        ]
      }
    }
    let own = strategy.filter { $0.series != .returnWithoutCost }
    var charts = [
      sheet.days("Below the highest so far, compounded", report.days, areas(own, .product))
    ]
    if !excess.isEmpty {
      charts.append(
        sheet.days("Excess below its highest so far, summed", report.days, areas(excess, .sum)))
    }
    return charts
  }

  /// Figures of the last days, day by day.
  func rolling(_ sheet: inout ChartSheet) -> [String] {
    let shown = strategy.filter { $0.series != .returnWithoutCost }
    let figures = shown.map { ($0, report.rolling($0.series)) }
    let days = "last \(report.window) days"
    func chart(
      _ title: String, _ unit: String, _ values: (RollingReturns) -> [Double],
      of isShown: (Shown) -> Bool
    ) -> String {
      let curves = figures.filter { isShown($0.0) }.map { one, figure in
        Plot.Curve(
          one.name, one.colour, values(figure), .line(one.series == .benchmark ? 1.2 : 1.7))
      }
      return sheet.days(
        title, report.days, curves, ChartSheet.Manner(unit: unit + days))
    }
    var charts = [
      chart(
        "Volatility of a year", "percent, ", { $0.volatility.map { 100 * $0 } }, of: { _ in true }),
      chart("Sharpe ratio", "", { $0.sharpe }, of: { _ in true }),
      chart("Sortino ratio", "", { $0.sortino }, of: { _ in true }),
    ]
    if report.isKnown(.benchmark) {
      charts.append(
        chart("Beta to the benchmark", "", { $0.beta }, of: { $0.series != .benchmark }))
    }
    return charts
  }

  /// The return of each year, and of each day.
  func years(_ sheet: inout ChartSheet) -> [String] {
    let ranges = ReturnPeriod.year.ranges(of: report.days)
    let names = ranges.map { "\(report.days[$0.lowerBound].parts.year)" }
    let shown = strategy.filter { $0.series != .returnWithoutCost }
    let width = 0.76 / Double(max(1, shown.count))
    let curves = shown.enumerated().map { place, one in
      let daily = report.daily(one.series)
      return Plot.Curve(
        one.name, one.colour,
        ranges.map { range in
          let known = daily[range].known
          return known.isEmpty ? .nan : 100 * known.compounded
        },
        .bars(width: width, offset: (Double(place) - Double(shown.count - 1) / 2) * width))
    }
    let daily = strategy.prefix(1).map { one in
      Plot.Curve(
        one.name, one.colour, report.daily(one.series).map { 100 * $0 }, .impulses)
    }
    return [
      sheet.words("Return of a year", names, curves),
      sheet.days("Return of a day", report.days, daily),
    ]
  }

  /// How returns are spread: of days, of months, and of all periods.
  func spread(_ sheet: inout ChartSheet) -> [String] {
    let daily = report.daily(.returnWithCost)
    let months = ReturnPeriod.month.returns(daily, report.days).map { 100 * $0.value }
    return [
      Self.histogram("Returns of days", daily.known.map { 100 * $0 }, "days", &sheet),
      Self.histogram("Returns of months", months, "months", &sheet),
    ] + boxes(&sheet)
  }

  /// Box plots of days, weeks, months, quarters and years: each kind of span beside the benchmark's.
  private func boxes(_ sheet: inout ChartSheet) -> [String] {
    let shown = strategy.filter { $0.series != .returnWithoutCost }
    let periods = ReturnPeriod.allCases
    let width = 0.6 / Double(max(1, shown.count))
    var curves: [Plot.Curve] = []
    for (place, one) in shown.enumerated() {
      let spreads = periods.map {
        ReturnSpread(
          $0.returns(report.daily(one.series), report.days).map { 100 * $0.value })
      }
      let shift = (Double(place) - Double(shown.count - 1) / 2) * (width + 0.04)
      let places = periods.indices.map { Double($0) + shift }
      curves.append(
        Plot.Curve(
          one.name, one.colour, spreads.map(\.median),
          .boxes(
            spreads.map { ($0.whiskers.low, $0.lowerQuartile, $0.upperQuartile, $0.whiskers.high) },
            width: width), places: places))
      let outliers = zip(places, spreads).flatMap { place, spread in
        spread.outliers.map { (place, $0) }
      }
      curves.append(
        Plot.Curve("", one.colour, outliers.map(\.1), .points, places: outliers.map(\.0)))
      for (name, values) in [
        ("upper quartile", spreads.map(\.upperQuartile)), ("median", spreads.map(\.median)),
        ("lower quartile", spreads.map(\.lowerQuartile)),
      ] { curves.append(Plot.Curve("\(one.name), \(name)", one.colour, values, .hidden)) }
    }
    return [
      sheet.words(
        "Quantiles of returns", periods.map { "\($0.rawValue)s" }, curves,
        ChartSheet.Manner(
          isWide: true,
          note:
            "Box: half of the values, about the median. Lines: to the furthest value within one and a "
            + "half boxes. Points: beyond."))
    ]
  }

  /// How many values are in each step, beside a normal distribution of the same mean and deviation.
  static func histogram(
    _ title: String, _ values: [Double], _ what: String, _ sheet: inout ChartSheet,
    unit: String = "percent",
    colour: ChartColour = .lightBlue
  ) -> String {
    let histogram = Histogram(values)
    let middles = histogram.bins.map(\.middle)
    let ends = (
      low: (middles.first ?? 0) - histogram.width, high: (middles.last ?? 0) + histogram.width
    )
    var curves = [
      Plot.Curve(
        what, colour, histogram.bins.map { Double($0.count) },
        .bars(width: 0.9 * histogram.width, offset: 0))
    ]
    let (mean, deviation) = (values.mean, values.deviation)
    // Nothing is normal without spread.
    if deviation > 0 {
      let places = (0...100).map { ends.low + (ends.high - ends.low) * Double($0) / 100 }
      curves.insert(
        Plot.Curve(
          "normal of the same mean and deviation", .orange,
          places.map {
            Double(values.count) * histogram.width * Normal.density(($0 - mean) / deviation)
              / deviation
          }, .line(1.6), places: places), at: 0)
    }
    return sheet.quantity(
      title, middles, within: ends, curves,
      ChartSheet.Manner(unit: "\(what) over \(unit)", startsAtZero: true, digits: 0))
  }
}

/// The mean of the last so many values that are numbers; NaN where there is none.
func trailingMean(_ values: [Double], _ count: Int) -> [Double] {
  values.indices.map { place in
    values[max(0, place - count + 1)...place].known.mean
  }
}
