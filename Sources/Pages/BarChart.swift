import Streams

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Bars that lie, one below the other, as SVG that stands in a page.
///
/// It is as wide as a telephone, so that its letters are of the page's size there.
public struct BarChart {
  /// A bar, of several pieces where what it shows has parts.
  public struct Row {
    /// What stands before it.
    public let label: String
    /// Its pieces from the left.
    public let pieces: [(value: Double, colour: ChartColour)]
    /// What stands behind it.
    public let text: String
    /// Where it should end at most, as a tick; nil where there is no such place.
    public let bound: Double?
    /// Whether a title stands here in place of a bar.
    public let isTitle: Bool

    /// A bar.
    public init(
      _ label: String, _ pieces: [(value: Double, colour: ChartColour)], text: String,
      bound: Double? = nil
    ) {
      self.label = label
      self.pieces = pieces
      self.text = text
      self.bound = bound
      isTitle = false
    }

    /// A title for the bars below it.
    public init(title: String) {
      label = title
      pieces = []
      text = ""
      bound = nil
      isTitle = true
    }

    fileprivate var whole: Double { pieces.reduce(0) { $0 + $1.value } }
  }

  /// How long a bar is.
  public enum Scale {
    /// As its value, from 0 on.
    case linear
    /// As the logarithm of its value, from a power of ten on; with marks at powers of ten.
    case powers(from: Double, mark: (Int) -> String)
  }

  private let rows: [Row]
  private let scale: Scale
  private let line: (value: Double, text: String)?
  private static let (width, rowHeight, barHeight) = (360.0, 19.0, 12.0)

  /// A chart; `line` is a value to compare with, such as what is possible.
  public init(_ rows: [Row], _ scale: Scale = .linear, line: (value: Double, text: String)? = nil) {
    self.rows = rows
    self.scale = scale
    self.line = line
  }

  /// The picture, with a label for those who do not see it.
  public func picture(_ label: String) -> String {
    let bars = rows.filter { !$0.isTitle }
    let left = bars.map { SVG.width($0.label, size: 12) }.reduce(20, max) + 8
    let right = Self.width - bars.map { SVG.width($0.text, size: 12) }.reduce(10, max) - 8
    let ends =
      bars.flatMap { [$0.whole, $0.bound ?? 0] }.filter(\.isFinite) + [line?.value ?? 0]
    let most = ends.max() ?? 1
    let place = place(most: most, left, right)
    var parts: [String] = []
    let top = line == nil ? 4.0 : 18.0
    var y = top
    var drawn: [String] = []
    for row in rows {
      if row.isTitle {
        if y > top { y += 6 }
        drawn.append(SVG.text(0, y + 13, row.label, isBold: true))
      } else {
        drawn.append(SVG.text(left - 8, y + 13, row.label, anchor: "end"))
        var (start, sum) = (left, 0.0)
        for piece in row.pieces where piece.value.isFinite {
          sum += piece.value
          let end = place(sum)
          drawn.append(SVG.bar(start, y + 3, end - start, Self.barHeight, piece.colour))
          start = end
        }
        if let bound = row.bound {
          drawn.append(SVG.line(place(bound), y + 1, place(bound), y + 17, .text, width: 1.5))
          start = max(start, place(bound))
        }
        drawn.append(SVG.text(start + 5, y + 13, row.text))
      }
      y += Self.rowHeight
    }
    var height = y + 4
    if case .powers(let from, let mark) = scale {
      parts += powers(from: from, most: most, mark, place, height: y)
      height = y + 18
    }
    parts.append(SVG.line(left, top, left, y, .axis))
    if let line {
      let x = place(line.value)
      parts.append(SVG.line(x, top - 2, x, y, .axis, dashes: "3 2"))
      let isLeft = x > Self.width / 2
      parts.append(
        SVG.text(x + (isLeft ? 3 : -3), 12, line.text, anchor: isLeft ? "end" : "start"))
    }
    return SVG.picture(label, width: Self.width, height: height, parts + drawn)
  }

  /// Where a value is, from the left.
  private func place(most: Double, _ left: Double, _ right: Double) -> (Double) -> Double {
    switch scale {
    case .linear: { left + (right - left) * min(max($0 / (most > 0 ? most : 1), 0), 1) }
    case .powers(let from, _):
      {
        let span = max(log10(most / from), 1e-9)
        return left + (right - left) * min(max(log10(max($0, from) / from) / span, 0), 1)
      }
    }
  }

  /// Lines and marks at powers of ten; at every second or third where there are many.
  private func powers(
    from: Double, most: Double, _ mark: (Int) -> String, _ place: (Double) -> Double,
    height: Double
  ) -> [String] {
    let (first, last) = (log10(from).rounded(), log10(max(most, from)).rounded(.down))
    let step = max(1, ((last - first) / 5).rounded(.up))
    return stride(from: first, through: last, by: step).flatMap { power in
      let x = place(pow(10, power))
      return [
        SVG.line(x, 4, x, height, .grid),
        SVG.text(
          x, height + 13, mark(Int(power, within: -300...300)), size: 11, anchor: "middle"),
      ]
    }
  }
}
