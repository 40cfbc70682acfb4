import Pages
import Portfolio
import Statistics
import Streams

/// The headline of the page: what came of it, in two sentences.
struct Verdict {
  /// Whether the account came out ahead, of the benchmark where there is one.
  let text: String
  /// How far chance may have made it.
  let caution: String

  init(_ report: RiskReport) {
    let days = report.days.count
    let isRelative = report.isKnown(.excessWithCost)
    let series: ReturnSeries = isRelative ? .excessWithCost : .returnWithCost
    let span = "\(days) trading day\(days == 1 ? "" : "s")"
    let statistics = report.statistics(series, .sum)
    // A few days say nothing of a year.
    let ground = statistics.ground
    let isLong = ground.isOfYears
    let gain = isLong ? statistics.annualizedReturn : statistics.mean * Double(ground.days)
    let cost = report.returns.ledger == nil ? "" : " after costs"
    let amount =
      HTML.number(percent(gain.magnitude)) + (isLong ? " a year" : " over \(span)")
    if !gain.isFinite {
      text = "Nothing can be said: no day has a return."
    } else if isRelative {
      text =
        gain == 0
        ? "Neither ahead of the benchmark nor behind it\(cost.isEmpty ? "" : ",\(cost)")."
        : "\(gain > 0 ? "Ahead of" : "Behind") the benchmark by \(amount)\(cost)."
    } else {
      text =
        gain == 0
        ? "Neither gained nor lost\(cost.isEmpty ? "" : ",\(cost)")."
        : "\(gain > 0 ? "Gained" : "Lost") \(amount)\(cost)."
    }
    let t = report.measures(series).tStatistic
    if ground.days > 1, !ground.varies {
      caution = "Over \(span) every day’s return is the same, which no chance can be told from."
    } else if !t.isFinite {
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
