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
    let isRelative = report.isKnown(.excessWithCost)
    let series: ReturnSeries = isRelative ? .excessWithCost : .returnWithCost
    let statistics = report.statistics(series, .sum)
    // A few days say nothing of a year.
    let ground = statistics.ground
    let days = ground.days
    let kind =
      ReturnRhythm(report.days).step < 5 || report.days.count < 2 ? "trading day" : "return"
    let all = days == report.days.count ? "" : " of \(report.days.count)"
    let span = "\(days)\(all) \(kind)\(days == 1 && all.isEmpty ? "" : "s")"
    let isLong = ground.isOfYears
    let gain = isLong ? statistics.annualizedReturn : statistics.mean * Double(ground.days)
    let cost = report.returns.ledger == nil ? "" : " after costs"
    let amount =
      HTML.number(percent(gain.magnitude)) + (isLong ? " a year" : " over \(span)")
    var differs = ""
    if let ruin = report.returns.ruin {
      text = "Lost everything on \(report.days[ruin])."
    } else if !gain.isFinite {
      text = "Nothing can be said: no day has a return."
    } else if let growth = Self.growth(report), gain * (growth.own - growth.other) < 0 {
      // What is lost weighs more than what is gained, and the account has it so.
      let own = HTML.number(percent(growth.own))
      text =
        isRelative
        ? "\(gain > 0 ? "Behind" : "Ahead of") the benchmark\(cost): \(own), and the benchmark "
          + "\(HTML.number(percent(growth.other)))."
        : "\(gain > 0 ? "Lost" : "Gained") \(HTML.number(percent(growth.own.magnitude)))\(cost)."
      differs =
        "That is compounded, as an account grows; summed day by day it is "
        + (isRelative
          ? "\(gain > 0 ? "ahead" : "behind") by" : gain > 0 ? "a gain of" : "a loss of")
        + " \(amount). "
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
    if report.returns.ruin != nil {
      caution = "What the days after that came to is nothing to an account."
    } else if ground.days > 1, !ground.varies {
      caution =
        differs + "Over \(span) every day’s return is the same, which no chance can be told from."
    } else if !t.isFinite {
      caution = differs + "Over \(span): too few to tell from chance."
    } else {
      let shown = HTML.number(fixed(t, 1))
      let what = differs.isEmpty ? "that" : "the sum"
      caution =
        differs
        + (t.magnitude >= 2
          ? "Over \(span) \(what) is more than chance usually makes (t = \(shown))."
          : "Over \(span) \(what) may well be chance (t = \(shown), below 2).")
    }
  }

  /// What the account grew by, and its benchmark on the same days, or nothing where there is none; nil
  /// where neither has a day.
  private static func growth(_ report: RiskReport) -> (own: Double, other: Double)? {
    let (own, other) = (report.daily(.returnWithCost), report.daily(.benchmark))
    let places = own.indices.filter {
      !own[$0].isNaN && !(report.isKnown(.excessWithCost) && other[$0].isNaN)
    }
    guard !places.isEmpty else { return nil }
    return (
      places.map { own[$0] }.compounded,
      report.isKnown(.excessWithCost) ? places.map { other[$0] }.compounded : 0
    )
  }
}
