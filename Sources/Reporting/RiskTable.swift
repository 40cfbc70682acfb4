import Portfolio
import Statistics
import Streams

extension RiskReport {
  /// The report as a terminal wants it: qlib's rows, six digits, a column for each series.
  public func writeTable(_ output: ByteWriter) {
    guard let first = history.days.first, let last = history.days.last else { return }
    let days = history.days.count
    output.write("\(first) to \(last), ")
    output.write("\(ground.short ?? "\(days) day\(days == 1 ? "" : "s")")\n\n")
    let titles = ["benchmark", "excess without cost", "excess with cost", "strategy with cost"]
    let columns: [ReturnSeries] = [
      .benchmark, .excessWithoutCost, .excessWithCost, .returnWithCost,
    ]
    for convention in ReturnConvention.allCases {
      let all = columns.map { statistics($0, convention) }
      let verb = convention == .sum ? "summed" : "compounded"
      var rows = [["returns \(verb), N = \(Self.plain(annualization))"] + titles]
      rows.append(["mean"] + all.map { fixed($0.mean, 6) })
      rows.append(["std"] + all.map { fixed($0.deviation, 6) })
      rows.append(["annualized_return"] + all.map { fixed($0.annualizedReturn, 6) })
      rows.append(["information_ratio"] + all.map { fixed($0.informationRatio, 6) })
      rows.append(["max_drawdown"] + all.map { fixed($0.maxDrawdown, 6) })
      rows.append(["calmar"] + all.map { fixed($0.calmar, 6) })
      Self.write(rows, output)
    }
    let all = columns.map { measures($0) }
    var rows = [["by either convention"] + titles]
    rows.append(["sharpe"] + all.map { fixed($0.sharpe, 6) })
    rows.append(["sortino"] + all.map { fixed($0.sortino, 6) })
    rows.append(["var_95"] + all.map { fixed($0.valueAtRisk, 6) })
    rows.append(["cvar_95"] + all.map { fixed($0.conditionalValueAtRisk, 6) })
    rows.append(["alpha"] + all.map { fixed($0.alpha, 6) })
    rows.append(["beta"] + all.map { fixed($0.beta, 6) })
    Self.write(rows, output)
    var orders = [("orders", fixed(history.column("orders").known.reduce(0, +), 0))]
    orders.append(("ffr", fixed(indicators.fulfilment, 6)))
    if indicators.comparesPrices {
      orders.append(("pa", fixed(indicators.priceAdvantage, 6)))
      orders.append(("pos", fixed(indicators.positiveShare, 6)))
    }
    Self.write([orders.map(\.0), orders.map(\.1)], output)
    guard let signal else { return }
    Self.write(
      [
        ["signal over \(signal.days.count) days", "ic", "icir", "rank_ic", "rank_icir"],
        [
          "", fixed(SignalHistory.mean(signal.ic), 6), fixed(SignalHistory.ratio(signal.ic), 6),
          fixed(SignalHistory.mean(signal.rankIC), 6),
          fixed(SignalHistory.ratio(signal.rankIC), 6),
        ],
      ], output)
  }

  /// N without a needless fraction.
  static func plain(_ value: Double) -> String {
    value == value.rounded() && value.magnitude < 1e15
      ? "\(Int(value, within: .min ... .max))" : "\(value)"
  }

  /// Rows with their columns aligned, and a blank line behind them.
  private static func write(_ rows: [[String]], _ output: ByteWriter) {
    AlignedTable(rows).write(output)
    output.write("\n")
  }
}
