import Market
import Portfolio

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Charts of what scores were worth.
struct SignalCharts {
  private let signal: SignalHistory

  init(_ signal: SignalHistory) { self.signal = signal }

  /// What the charts draw from: a line a day, the sorted IC, and its counts.
  var data: [String] {
    var lines = ["$signal << EOD"]
    let (ic, ranks) = (trailingMean(signal.ic, 20), trailingMean(signal.rankIC, 20))
    let groups = signal.groups.map { group in
      ReturnConvention.sum.cumulative(group.map { $0.isNaN ? 0 : 100 * $0 })
    }
    for (place, day) in signal.days.enumerated() {
      var line = "\(day.number)"
      for value in [signal.rankIC[place], ic[place], ranks[place]] + groups.map({ $0[place] }) {
        line += " \(plotted(value))"
      }
      lines.append(line)
    }
    lines.append("EOD")
    let sorted = known.sorted()
    lines.append("$quantiles << EOD")
    for (place, value) in sorted.enumerated() {
      lines.append("\((Double(place) + 0.5) / Double(sorted.count)) \(plotted(value))")
    }
    return lines + ["EOD", "$counts << EOD"] + bins.map { "\($0.middle) \($0.count)" } + ["EOD"]
  }

  private var known: [Double] { signal.rankIC.filter { !$0.isNaN } }

  /// How many days have an IC in each of some equal steps.
  private var bins: [(middle: Double, count: Int)] {
    let width = binWidth
    guard let least = known.min(), let most = known.max(), width > 0 else { return [] }
    let first = (least / width).rounded(.down)
    var counts = [Int](repeating: 0, count: Int((most / width).rounded(.down) - first) + 1)
    for value in known { counts[Int((value / width).rounded(.down) - first)] += 1 }
    return counts.enumerated().map { ((first + Double($0) + 0.5) * width, $1) }
  }

  private var binWidth: Double { 0.02 }

  /// The charts, in the order of the page.
  var charts: [Chart] {
    let text = ChartColour.self
    let groups = signal.groups.indices.map { place in
      ChartColour.groups[place * (ChartColour.groups.count - 1) / max(1, signal.groups.count - 1)]
    }
    let count = signal.groups.count
    let (mean, deviation) = (known.mean, known.deviation)
    return [
      Chart(
        "Groups by score, summed labels", over: signal.days, yLabel: "percent",
        keys: groups.enumerated().map {
          ($1, $0 == 0 ? "highest scores" : $0 == count - 1 ? "lowest" : "\($0 + 1)")
        },
        plot: groups.enumerated().map {
          "$signal using 1:\($0 + 5) with lines lw 1.6 lc rgb '\($1.rawValue)'"
        }),
      Chart(
        "Rank IC by day", over: signal.days, yLabel: "correlation",
        keys: [
          (.strategyGross, "rank IC of a day"), (.strategy, "mean of 20 days"),
          (.excess, "mean of IC, 20 days"),
        ],
        plot: [
          "$signal using 1:2 with impulses lw 0.8 lc rgb '\(text.strategyGross.rawValue)'",
          "$signal using 1:3 with lines lw 1.4 lc rgb '\(text.excess.rawValue)'",
          "$signal using 1:4 with lines lw 1.8 lc rgb '\(text.strategy.rawValue)'",
        ]),
      Chart(
        "Distribution of the rank IC", xLabel: "rank IC of a day", yLabel: "days",
        keys: [(.strategyGross, "days"), (.excess, "normal of the same mean and deviation")],
        plot: [
          "$counts using 1:2 with boxes fs solid 0.7 noborder lc rgb '\(text.strategyGross.rawValue)'",
          "\(Double(known.count) * binWidth) / (\(deviation) * sqrt(2 * pi)) * "
            + "exp(-(x - \(mean))**2 / (2 * \(deviation)**2)) with lines lw 1.6 "
            + "lc rgb '\(text.excess.rawValue)'",
        ], settings: ["set boxwidth \(0.9 * binWidth)", "set yrange [0:*]", "set bmargin 3.4"]),
      Chart(
        "Rank IC beside a normal distribution", xLabel: "quantile of the normal distribution",
        yLabel: "rank IC of a day", keys: [(.strategy, "days"), (.excess, "a normal one")],
        plot: [
          "\(mean) + \(deviation) * x with lines lw 1.4 lc rgb '\(text.excess.rawValue)'",
          "$quantiles using (invnorm($1)):2 with points pt 7 ps 0.3 "
            + "lc rgb '\(text.strategy.rawValue)'",
        ], settings: ["set bmargin 3.4"]),
    ]
  }
}
