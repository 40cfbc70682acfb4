import Mechanics
import Streams

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Curves over what goes on, in panels one below the other, as an SVG file of its own.
public struct LineChart {
  /// A curve and its look.
  public struct Curve {
    let name: String
    let colour: ChartColour
    let points: ThinnedCurve

    /// A curve; its name stands in the panel's key.
    public init(_ name: String, _ colour: ChartColour, _ points: ThinnedCurve) {
      (self.name, self.colour, self.points) = (name, colour, points)
    }
  }

  /// Curves of one quantity.
  public struct Panel {
    let title: String
    let curves: [Curve]

    /// A panel; its title says what the quantity is, and in which unit.
    public init(_ title: String, _ curves: [Curve]) { (self.title, self.curves) = (title, curves) }
  }

  private let title: String
  private let notes: [String]
  private let across: String
  private let panels: [Panel]
  private let left = 78.0
  private let right = 700.0
  private let panelHeight = 210.0

  /// A chart; `across` says what goes on from left to right, and notes stand below the title.
  public init(_ title: String, notes: [String] = [], across: String, _ panels: [Panel]) {
    (self.title, self.notes, self.across, self.panels) = (title, notes, across, panels)
  }

  /// The file's text.
  public var file: String {
    let places = panels.flatMap(\.curves).flatMap { $0.points.pieces.flatMap { [$0.from, $0.to] } }
    let x = Axis(places, isWhole: true)
    var parts = [SVG.text(16, 26, title, size: 15, isBold: true)]
    var y = 44.0
    for line in notes.flatMap({ folded($0) }) {
      parts.append(SVG.text(16, y, line, size: 11))
      y += 15
    }
    for panel in panels {
      parts += picture(panel, x, top: y + 26, bottom: y + panelHeight)
      y += panelHeight + 34
    }
    parts.append(SVG.text((left + right) / 2, y + 4, across, anchor: "middle"))
    let (width, height) = (SVG.number(right + 20), SVG.number(y + 18))
    return "<svg xmlns='http://www.w3.org/2000/svg' width='\(width)' height='\(height)'"
      + " viewBox='0 0 \(width) \(height)' font-family='sans-serif'>\n"
      + "<rect width='\(width)' height='\(height)' fill='#fff'/>\n"
      + parts.joined(separator: "\n") + "\n</svg>\n"
  }

  /// Lines of a text that fit into the picture.
  private func folded(_ text: String) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, SVG.width("\(last) \(word)", size: 11) < right - 16 {
        lines[lines.count - 1] += " \(word)"
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }

  /// Axes, key and curves.
  private func picture(_ panel: Panel, _ x: Axis, top: Double, bottom: Double) -> [String] {
    let pieces = panel.curves.flatMap(\.points.pieces).filter { $0.count > 0 }
    let y = Axis(pieces.flatMap { [$0.least, $0.most] }, isWhole: false)
    func across(_ value: Double) -> Double { left + (right - left) * x.share(value) }
    func up(_ value: Double) -> Double { bottom - (bottom - top) * y.share(value) }
    var parts: [String] = []
    for mark in y.marks {
      parts.append(SVG.line(left, up(mark.value), right, up(mark.value), .grid))
      parts.append(SVG.text(left - 6, up(mark.value) + 4, mark.text, size: 11, anchor: "end"))
    }
    for mark in x.marks {
      parts.append(SVG.line(across(mark.value), bottom, across(mark.value), bottom + 4, .axis))
      parts.append(
        SVG.text(across(mark.value), bottom + 17, mark.text, size: 11, anchor: "middle"))
    }
    parts.append(SVG.line(left, bottom, right, bottom, .axis))
    parts.append(SVG.line(left, top, left, bottom, .axis))
    parts.append(SVG.text(16, top - 10, panel.title))
    var end = right
    for curve in panel.curves.reversed() {
      let start = end - SVG.width(curve.name, size: 12)
      parts.append(SVG.text(start, top - 10, curve.name))
      parts.append(SVG.line(start - 24, top - 14, start - 6, top - 14, curve.colour, width: 2))
      end = start - 40
    }
    if pieces.isEmpty {
      parts.append(
        SVG.text((left + right) / 2, (top + bottom) / 2, "no numbers", anchor: "middle"))
    }
    for curve in panel.curves {
      // A gap is where no number was.
      for run in curve.points.pieces.split(whereSeparator: { $0.count == 0 }) {
        parts += drawn(run, curve.colour, across, up)
      }
    }
    return parts
  }

  /// Pieces without a gap between them: a line of their means, from the least to the greatest a band.
  private func drawn(
    _ run: ArraySlice<ThinnedCurve.Piece>, _ colour: ChartColour, _ across: (Double) -> Double,
    _ up: (Double) -> Double
  ) -> [String] {
    func points(_ places: [(Double, Double)]) -> String {
      places.map { "\(SVG.number(across($0.0))),\(SVG.number(up($0.1)))" }.joined(separator: " ")
    }
    var parts: [String] = []
    if run.contains(where: { $0.least < $0.most }) {
      let rim = run.map { ($0.place, $0.most) } + run.reversed().map { ($0.place, $0.least) }
      parts.append(
        "<polygon points='\(points(rim))' fill='\(colour.rawValue)' fill-opacity='0.18'/>")
    }
    let means = run.map { ($0.place, $0.mean) }
    parts.append(
      "<polyline points='\(points(means))' fill='none' stroke='\(colour.rawValue)'"
        + " stroke-width='1.6' stroke-linejoin='round'/>")
    // Few points are to be seen as such; and one by itself is no line.
    if run.count <= 40 {
      parts += means.map {
        "<circle cx='\(SVG.number(across($0.0)))' cy='\(SVG.number(up($0.1)))' r='2.2'"
          + " fill='\(colour.rawValue)'/>"
      }
    }
    return parts
  }
}

/// An axis over some numbers: by powers of ten where all are above 0 and far apart.
struct Axis {
  private let isLogarithmic: Bool
  private let low, high: Double
  /// What stands beside it, and where.
  private(set) var marks: [(value: Double, text: String)] = []

  /// An axis; numbers of what goes on are whole, and are not taken by powers.
  init(_ values: [Double], isWhole: Bool) {
    let (least, most) = (values.min() ?? 0, values.max() ?? 1)
    isLogarithmic = !isWhole && least > 0 && most / least > 50
    if isLogarithmic {
      (low, high) = (log10(least) - 0.05, log10(most) + 0.05)
      let first = Int(low.rounded(.down), within: -400...400)
      let last = Int(high.rounded(.up), within: -400...400)
      let powers = stride(from: first, through: last, by: max(1, (last - first) / 6))
      // Over few powers there are too few marks without those between.
      let factors = last - first <= 3 ? [1.0, 2, 5] : [1]
      for power in powers {
        for factor in factors { mark(factor * pow(10, Double(power))) }
      }
      return
    }
    // One number alone has room around it.
    let spread = most > least ? most - least : max(abs(most), 1) / (isWhole ? 1 : 5)
    let rim = isWhole ? 0 : 0.04 * spread
    low = (most > least ? least : least - spread / 2) - rim
    high = (most > least ? most : most + spread / 2) + rim
    let rough = (high - low) / 6
    guard rough.isFinite, rough > 0 else { return }
    let power = pow(10, log10(rough).rounded(.down))
    var step = ([1, 2, 5, 10].first { $0 * power >= rough } ?? 10) * power
    if isWhole { step = max(step, 1) }
    let first = (low / step).rounded(.up)
    for number in 0..<12 { mark((first + Double(number)) * step, step: step) }
  }

  /// How far a value is along the axis, 0 to 1.
  func share(_ value: Double) -> Double {
    let place = isLogarithmic ? log10(value) : value
    return min(max((place - low) / (high - low), 0), 1)
  }

  private mutating func mark(_ value: Double, step: Double? = nil) {
    let place = isLogarithmic ? log10(value) : value
    guard place >= low, place <= high else { return }
    marks.append((value, Self.text(value, step: step ?? value)))
  }

  /// A number with as many digits as its neighbours need to differ.
  static func text(_ value: Double, step: Double) -> String {
    if value == 0 || abs(value) < step / 1000 { return "0" }
    let digits = -Int(log10(step * 1.001).rounded(.down), within: -400...400)
    guard abs(value) < 1e9, digits <= 6 else { return "\(value.rounded(significant: 3))" }
    return HTML.number(fixed(value, max(digits, 0)))
  }
}
