import Days
import Pages
import Portfolio
import Statistics
import Streams

/// One page of several returns side by side.
public struct ComparisonPage {
  private let comparison: RiskComparison
  private let title: String
  private var reports: [RiskReport] { comparison.reports }

  /// A page; the title stands on top.
  public init(_ comparison: RiskComparison, title: String) {
    self.comparison = comparison
    self.title = title
  }

  /// The page.
  public var html: String {
    var sheet = ChartSheet()
    var parts = [head, "<h2>Growth</h2>"]
    parts.append(
      WaySwitch.html([.product, .sum, .log]) { way in
        var manner = ChartSheet.Manner(isWide: true)
        way.apply(to: &manner)
        return sheet.days("Return", days, curves { way.values($0) }, manner)
      })
    parts += ["<h2>Key figures</h2>", "<div class=wide>\(figures)</div>", "<h2>Years</h2>"]
    parts.append(ReportPage.pair(years(&sheet), yearTable))
    parts.append("<h2>As time went by</h2>")
    parts += ReportPage.pairs([
      chart("Below the highest so far, compounded", "percent", &sheet) { report in
        ReturnConvention.product.underwater(report.filled(.returnWithCost)).map { 100 * $0 }
      },
      chart("Volatility of a year", "percent, last \(window) days", &sheet) {
        $0.rolling(.returnWithCost).volatility.map { 100 * $0 }
      },
      chart("Sharpe ratio", "last \(window) days", &sheet) { $0.rolling(.returnWithCost).sharpe },
      correlations,
    ])
    parts.append("<h2>Months</h2>")
    for report in reports {
      let table = ReportTables(report).months(
        .returnWithCost, HTML.escaped(report.returns.name))
      parts.append("<div class=wide>\(table)</div>")
    }
    parts += ["<h2>Where it is from</h2>", sources, sheet.data.html]
    return Page.document(title: title, style: WaySwitch.style, parts.joined(separator: "\n"))
  }

  private var window: Int { reports.first?.window ?? 0 }

  // MARK: Words

  private var head: String {
    let gains = reports.map { ($0, $0.statistics(.returnWithCost, .product).annualizedReturn) }
      .filter { $0.1.isFinite }.sorted { $0.1 > $1.1 }
    var (verdict, caution) = ("Too few days to tell what a year would be.", "")
    if let best = gains.first {
      verdict =
        "\(HTML.escaped(best.0.returns.name)) grew most: \(HTML.number(percent(best.1))) a year, compounded."
      if let second = gains.dropFirst().first {
        let pairs = comparison.common(best.0, second.0)
        let t = RiskMeasures(
          zip(pairs.one, pairs.other).map { $0 - $1 }, benchmark: pairs.one.map { _ in .nan },
          annualization: best.0.annualization
        ).tStatistic
        let name = HTML.escaped(second.0.returns.name)
        caution =
          t.isFinite
          ? "Then \(name), \(HTML.number(percent(second.1))): by day the difference "
            + (t >= 2 ? "is more than chance usually makes" : "may well be chance")
            + " (t = \(HTML.number(fixed(t, 1))))."
          : "Then \(name), \(HTML.number(percent(second.1)))."
      }
    }
    let first = reports.compactMap(\.days.first).min().map { "\($0)" } ?? ""
    let last = reports.compactMap(\.days.last).max().map { "\($0)" } ?? ""
    return """
      <p class=title>\(HTML.escaped(title)) · \(first) to \(last) · N =
      \(RiskReport.plain(reports.first?.annualization ?? .nan)) days a year</p>
      <h1>\(verdict)</h1>
      <p class=caution>\(caution) \(comparison.note.map { "They are \(HTML.escaped($0))." } ?? "")</p>
      \(comparison.benchmarks.map { "<p class=caution>Note: \(HTML.escaped($0)).</p>" } ?? "")
      \(ReportPage.notes(reports.map(\.returns)))
      """
  }

  // MARK: Charts

  /// The days that any of them has.
  private var days: [Day] { Array(Set(reports.flatMap(\.days))).sorted() }

  private static let colours: [ChartColour] = [
    .blue, .orange, .green, .purple, .text, .lightOrange, .lightBlue,
  ]

  /// A value on every day of the chart; the last one where a day is another's, nothing before the first.
  private func spread(_ values: [Double], of report: RiskReport) -> [Double] {
    var (place, last) = (0, Double.nan)
    return days.map { day in
      while place < report.days.count, report.days[place] <= day {
        last = values[place]
        place += 1
      }
      return last
    }
  }

  private func curves(_ values: ([Double]) -> [Double]) -> [Plot.Curve] {
    var curves = reports.enumerated().map { place, report in
      Plot.Curve(
        report.returns.name, colour(place),
        spread(values(report.filled(.returnWithCost)), of: report),
        look(place, 1.7))
    }
    if let first = reports.first(where: { $0.isKnown(.benchmark) }) {
      curves.append(
        Plot.Curve(
          "benchmark of \(first.returns.name)", .grey,
          spread(values(first.filled(.benchmark)), of: first), .line(1.2)))
    }
    return curves
  }

  private func colour(_ place: Int) -> ChartColour { Self.colours[place % Self.colours.count] }

  /// Beyond the colours that there are, lines are dashed.
  private func look(_ place: Int, _ width: Double) -> Plot.Look {
    place < Self.colours.count ? .line(width) : .dashes(width)
  }

  private func chart(
    _ title: String, _ unit: String, _ sheet: inout ChartSheet, _ values: (RiskReport) -> [Double]
  ) -> String {
    let curves = reports.enumerated().map { place, report in
      Plot.Curve(
        report.returns.name, colour(place), spread(values(report), of: report), look(place, 1.5))
    }
    return sheet.days(title, days, curves, ChartSheet.Manner(unit: unit))
  }

  /// The years of the chart, and the return of each.
  private var yearReturns: [(year: Int, values: [Double])] {
    let all = reports.map { report in
      Dictionary(
        uniqueKeysWithValues: ReturnPeriod.year.returns(report.daily(.returnWithCost), report.days)
          .map { (report.days[$0.days.lowerBound].parts.year, $0.value) })
    }
    return Set(all.flatMap(\.keys)).sorted().map { year in (year, all.map { $0[year] ?? .nan }) }
  }

  private func years(_ sheet: inout ChartSheet) -> String {
    let years = yearReturns
    let width = 0.8 / Double(max(1, reports.count))
    return sheet.words(
      "Return of a year", years.map { "\($0.year)" },
      reports.enumerated().map { place, report in
        Plot.Curve(
          report.returns.name, colour(place), years.map { 100 * $0.values[place] },
          .bars(
            width: width, offset: (Double(place) - Double(reports.count - 1) / 2) * width))
      })
  }

  // MARK: Tables

  private var names: [String] { reports.map { HTML.escaped($0.returns.name) } }

  private var yearTable: String {
    HTML.table(
      "Return of a year <small>compounded</small>", head: ["Year"] + names.map { "\($0), %" },
      rows: yearReturns.map { year in
        [("\(year.year)", "")] + year.values.map { (hundreds($0, 2), "") }
      }, class: "freeze")
  }

  private var figures: String {
    HTML.table(
      "Over the same days <small>with cost</small>", head: [""] + names,
      rows: RiskComparison.figures.compactMap { figure in
        let values = reports.map(figure.value)
        guard values.contains(where: { !$0.isNaN }) else { return nil }
        return [(figure.name + (figure.isShare ? ", %" : ""), "")]
          + values.map { (fixed(figure.isShare ? 100 * $0 : $0, figure.digits), "") }
      }, class: "freeze")
  }

  private var correlations: String {
    HTML.table(
      "Correlation <small>of daily returns</small>", head: [""] + names,
      rows: zip(names, reports).map { name, one in
        [(name, "")] + reports.map { (fixed(comparison.correlation(one, $0), 3), "") }
      }, class: "freeze")
  }

  private var sources: String {
    HTML.table(
      "", head: ["", ""],
      rows: zip(names, reports).map { name, report in
        let days = report.days
        let span = days.first.map { "\(days.count) days, \($0) to \(days.last ?? $0)" } ?? ""
        let digest = report.returns.fingerprint.map { "; SHA-256 \($0)" } ?? ""
        return [(name, ""), (span + digest, "")]
      }, class: "words")
  }
}
