import Portfolio

/// The headline of the page: what came of it, in two sentences.
struct Verdict {
  /// Whether the account came out ahead, of the benchmark where there is one.
  let text: String
  /// How far chance may have made it.
  let caution: String

  init(_ report: RiskReport) {
    let days = report.history.days.count
    let isRelative = report.isKnown(.excessWithCost)
    let series: ReturnSeries = isRelative ? .excessWithCost : .returnWithCost
    let statistics = report.statistics(series, .sum)
    let year = statistics.annualizedReturn
    let amount = HTML.number(percent(year.magnitude))
    if !year.isFinite {
      text = "Nothing can be said: no day has a return."
    } else if isRelative {
      text =
        year == 0
        ? "Neither ahead of the benchmark nor behind it, after costs."
        : year > 0
          ? "Ahead of the benchmark by \(amount) a year after costs."
          : "Behind the benchmark by \(amount) a year after costs."
    } else {
      text =
        year == 0
        ? "Neither gained nor lost after costs."
        : "\(year > 0 ? "Gained" : "Lost") \(amount) a year after costs."
    }
    let t = report.measures(series).tStatistic
    let span = "\(days) trading day\(days == 1 ? "" : "s")"
    if !t.isFinite {
      caution = "Over \(span): too few to tell from chance."
    } else {
      let shown = HTML.number(fixed(t, 1))
      caution =
        t.magnitude >= 2
        ? "Over \(span) that is more than chance usually makes (t = \(shown))."
        : "Over \(span) that may well be chance (t = \(shown), below 2)."
    }
  }
}
