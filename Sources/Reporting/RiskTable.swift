import Portfolio
import Statistics
import Streams

extension RiskReport {
  /// The report as a terminal wants it: qlib's rows, six digits, a column for each series.
  public func writeTable(_ output: ByteWriter) {
    guard let first = self.days.first, let last = self.days.last else { return }
    let days = self.days.count
    output.write("\(first) to \(last), ")
    output.write("\(ground.short ?? "\(days) day\(days == 1 ? "" : "s")")\n")
    if returns.ledger == nil, let gaps = returns.gaps { output.write("\(gaps)\n") }
    output.write("\n")
    let isLedger = returns.ledger != nil
    let shown: [(title: String, series: ReturnSeries)] =
      isLedger
      ? [
        ("benchmark", .benchmark), ("excess without cost", .excessWithoutCost),
        ("excess with cost", .excessWithCost), ("strategy with cost", .returnWithCost),
      ]
      : [("benchmark", .benchmark), ("excess", .excessWithCost), ("strategy", .returnWithCost)]
        .filter { isKnown($0.1) || $0.1 == .returnWithCost }
    let (titles, columns) = (shown.map(\.title), shown.map(\.series))
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
    writeShape(titles, columns, output)
    if let indicators {
      var orders = [("orders", fixed(column("orders").known.reduce(0, +), 0))]
      orders.append(("ffr", fixed(indicators.fulfilment, 6)))
      if indicators.comparesPrices {
        orders.append(("pa", fixed(indicators.priceAdvantage, 6)))
        orders.append(("pos", fixed(indicators.positiveShare, 6)))
      }
      Self.write([orders.map(\.0), orders.map(\.1)], output)
    }
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

  /// Tails, the best and the worst, and what came of the last months and years.
  private func writeShape(
    _ titles: [String], _ columns: [ReturnSeries], _ output: ByteWriter
  ) {
    let shapes = columns.map { shape($0) }
    var rows = [["shape"] + titles]
    rows.append(["total"] + shapes.map { fixed($0.total, 6) })
    rows.append(["skew"] + shapes.map { fixed($0.skewness, 6) })
    rows.append(["kurtosis"] + shapes.map { fixed($0.kurtosis, 6) })
    rows.append(["omega"] + shapes.map { fixed($0.omega, 6) })
    rows.append(["tail_ratio"] + shapes.map { fixed($0.tailRatio, 6) })
    rows.append(["ulcer"] + shapes.map { fixed($0.ulcer, 6) })
    rows.append(["win_rate"] + columns.map { fixed(measures($0).winRate, 6) })
    for period in [ReturnPeriod.day, .month] {
      let all = columns.map { period.returns(daily($0), days).map(\.value) }
      rows.append(["best_\(period.rawValue)"] + all.map { fixed($0.max() ?? .nan, 6) })
      rows.append(["worst_\(period.rawValue)"] + all.map { fixed($0.min() ?? .nan, 6) })
    }
    Self.write(rows, output)
    let spans = CalendarSpan.allCases.map { span in
      [span.rawValue] + columns.map { fixed(span.value(daily($0), days), 6) }
    }
    Self.write([["up to the last day"] + titles] + spans, output)
  }

  /// N without a needless fraction.
  public static func plain(_ value: Double) -> String {
    value == value.rounded() && value.magnitude < 1e15
      ? "\(Int(value, within: .min ... .max))" : "\(value)"
  }

  /// Rows with their columns aligned, and a blank line behind them.
  private static func write(_ rows: [[String]], _ output: ByteWriter) {
    AlignedTable(rows).write(output)
    output.write("\n")
  }
}
