import Days
import Pages
import Streams

/// A chart of the page.
struct Chart {
  /// What stands above it.
  let title: String
  /// What its colours stand for.
  let keys: [(colour: ChartColour, text: String)]
  /// What gnuplot is told, from a fresh start to the plot; nothing where there is nothing to draw.
  private(set) var script: [String] = []

  /// The horizontal axis.
  enum Axis {
    /// Days, from the first to the last.
    case days([Day])
    /// A quantity of that name.
    case quantity(String)
  }

  /// A curve: the values that it shows upwards, and what gnuplot is told of it.
  typealias Curve = (values: [Double], plot: String)

  /// A chart of those curves that have a value to draw; it begins at 0 if it `startsAtZero`.
  init(
    _ title: String, _ axis: Axis, yLabel: String, keys: [(colour: ChartColour, text: String)],
    startsAtZero: Bool = false, settings: [String] = [], curves: [Curve]
  ) {
    self.title = title
    self.keys = keys
    let drawn = curves.filter { $0.values.contains(where: Self.isDrawable) }
    let known = drawn.flatMap { $0.values.filter(Self.isDrawable) }
    guard let least = known.min(), let most = known.max() else { return }
    // A line needs two days.
    if case .days(let days) = axis, days.count < 2 { return }
    script = Self.look + ["set ylabel '\(yLabel)' tc rgb '\(ChartColour.text.rawValue)'"]
    // gnuplot warns of an axis without extent, and chooses one of its own.
    if startsAtZero {
      script.append("set yrange [0:\(most > 0 ? "*" : "1")]")
    } else if most - least <= 1e-9 * max(1, most.magnitude) {
      script.append("set yrange [\(least - 1):\(most + 1)]")
    }
    switch axis {
    case .days(let days):
      guard let first = days.first, let last = days.last else { break }
      script.append("set xrange [\(first.number):\(last.number)]")
      let marks = DayMarks.marks(from: first, to: last).map { "'\($0.text)' \($0.day.number)" }
      script.append("set xtics scale 0.5 (\(marks.joined(separator: ", ")))")
    case .quantity(let name):
      script.append("set xlabel '\(name)' tc rgb '\(ChartColour.text.rawValue)'")
      script += ["set xtics scale 0.5", "set bmargin 3.4"]
    }
    script += settings + ["plot " + drawn.map(\.plot).joined(separator: ", \\\n  ")]
  }

  /// Whether gnuplot can place a number: percents beyond 10¹² are left out.
  private static func isDrawable(_ value: Double) -> Bool { value.magnitude < 1e12 }

  /// What all charts have in common.
  private static let look = [
    "set output", "reset",
    "set border 1 lc rgb '\(ChartColour.axis.rawValue)'",
    "set grid ytics lt 1 lw 0.7 lc rgb '\(ChartColour.grid.rawValue)'",
    "set tics nomirror tc rgb '\(ChartColour.text.rawValue)'",
    "set ytics scale 0", "unset key", "set lmargin 9.5", "set rmargin 4", "set tmargin 0.6",
    "set bmargin 2.2", "set datafile missing '?'",
    "set xzeroaxis lt 1 lw 1 lc rgb '\(ChartColour.axis.rawValue)'",
  ]

  /// A number of a chart; `?` for none.
  static func plotted(_ value: Double) -> String {
    isDrawable(value) ? fixed(value, 4) : "?"
  }
}
