import Streams

/// A chart with axes, as wide as there is room for it.
///
/// Its curves are SVG that is stretched to the room, with lines that keep their width; its texts are the page's,
/// and so are as large on a telephone as on a desk. What the page's script shows of it under a pointer stands in
/// `PlotData`.
public struct Plot {
  /// What a curve looks like.
  public enum Look {
    /// A line of so many pixels.
    case line(Double)
    /// A line of so many pixels, in dashes.
    case dashes(Double)
    /// What is between a line and 0.
    case area
    /// A thin bar from 0 for each value.
    case impulses
    /// A bar from 0 for each value, so wide and moved so far from its place, in steps of the places.
    case bars(width: Double, offset: Double)
    /// A point for each value.
    case points
    /// Boxes so wide, in steps of the places, from one quartile to the other, with lines to the whiskers; the
    /// values are the medians.
    case boxes([Box], width: Double)
    /// Nothing: the values are shown under a pointer.
    case hidden
  }

  /// A box of a box plot: where its whiskers and quartiles are.
  public typealias Box = (low: Double, lower: Double, upper: Double, high: Double)

  /// Values that are drawn alike.
  public struct Curve {
    /// What they are.
    public let name: String
    /// Their colour.
    public let colour: ChartColour
    /// A value for each place of the plot, or of `places`; NaN where there is none.
    public let values: [Double]
    /// Places of their own; they are then not shown under a pointer.
    public let places: [Double]?
    /// What they look like.
    public let look: Look

    /// A curve.
    public init(
      _ name: String, _ colour: ChartColour, _ values: [Double], _ look: Look,
      places: [Double]? = nil
    ) {
      (self.name, self.colour, self.values, self.look, self.places) =
        (name, colour, values, look, places)
    }
  }

  /// A stretch of places that is shaded over all the height.
  public typealias Shade = (from: Double, to: Double, text: String)

  /// What places are called under a pointer.
  public enum Names {
    /// Days, as they are counted from 1970-01-01.
    case days
    /// Numbers.
    case numbers
    /// Words, in the order of the places.
    case words([String])
  }

  let places: [Double]
  let names: Names
  let curves: [Curve]
  /// The digits that are shown behind the point of a value.
  let digits: Int
  private let horizontal: PlotAxis
  private let vertical: PlotAxis
  private let shades: [Shade]
  private let isWide: Bool
  private let label: String

  /// A plot; nil where there is nothing to draw.
  ///
  /// The first curve lies on top. Values are clipped at the ends of the vertical axis. `label` is for those who do not see it.
  public init?(
    _ label: String, places: [Double], names: Names, horizontal: PlotAxis, vertical: PlotAxis,
    curves: [Curve], shades: [Shade] = [], isWide: Bool = false, digits: Int = 2
  ) {
    let drawn = curves.filter { $0.values.contains(where: Plot.isDrawable) }
    guard !drawn.isEmpty, horizontal.high > horizontal.low, vertical.high > vertical.low else {
      return nil
    }
    (self.label, self.places, self.names, self.horizontal, self.vertical) =
      (label, places, names, horizontal, vertical)
    (self.curves, self.shades, self.isWide, self.digits) = (drawn, shades, isWide, digits)
  }

  /// Whether a number has a place on an axis.
  public static func isDrawable(_ value: Double) -> Bool { value.magnitude < 1e12 }

  /// The least and the greatest of what can be drawn of some curves; nil where nothing can be.
  public static func ends(_ curves: [Curve]) -> (least: Double, most: Double)? {
    var (least, most) = (Double.infinity, -Double.infinity)
    for curve in curves {
      for value in curve.values where isDrawable(value) {
        (least, most) = (min(least, value), max(most, value))
      }
    }
    return least <= most ? (least, most) : nil
  }

  /// The ends of the horizontal axis.
  var range: (low: Double, high: Double) { (horizontal.low, horizontal.high) }

  private static let (width, height) = (2000.0, 600.0)

  /// The chart as it stands in the page; `data` keeps what is shown under a pointer.
  public func html(_ data: inout PlotData) -> String {
    var path = PathText()
    var parts: [String] = []
    for shade in shades {
      let (from, to) = (x(max(shade.from, horizontal.low)), x(min(shade.to, horizontal.high)))
      parts.append("<path class=shade d='M\(from) 0H\(max(to, from + 2))V600H\(from)z'/>")
    }
    for mark in vertical.marks {
      parts.append(
        "<path d='M0 \(y(mark.value))H2000' class=gridline stroke='\(ChartColour.grid.rawValue)'/>")
    }
    if vertical.low <= 0, vertical.high >= 0, !vertical.isLogarithmic {
      parts.append("<path d='M0 \(y(0))H2000' stroke='\(ChartColour.axis.rawValue)'/>")
    }
    parts.append("<path d='M0 600H2000' stroke='\(ChartColour.axis.rawValue)'/>")
    for curve in curves.reversed() {
      draw(curve, &path)
      parts.append(element(curve, path.take()))
    }
    let number = data.add(self)
    let texts =
      vertical.marks.map {
        "<i class=y style='bottom:\(percent(vertical.share($0.value)))'>\($0.text)</i>"
      }
      + horizontal.marks.enumerated().map { place, mark in
        "<i class='x\(place % 2 == 1 ? " odd" : "")' style='left:\(percent(horizontal.share(mark.value)))'>"
          + "\(HTML.escaped(mark.text))</i>"
      }
      + shadeTexts
    return "<div class='plot\(isWide ? " tall" : "")' data-p=\(number)>"
      + "<svg viewBox='0 0 2000 600' preserveAspectRatio=none role=img"
      + " aria-label='\(HTML.escaped(label))'>\(parts.joined())</svg>\(texts.joined())</div>"
  }

  /// The names of shades, each but where one before it stands already.
  private var shadeTexts: [String] {
    var taken: [Double] = []
    return shades.filter { !$0.text.isEmpty }.compactMap { shade in
      let (from, to) = (max(shade.from, horizontal.low), min(shade.to, horizontal.high))
      let middle = horizontal.share((from + to) / 2)
      guard taken.allSatisfy({ ($0 - middle).magnitude > (isWide ? 0.015 : 0.03) }) else {
        return nil
      }
      taken.append(middle)
      // On a telephone there is no room for the numbers of short ones.
      let isShort = horizontal.share(to) - horizontal.share(from) < 0.05
      return
        "<i class='s\(isShort ? " odd" : "")' style='left:\(percent(middle))'>\(shade.text)</i>"
    }
  }

  private func percent(_ share: Double) -> String { "\(SVG.number(100 * share))%" }

  private func x(_ place: Double) -> Int {
    Int((Self.width * horizontal.share(place)).rounded(), within: -9999...9999)
  }

  /// A value beyond the axis is drawn at its end.
  private func y(_ value: Double) -> Int {
    let share = min(max(vertical.share(value), 0), 1)
    return Int((Self.height * (1 - share)).rounded(), within: 0...600)
  }

  private func element(_ curve: Curve, _ path: String) -> String {
    let colour = curve.colour.rawValue
    switch curve.look {
    case .line(let width):
      return "<path d='\(path)' stroke='\(colour)' stroke-width='\(SVG.number(width))'/>"
    case .dashes(let width):
      return "<path d='\(path)' stroke='\(colour)' stroke-width='\(SVG.number(width))'"
        + " stroke-dasharray='5 3'/>"
    case .area:
      return "<path d='\(path)' fill='\(colour)' fill-opacity='.22'/>"
    case .impulses: return "<path d='\(path)' stroke='\(colour)'/>"
    case .bars: return "<path d='\(path)' fill='\(colour)'/>"
    case .boxes:
      return
        "<path d='\(path)' fill='\(colour)' fill-opacity='.22' stroke='\(colour)' stroke-width='1.4'/>"
    case .hidden: return ""
    case .points:
      return "<path d='\(path)' stroke='\(colour)' stroke-width='3.4' stroke-linecap='round'/>"
    }
  }

  private func draw(_ curve: Curve, _ path: inout PathText) {
    let places = curve.places ?? places
    let base = y(vertical.isLogarithmic ? vertical.low : 0)
    switch curve.look {
    case .line, .dashes: drawLine(curve.values, places, &path, closed: nil)
    case .area: drawLine(curve.values, places, &path, closed: base)
    case .impulses:
      for point in PlotThinning.extremes(points(curve.values, places), columns: columns) {
        path.move(point.x, base)
        path.vertical(point.y)
      }
    case .bars(let width, let offset):
      for (place, value) in zip(places, curve.values) where Self.isDrawable(value) {
        let (from, to) = (x(place + offset - width / 2), x(place + offset + width / 2))
        path.move(from, base)
        path.vertical(y(value))
        path.horizontal(max(to, from + 1))
        path.vertical(base)
        path.close()
      }
    case .boxes(let boxes, let width):
      for (place, (box, median)) in zip(places, zip(boxes, curve.values))
      where Self.isDrawable(median) {
        let (from, middle, to) = (x(place - width / 2), x(place), x(place + width / 2))
        path.move(from, y(box.lower))
        path.vertical(y(box.upper))
        path.horizontal(to)
        path.vertical(y(box.lower))
        path.close()
        path.move(from, y(median))
        path.horizontal(to)
        for (start, end) in [(box.lower, box.low), (box.upper, box.high)] {
          path.move(middle, y(start))
          path.vertical(y(end))
        }
      }
    case .hidden: break
    case .points:
      for point in points(curve.values, places) {
        path.move(point.x, point.y)
        path.line(point.x, point.y)
      }
    }
  }

  /// The columns that what lies closely is thinned to: a pixel each on a usual screen.
  private var columns: Int { isWide ? 1000 : 500 }

  private func points(_ values: [Double], _ places: [Double]) -> [PlotThinning.Point] {
    zip(places, values).compactMap {
      Self.isDrawable($1) ? PlotThinning.Point(x: x($0), y: y($1)) : nil
    }
  }

  /// A line through the values, apart where there is none; with the way back along a height.
  private func drawLine(
    _ values: [Double], _ places: [Double], _ path: inout PathText, closed base: Int?
  ) {
    var run: [PlotThinning.Point] = []
    func end() {
      let thin = PlotThinning.thinned(run, columns: columns)
      guard let first = thin.first else { return }
      path.move(first.x, first.y)
      for point in thin.dropFirst() { path.line(point.x, point.y) }
      if thin.count == 1 { path.line(first.x, first.y) }
      if let base {
        path.vertical(base)
        path.horizontal(first.x)
        path.close()
      }
      run = []
    }
    for (place, value) in zip(places, values) {
      if Self.isDrawable(value) {
        run.append(PlotThinning.Point(x: x(place), y: y(value)))
      } else if !run.isEmpty {
        end()
      }
    }
    end()
  }
}
