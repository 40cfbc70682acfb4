import Streams

/// Results under the roof that the machine's peak and its memory make, drawn by gnuplot.
///
/// Source: Williams, Waterman and Patterson, "Roofline: an insightful visual performance model", 2009.
public struct Roofline {
  /// One result.
  public struct Point: Sendable {
    /// The problem's name.
    public let problem: String
    /// The implementation's name.
    public let implementation: String
    /// Operations for each byte that must be moved.
    public let intensity: Double
    /// 10⁹ operations a second.
    public let gflops: Double
  }

  private let points: [Point]
  private let peak: MachinePeak

  /// A picture of results that were timed on a machine that was measured.
  public init(_ points: [Point], _ peak: MachinePeak) {
    self.points = points.filter { $0.gflops > 0 && $0.gflops.isFinite }
    self.peak = peak
  }

  /// What gnuplot is told.
  var script: String {
    let (gflops, memory, cache) = (peak.gflops, peak.memory, peak.cache)
    let intensities = points.map(\.intensity) + [gflops / memory, gflops / cache]
    let least = (intensities.min() ?? 1) / 1.5
    let most = (intensities.max() ?? 1) * 1.5
    // Winograd's method does with fewer operations than are counted, and so goes through the roof.
    let highest = max(points.map(\.gflops).max() ?? gflops, gflops) * 1.6
    let lowest = min(points.map(\.gflops).min() ?? gflops, gflops / 10) / 2
    let threads = peak.workers.count
    var implementations: [String] = []
    for point in points where !implementations.contains(point.implementation) {
      implementations.append(point.implementation)
    }
    var lines = [
      "set terminal svg size 960,640 background rgb 'white' font 'sans-serif,12'",
      "set title 'Roofline: \(peak.cpu.rawValue), \(threads) thread\(threads == 1 ? "" : "s")'",
      "set xlabel 'operations for each byte that must be moved'",
      "set ylabel 'GFLOP/s'",
      "set logscale xy",
      "set grid",
      "set key bottom right",
      "set xrange [\(least):\(most)]",
      "set yrange [\(lowest):\(highest)]",
      "roof(x, bandwidth) = x * bandwidth < \(gflops) ? x * bandwidth : \(gflops)",
      "set label '\(short(gflops)) GFLOP/s' at \(least * 1.1), \(gflops * 1.12)",
    ]
    for (number, implementation) in implementations.enumerated() {
      lines.append("$results\(number) << EOD")
      for point in points where point.implementation == implementation {
        lines.append("\(point.intensity) \(point.gflops)")
      }
      lines.append("EOD")
    }
    var curves = [
      "roof(x, \(memory)) with lines lw 2 lc 'black' title 'memory, \(short(memory)) GB/s'",
      "roof(x, \(cache)) with lines lw 1 lc 'gray' title 'second-level cache, \(short(cache)) GB/s'",
    ]
    for (number, implementation) in implementations.enumerated() {
      curves.append(
        "$results\(number) using 1:2 with points pt \(number + 4) lc \(number + 1) "
          + "title '\(implementation)'")
    }
    lines.append("$names << EOD")
    for point in fastest {
      lines.append("\(point.intensity) \(point.gflops) \"\(Self.plain(point.problem))\"")
    }
    lines.append("EOD")
    curves.append("$names using 1:2:3 with labels font ',8' offset 0,0.8 notitle")
    lines.append("set samples 500")
    lines.append("plot " + curves.joined(separator: ", \\\n  "))
    return lines.joined(separator: "\n") + "\n"
  }

  /// The fastest point of each problem, which bears its name.
  private var fastest: [Point] {
    var best: [Point] = []
    for point in points {
      if let index = best.firstIndex(where: { $0.problem == point.problem }) {
        if best[index].gflops < point.gflops { best[index] = point }
      } else {
        best.append(point)
      }
    }
    return best
  }

  /// A name without what gnuplot gives a meaning to.
  private static func plain(_ name: String) -> String {
    String(name.map { "\"\\_^@{}&~$`'".contains($0) || $0.isNewline ? " " : $0 })
  }

  /// Draws the picture into a file, whole or not at all.
  public func draw(to path: String) throws { try Gnuplot.draw(script, to: path) }
}
