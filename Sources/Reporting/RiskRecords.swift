import Days
import Portfolio
import Statistics
import Streams

extension RiskReport {
  /// The report as NDJSON, an object a line, told apart by `record`; what is not defined is null.
  public func writeJSON(_ output: ByteWriter) {
    var json = JSONWriter(output)
    writeAccount(&json)
    for convention in ReturnConvention.allCases {
      for series in series { writeRisk(series, convention, &json) }
    }
    for series in series { writeMeasures(series, &json) }
    for series in series { writeShape(series, &json) }
    for series in series { writeSpans(series, &json) }
    if let indicators { write(indicators, &json) }
    for (series, convention) in Self.fallen {
      for (rank, drawdown) in drawdowns(series, convention).enumerated() {
        write(drawdown, rank + 1, series, convention, &json)
      }
    }
    for month in months {
      record("month", &json) { json in
        json.put("month", month.name)
        json.put("days", month.days.count)
        for series in series { json.put(series.rawValue, month.compounded(daily(series))) }
      }
    }
    for year in ReturnPeriod.year.ranges(of: days) {
      record("year", &json) { json in
        json.put("year", days[year.lowerBound].parts.year)
        json.put("days", year.count)
        for series in series {
          let known = daily(series)[year].known
          json.put(series.rawValue, known.isEmpty ? .nan : known.compounded)
        }
      }
    }
    for series in series where isKnown(series) { writeQuantiles(series, &json) }
    for series in series where isKnown(series) { writeRolling(series, &json) }
    if let signal { write(signal, &json) }
  }

  private func writeAccount(_ json: inout JSONWriter) {
    record("account", &json) { json in
      json.put("from", days.first.map { "\($0)" } ?? "")
      json.put("to", days.last.map { "\($0)" } ?? "")
      json.put("days", days.count)
      json.put("annualization", annualization)
      if let ledger = returns.ledger {
        json.put("account", ledger.column("account").last ?? .nan)
        json.put("mean_turnover", ledger.column("turnover").known.mean)
        json.put("mean_cost", ledger.column("cost").known.mean)
        json.put("total_cost", ledger.totalCost)
        json.put("mean_exposure", ledger.exposure.known.mean)
        let holdings = ledger.holdings.known
        if !holdings.isEmpty { json.put("mean_holdings", holdings.mean) }
      }
    }
  }

  private func writeRisk(
    _ series: ReturnSeries, _ convention: ReturnConvention, _ json: inout JSONWriter
  ) {
    let statistics = statistics(series, convention)
    record("risk", &json) { json in
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
    record("measures", &json) { json in
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

  private func writeShape(_ series: ReturnSeries, _ json: inout JSONWriter) {
    let shape = shape(series)
    let likeness = ReturnLikeness(daily(series), daily(.benchmark))
    record("shape", &json) { json in
      json.put("series", series.rawValue)
      json.put("total", shape.total)
      json.put("skew", shape.skewness)
      json.put("kurtosis", shape.kurtosis)
      json.put("omega", shape.omega)
      json.put("payoff", shape.payoff)
      json.put("gain_to_pain", shape.gainToPain)
      json.put("tail_ratio", shape.tailRatio)
      json.put("kelly", shape.kelly)
      json.put("ulcer", shape.ulcer)
      json.put("longest_gain", shape.runs.gains)
      json.put("longest_loss", shape.runs.losses)
      json.put("correlation", likeness.correlation)
      for period in [ReturnPeriod.day, .month, .year] {
        let values = period.returns(daily(series), days).map(\.value)
        json.put("best_\(period.rawValue)", values.max() ?? .nan)
        json.put("worst_\(period.rawValue)", values.min() ?? .nan)
        if period != .day {
          json.put("win_rate_\(period.rawValue)", values.map { $0 > 0 ? 1 : 0 }.mean)
        }
      }
    }
  }

  private func writeSpans(_ series: ReturnSeries, _ json: inout JSONWriter) {
    record("span", &json) { json in
      json.put("series", series.rawValue)
      for span in CalendarSpan.allCases {
        json.put(span.rawValue, span.value(daily(series), days))
      }
    }
  }

  private func writeQuantiles(_ series: ReturnSeries, _ json: inout JSONWriter) {
    for period in ReturnPeriod.allCases {
      let spread = ReturnSpread(period.returns(daily(series), days).map(\.value))
      record("quantiles", &json) { json in
        json.put("series", series.rawValue)
        json.put("period", period.rawValue)
        json.put("count", spread.count)
        json.put("min", spread.least)
        json.put("q25", spread.lowerQuartile)
        json.put("median", spread.median)
        json.put("q75", spread.upperQuartile)
        json.put("max", spread.most)
        json.put("mean", spread.mean)
        json.put("outliers", spread.outliers.count)
      }
    }
  }

  /// The figures of the last days as they are now, and between which numbers they have been.
  private func writeRolling(_ series: ReturnSeries, _ json: inout JSONWriter) {
    let rolling = rolling(series)
    record("rolling", &json) { json in
      json.put("series", series.rawValue)
      json.put("window", rolling.window)
      for (name, values) in [
        ("volatility", rolling.volatility), ("sharpe", rolling.sharpe),
        ("sortino", rolling.sortino), ("beta", rolling.beta),
      ] {
        let known = values.known
        json.put("\(name)_last", values.last ?? .nan)
        json.put("\(name)_min", known.min() ?? .nan)
        json.put("\(name)_max", known.max() ?? .nan)
      }
    }
  }

  private func write(_ indicators: OrderIndicators, _ json: inout JSONWriter) {
    record("indicators", &json) { json in
      json.put("orders", column("orders").known.reduce(0, +))
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
    record("drawdown", &json) { json in
      func put(_ key: String, _ place: Int?) {
        json.key(key)
        if let place { json.value("\(days[place])") } else { json.null() }
      }
      json.put("series", series.rawValue)
      json.put("convention", convention.rawValue)
      json.put("rank", rank)
      put("start", drawdown.start)
      json.put("trough", "\(days[drawdown.trough])")
      put("recovery", drawdown.recovery)
      json.put("depth", drawdown.depth)
      json.put("length", drawdown.length)
    }
  }

  private func write(_ signal: SignalHistory, _ json: inout JSONWriter) {
    record("signal", &json) { json in
      json.put("days", signal.days.count)
      json.put("ic", SignalHistory.mean(signal.ic))
      json.put("icir", SignalHistory.ratio(signal.ic))
      json.put("rank_ic", SignalHistory.mean(signal.rankIC))
      json.put("rank_icir", SignalHistory.ratio(signal.rankIC))
      json.put("groups", signal.groups.map { SignalHistory.mean($0) })
      json.put("autocorrelation", SignalHistory.mean(signal.autocorrelation))
      json.put("turnover", SignalHistory.mean(signal.turnover))
    }
  }

  /// An object on a line of its own, which says of what kind it is, and of whom where there are several.
  func record(_ kind: String, _ json: inout JSONWriter, _ body: (inout JSONWriter) -> Void) {
    json.beginObject()
    json.put("record", kind)
    if !returns.name.isEmpty { json.put("name", returns.name) }
    body(&json)
    json.endObject()
    json.endLine()
  }
}
