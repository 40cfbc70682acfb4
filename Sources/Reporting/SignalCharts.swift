import Pages
import Portfolio
import Statistics

/// Charts of what scores were worth.
struct SignalCharts {
  private let signal: SignalHistory
  private let axis: Chart.Axis
  private let known: [Double]
  private let means: (ic: [Double], rankIC: [Double])
  private let groups: [[Double]]
  private let histogram: Histogram

  init(_ signal: SignalHistory) {
    self.signal = signal
    axis = .days(signal.days)
    known = signal.ic.known
    histogram = Histogram(known)
    means = (trailingMean(signal.ic, 20), trailingMean(signal.rankIC, 20))
    groups = signal.groups.map { group in
      ReturnConvention.sum.cumulative(group.map { $0.isNaN ? 0 : 100 * $0 })
    }
  }

  /// What the charts draw from: a line a day, the IC in order, and how many days have which.
  var data: [String] {
    var lines = ["$signal << EOD"]
    for (place, day) in signal.days.enumerated() {
      var line = "\(day.number)"
      for value in [signal.ic, means.ic, means.rankIC] + groups {
        line += " \(Chart.plotted(value[place]))"
      }
      lines.append(line)
    }
    lines += ["EOD", "$quantiles << EOD"]
    for (place, value) in known.sorted().enumerated() {
      lines.append("\((Double(place) + 0.5) / Double(known.count)) \(Chart.plotted(value))")
    }
    return lines + ["EOD", "$counts << EOD"] + histogram.bins.map { "\($0.middle) \($0.count)" } + [
      "EOD"
    ]
  }

  /// The charts, in the order of the page.
  var charts: [Chart] { [groupReturns, daily, distribution, normality] }

  private var groupReturns: Chart {
    let last = groups.count - 1
    let colours = groups.indices.map {
      ChartColour.groups[$0 * (ChartColour.groups.count - 1) / max(1, last)]
    }
    return Chart(
      "Groups by score, summed labels", axis, yLabel: "percent",
      keys: colours.enumerated().map { group, colour in
        (colour, group == 0 ? "highest scores" : group == last ? "lowest" : "\(group + 1)")
      },
      curves: colours.enumerated().map { group, colour in
        (
          groups[group],
          "$signal using 1:\(group + 5) with lines lw 1.6 lc rgb '\(colour.rawValue)'"
        )
      })
  }

  private var daily: Chart {
    Chart(
      "IC by day", axis, yLabel: "correlation",
      keys: [
        (.lightBlue, "IC of a day"), (.blue, "mean of 20 days"),
        (.orange, "mean of the rank IC"),
      ],
      curves: [
        (
          signal.ic,
          "$signal using 1:2 with impulses lw 0.8 lc rgb '\(ChartColour.lightBlue.rawValue)'"
        ),
        (
          means.rankIC,
          "$signal using 1:4 with lines lw 1.4 lc rgb '\(ChartColour.orange.rawValue)'"
        ),
        (means.ic, "$signal using 1:3 with lines lw 1.8 lc rgb '\(ChartColour.blue.rawValue)'"),
      ])
  }

  private var distribution: Chart {
    let (mean, deviation) = (known.mean, known.deviation)
    let bins = histogram.bins
    let range = zip(bins.prefix(1), bins.suffix(1)).map { first, last in
      "set xrange [\(first.middle - histogram.width):\(last.middle + histogram.width)]"
    }
    let counts = bins.map { Double($0.count) }
    var curves: [Chart.Curve] = [
      (
        counts,
        "$counts using 1:2 with boxes fs solid 0.7 noborder "
          + "lc rgb '\(ChartColour.lightBlue.rawValue)'"
      )
    ]
    var keys: [(colour: ChartColour, text: String)] = [(.lightBlue, "days")]
    // Nothing is normal without spread.
    if deviation > 0 {
      let height =
        Double(known.count) * histogram.width / (deviation * (2 * Double.pi).squareRoot())
      curves.append(
        (
          counts,
          "\(height) * exp(-(x - (\(mean)))**2 / \(2 * deviation * deviation)) "
            + "with lines lw 1.6 lc rgb '\(ChartColour.orange.rawValue)'"
        ))
      keys.append((.orange, "normal of the same mean and deviation"))
    }
    return Chart(
      "Distribution of the IC", .quantity("IC of a day"), yLabel: "days", keys: keys,
      startsAtZero: true,
      settings: ["set boxwidth \(0.9 * histogram.width)", "set samples 200"] + range, curves: curves
    )
  }

  private var normality: Chart {
    let (mean, deviation) = (known.mean, known.deviation)
    var curves: [Chart.Curve] = [
      (
        known,
        "$quantiles using (invnorm($1)):2 with points pt 7 ps 0.3 "
          + "lc rgb '\(ChartColour.blue.rawValue)'"
      )
    ]
    var keys: [(colour: ChartColour, text: String)] = [(.blue, "days")]
    if deviation > 0 {
      let line = "\(mean) + \(deviation) * x with lines lw 1.4"
      curves.insert((known, "\(line) lc rgb '\(ChartColour.orange.rawValue)'"), at: 0)
      keys.append((.orange, "a normal distribution"))
    }
    return Chart(
      "IC beside a normal distribution", .quantity("quantile of the normal distribution"),
      yLabel: "IC of a day", keys: keys, settings: ["set xrange [-4:4]"], curves: curves)
  }
}
