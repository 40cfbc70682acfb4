import Portfolio
import Statistics
import Streams

extension RiskReport {
  /// The report as NDJSON, an object a line, told apart by `record`; what is not defined is null.
  public func writeJSON(_ output: ByteWriter) {
    var json = JSONWriter(output)
    writeAccount(&json)
    for convention in ReturnConvention.allCases {
      for series in ReturnSeries.allCases { writeRisk(series, convention, &json) }
    }
    for series in ReturnSeries.allCases { writeMeasures(series, &json) }
    writeIndicators(&json)
    for (series, convention) in Self.fallen {
      for (rank, drawdown) in drawdowns(series, convention).enumerated() {
        write(drawdown, rank + 1, series, convention, &json)
      }
    }
    for month in months {
      json.record("month") { json in
        json.put("month", month.name)
        json.put("days", month.days.count)
        for series in ReturnSeries.allCases {
          json.put(series.rawValue, month.compounded(daily(series)))
        }
      }
    }
    if let signal { write(signal, &json) }
  }

  private func writeAccount(_ json: inout JSONWriter) {
    json.record("account") { json in
      json.put("from", history.days.first.map { "\($0)" } ?? "")
      json.put("to", history.days.last.map { "\($0)" } ?? "")
      json.put("days", history.days.count)
      json.put("annualization", annualization)
      json.put("account", history.column("account").last ?? .nan)
      json.put("mean_turnover", history.column("turnover").known.mean)
      json.put("mean_cost", history.column("cost").known.mean)
      json.put("total_cost", history.totalCost)
    }
  }

  private func writeRisk(
    _ series: ReturnSeries, _ convention: ReturnConvention, _ json: inout JSONWriter
  ) {
    let statistics = statistics(series, convention)
    json.record("risk") { json in
      json.put("series", series.rawValue)
      json.put("convention", convention.rawValue)
      json.put("annualization", annualization)
      json.put("mean", statistics.mean)
      json.put("std", statistics.deviation)
      json.put("annualized_return", statistics.annualizedReturn)
      json.put("information_ratio", statistics.informationRatio)
      json.put("max_drawdown", statistics.maxDrawdown)
      json.put("qlib_max_drawdown", statistics.qlibMaxDrawdown)
      json.put("calmar", statistics.calmar)
      if let reason = statistics.ground.reason { json.put("reason", reason) }
    }
  }

  private func writeMeasures(_ series: ReturnSeries, _ json: inout JSONWriter) {
    let measures = measures(series)
    json.record("measures") { json in
      json.put("series", series.rawValue)
      json.put("annualization", annualization)
      json.put("days", measures.ground.days)
      json.put("volatility", measures.volatility)
      json.put("sharpe", measures.sharpe)
      json.put("sortino", measures.sortino)
      json.put("var_95", measures.valueAtRisk)
      json.put("cvar_95", measures.conditionalValueAtRisk)
      json.put("alpha", measures.alpha)
      json.put("beta", measures.beta)
      json.put("win_rate", measures.winRate)
      json.put("t_statistic", measures.tStatistic)
      if let reason = measures.reason { json.put("reason", reason) }
    }
  }

  private func writeIndicators(_ json: inout JSONWriter) {
    json.record("indicators") { json in
      json.put("orders", history.column("orders").known.reduce(0, +))
      json.put("ffr", indicators.fulfilment)
      guard indicators.comparesPrices else { return }
      json.put("pa", indicators.priceAdvantage)
      json.put("pos", indicators.positiveShare)
    }
  }

  private func write(
    _ drawdown: Drawdown, _ rank: Int, _ series: ReturnSeries, _ convention: ReturnConvention,
    _ json: inout JSONWriter
  ) {
    json.record("drawdown") { json in
      func put(_ key: String, _ place: Int?) {
        json.key(key)
        if let place { json.value("\(history.days[place])") } else { json.null() }
      }
      json.put("series", series.rawValue)
      json.put("convention", convention.rawValue)
      json.put("rank", rank)
      put("start", drawdown.start)
      json.put("trough", "\(history.days[drawdown.trough])")
      put("recovery", drawdown.recovery)
      json.put("depth", drawdown.depth)
      json.put("length", drawdown.length)
    }
  }

  private func write(_ signal: SignalHistory, _ json: inout JSONWriter) {
    json.record("signal") { json in
      json.put("days", signal.days.count)
      json.put("ic", SignalHistory.mean(signal.ic))
      json.put("icir", SignalHistory.ratio(signal.ic))
      json.put("rank_ic", SignalHistory.mean(signal.rankIC))
      json.put("rank_icir", SignalHistory.ratio(signal.rankIC))
      json.put("groups", signal.groups.map { SignalHistory.mean($0) })
    }
  }
}

extension JSONWriter {
  /// An object on a line of its own, which says of what kind it is.
  fileprivate mutating func record(_ name: String, _ body: (inout JSONWriter) -> Void) {
    beginObject()
    put("record", name)
    body(&self)
    endObject()
    endLine()
  }
}
