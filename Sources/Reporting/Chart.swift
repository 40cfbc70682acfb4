import Market

/// A chart of the page.
struct Chart {
  /// What stands above it.
  let title: String
  /// What its colours stand for.
  let keys: [(colour: ChartColour, text: String)]
  /// What gnuplot is told, from a fresh start to the plot.
  let script: [String]

  /// A chart whose horizontal axis is the days from the first to the last.
  init(
    _ title: String, over days: [Day], yLabel: String,
    keys: [(colour: ChartColour, text: String)], plot curves: [String], settings: [String] = []
  ) {
    self.title = title
    self.keys = keys
    var script = Self.look + ["set ylabel '\(yLabel)' tc rgb '\(ChartColour.text.rawValue)'"]
    if let first = days.first, let last = days.last {
      let (start, end) = (Int(first.number), max(Int(last.number), Int(first.number) + 1))
      script.append("set xrange [\(start):\(end)]")
      let marks = Self.marks(from: first, to: last).map { "'\($0.text)' \($0.day.number)" }
      script.append("set xtics scale 0.5 (\(marks.joined(separator: ", ")))")
    }
    self.script = script + settings + ["plot " + curves.joined(separator: ", \\\n  ")]
  }

  /// A chart of two quantities.
  init(
    _ title: String, xLabel: String, yLabel: String,
    keys: [(colour: ChartColour, text: String)], plot curves: [String], settings: [String] = []
  ) {
    self.title = title
    self.keys = keys
    script =
      Self.look + [
        "set xlabel '\(xLabel)' tc rgb '\(ChartColour.text.rawValue)'",
        "set ylabel '\(yLabel)' tc rgb '\(ChartColour.text.rawValue)'",
        "set xtics scale 0.5",
      ] + settings + ["plot " + curves.joined(separator: ", \\\n  ")]
  }

  /// What all charts have in common.
  private static let look = [
    "set output", "reset",
    "set border 1 lc rgb '\(ChartColour.axis.rawValue)'",
    "set grid ytics lt 1 lw 0.7 lc rgb '\(ChartColour.grid.rawValue)'",
    "set tics nomirror tc rgb '\(ChartColour.text.rawValue)'",
    "set ytics scale 0", "unset key", "set lmargin 8", "set rmargin 2", "set tmargin 0.6",
    "set bmargin 2.2", "set datafile missing '?'",
    "set xzeroaxis lt 1 lw 1 lc rgb '\(ChartColour.axis.rawValue)'",
  ]

  /// Days to mark on an axis, seven at most: first days of years or months, or days.
  static func marks(from first: Day, to last: Day) -> [(day: Day, text: String)] {
    func month(_ number: Int) -> Day? {
      Day(year: number / 12, month: number % 12 + 1, day: 1)
    }
    let (start, end) = (monthNumber(first), monthNumber(last))
    for step in [1, 2, 3, 6, 12, 24, 60, 120, 600, 2400] where (end - start) / step <= 6 {
      let marks = (start / step * step...end / step * step).filter { $0 % step == 0 }
        .compactMap { month($0) }.filter { $0 >= first && $0 <= last }
      if marks.count >= 2 {
        return marks.map { ($0, String("\($0)".prefix(step % 12 == 0 ? 4 : 7))) }
      }
      break
    }
    let span = Int(last.number - first.number)
    let count = min(4, span)
    guard count > 0 else { return [(first, "\(first)")] }
    return (0...count).map { place in
      let day = Day(number: first.number + Int32(span * place / count))
      return (day, String("\(day)".suffix(5)))
    }
  }

  private static func monthNumber(_ day: Day) -> Int {
    let text = "\(day)"
    return (Int(text.prefix(4)) ?? 0) * 12 + (Int(text.dropFirst(5).prefix(2)) ?? 1) - 1
  }
}
