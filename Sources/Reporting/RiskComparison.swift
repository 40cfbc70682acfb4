import Days
import Portfolio
import Statistics
import Streams

/// Several returns side by side, over the span that all of them have.
public struct RiskComparison: Sendable {
  /// A report of each, in the order they were given.
  public let reports: [RiskReport]
  /// What was left out so that all have one span; nil of nothing.
  public let note: String?
  /// That the inputs are held against different benchmarks; nil where they are not.
  public let benchmarks: String?

  /// A comparison of returns that have names; throws where no two days are theirs in common.
  public init(
    _ all: [DailyReturns], annualization: Double, riskFree: Double, window: Int?
  ) throws {
    let first = all.compactMap(\.days.first).max() ?? Day(number: 0)
    let last = all.compactMap(\.days.last).min() ?? Day(number: 0)
    if first > last, let late = all.first(where: { $0.days.first == first }),
      let early = all.first(where: { $0.days.last == last })
    {
      throw Failure(
        .badData,
        "nothing to compare: \(early.name) ends on \(last), and \(late.name) begins on \(first): no day in "
          + "common")
    }
    var left = 0
    reports = try all.map { returns in
      let places = returns.days.indices.filter {
        (first...max(first, last)).contains(returns.days[$0])
      }
      guard first < last, places.count > 1 else {
        throw Failure(
          .badData,
          "nothing to compare: \(returns.name) has \(returns.days.first.map { "\($0)" } ?? "no day") to "
            + "\(returns.days.last.map { "\($0)" } ?? "none"), and all have \(first) to \(last)")
      }
      left += returns.days.count - places.count
      return RiskReport(
        places.count == returns.days.count ? returns : returns.part(places),
        annualization: annualization, riskFree: riskFree, window: window)
    }
    note =
      left == 0
      ? nil
      : "compared from \(first) to \(last), which all have: \(left) days of \(all.count) inputs are left out"
    benchmarks = Self.difference(reports)
  }

  /// Where a benchmark is another than that of the first input that has one.
  private static func difference(_ reports: [RiskReport]) -> String? {
    let some = reports.filter { $0.isKnown(.benchmark) }
    guard let first = some.first else { return nil }
    let known = Dictionary(uniqueKeysWithValues: zip(first.days, first.daily(.benchmark)))
    for one in some.dropFirst() {
      for (day, value) in zip(one.days, one.daily(.benchmark)) {
        guard let other = known[day], (other - value).magnitude > 1e-6 else { continue }
        return
          "benchmarks differ, on \(day) that of \(first.returns.name) is \(fixed(other, 6)) and that of "
          + "\(one.returns.name) \(fixed(value, 6)): the excess of each is over its own"
      }
    }
    return nil
  }

  /// The returns of two on the days that both have one.
  func common(_ one: RiskReport, _ other: RiskReport) -> (one: [Double], other: [Double]) {
    let values = Dictionary(
      uniqueKeysWithValues: zip(other.days, other.daily(.returnWithCost)))
    var pairs: (one: [Double], other: [Double]) = ([], [])
    for (day, value) in zip(one.days, one.daily(.returnWithCost)) {
      guard !value.isNaN, let own = values[day], !own.isNaN else { continue }
      pairs.one.append(value)
      pairs.other.append(own)
    }
    return pairs
  }

  /// Each report as NDJSON, whose objects have a name, and the correlation of every two.
  public func writeJSON(_ output: ByteWriter) {
    for report in reports { report.writeJSON(output) }
    var json = JSONWriter(output)
    for (place, one) in reports.enumerated() {
      for other in reports[(place + 1)...] {
        let pairs = common(one, other)
        one.record("correlation", &json) { json in
          json.put("with", other.returns.name)
          json.put("days", pairs.one.count)
          json.put("correlation", ReturnLikeness(pairs.one, pairs.other).correlation)
        }
      }
    }
  }

  /// A figure that is compared.
  struct Figure: Sendable {
    let name, key: String
    let digits: Int
    /// Whether it is shown as percent.
    let isShare: Bool
    let value: @Sendable (RiskReport) -> Double

    init(
      _ name: String, _ key: String, _ digits: Int, _ isShare: Bool,
      _ value: @escaping @Sendable (RiskReport) -> Double
    ) {
      (self.name, self.key, self.digits, self.isShare, self.value) =
        (name, key, digits, isShare, value)
    }
  }

  /// The figures that are compared, a row each.
  static let figures: [Figure] = [
    Figure(
      "Return of a year, compounded", "annualized_return", 2, true,
      {
        $0.statistics(.returnWithCost, .product).annualizedReturn
      }),
    Figure("All, compounded", "total", 2, true, { $0.shape(.returnWithCost).total }),
    Figure(
      "Volatility of a year", "volatility", 2, true, { $0.measures(.returnWithCost).volatility }),
    Figure("Sharpe", "sharpe", 3, false, { $0.measures(.returnWithCost).sharpe }),
    Figure("Sortino", "sortino", 3, false, { $0.measures(.returnWithCost).sortino }),
    Figure(
      "Largest drawdown, compounded", "max_drawdown", 2, true,
      {
        $0.statistics(.returnWithCost, .product).maxDrawdown
      }),
    Figure(
      "Calmar, compounded", "calmar", 3, false, { $0.statistics(.returnWithCost, .product).calmar }),
    Figure("Ulcer index", "ulcer", 2, true, { $0.shape(.returnWithCost).ulcer }),
    Figure("VaR 95 %, of a day", "var_95", 2, true, { $0.measures(.returnWithCost).valueAtRisk }),
    Figure(
      "CVaR 95 %, of a day", "cvar_95", 2, true,
      {
        $0.measures(.returnWithCost).conditionalValueAtRisk
      }),
    Figure("Skew", "skew", 3, false, { $0.shape(.returnWithCost).skewness }),
    Figure("Kurtosis over 3", "kurtosis", 3, false, { $0.shape(.returnWithCost).kurtosis }),
    Figure("Omega", "omega", 3, false, { $0.shape(.returnWithCost).omega }),
    Figure("Days with a gain", "win_rate", 1, true, { $0.measures(.returnWithCost).winRate }),
    Figure("Worst day", "worst_day", 2, true, { $0.daily(.returnWithCost).known.min() ?? .nan }),
    Figure("Best day", "best_day", 2, true, { $0.daily(.returnWithCost).known.max() ?? .nan }),
    Figure(
      "Excess of a year, summed", "excess", 2, true,
      {
        $0.statistics(.excessWithCost, .sum).annualizedReturn
      }),
    Figure(
      "Information ratio of it", "information_ratio", 3, false,
      {
        $0.statistics(.excessWithCost, .sum).informationRatio
      }),
    Figure("Beta", "beta", 3, false, { $0.measures(.returnWithCost).beta }),
    Figure("Turnover of a day", "turnover", 2, true, { $0.column("turnover").known.mean }),
    Figure("Cost of a day", "cost", 3, true, { $0.column("cost").known.mean }),
  ]

  /// The comparison as a terminal wants it: a column for each, six digits.
  public func writeTable(_ output: ByteWriter) {
    let spans = reports.compactMap { report in
      report.days.first.flatMap { first in
        report.days.last.map {
          "\(first) to \($0), \(report.days.count) days: \(report.returns.name)"
        }
      }
    }
    for span in spans { output.write(span + "\n") }
    output.write("\n")
    let names = reports.map(\.returns.name)
    var rows = [
      ["N = \(RiskReport.plain(reports.first?.annualization ?? .nan)), with cost"] + names
    ]
    for figure in Self.figures {
      let values = reports.map(figure.value)
      guard values.contains(where: { !$0.isNaN }) else { continue }
      rows.append([figure.key] + values.map { fixed($0, 6) })
    }
    AlignedTable(rows).write(output)
    output.write("\n")
    AlignedTable(
      [["correlation"] + names]
        + reports.map { one in [one.returns.name] + reports.map { fixed(correlation(one, $0), 6) } }
    ).write(output)
  }

  func correlation(_ one: RiskReport, _ other: RiskReport) -> Double {
    let pairs = common(one, other)
    return ReturnLikeness(pairs.one, pairs.other).correlation
  }
}
