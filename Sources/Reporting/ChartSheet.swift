import Days
import Pages
import Portfolio

/// The charts of a page as they are drawn, one after the other.
struct ChartSheet {
  /// What the charts show under a pointer.
  private(set) var data = PlotData()

  /// How a chart over days stands in the page.
  struct Manner {
    /// What the values are.
    var unit = "percent"
    /// Whether it is as wide as the page.
    var isWide = false
    /// Whether its axis begins at 0.
    var startsAtZero = false
    /// Where its axis ends, though values may be beyond.
    var most: Double?
    /// Whether values are factors, and equal ones equally far apart.
    var isLogarithmic = false
    /// Stretches of days that are shaded.
    var shades: [Plot.Shade] = []
    /// The digits of a value under a pointer.
    var digits = 2
    /// What is to be seen in it.
    var note = ""
  }

  /// A chart of a value each day.
  mutating func days(
    _ title: String, _ days: [Day], _ curves: [Plot.Curve], _ manner: Manner = Manner()
  ) -> String {
    guard let first = days.first, let last = days.last, first < last else {
      return figure(title, manner, curves, nil)
    }
    let marks = DayMarks.marks(from: first, to: last).map { (Double($0.day.number), $0.text) }
    let axis = PlotAxis(Double(first.number), Double(last.number), marks: marks)
    return figure(
      title, manner, curves,
      vertical(curves, manner).flatMap {
        Plot(
          title, places: days.map { Double($0.number) }, names: .days, horizontal: axis,
          vertical: $0,
          curves: curves, shades: manner.shades, isWide: manner.isWide, digits: manner.digits)
      })
  }

  /// A chart over words, such as years, a step each.
  mutating func words(
    _ title: String, _ words: [String], _ curves: [Plot.Curve], _ manner: Manner = Manner()
  ) -> String {
    let places = words.indices.map(Double.init)
    let every = max(1, (words.count + 7) / 8)
    let marks = places.indices.filter { $0 % every == 0 }.map { (places[$0], words[$0]) }
    let axis = PlotAxis(-0.6, Double(words.count) - 0.4, marks: marks)
    return figure(
      title, manner, curves,
      vertical(curves, manner).flatMap {
        Plot(
          title, places: places, names: .words(words), horizontal: axis, vertical: $0,
          curves: curves,
          isWide: manner.isWide, digits: manner.digits)
      })
  }

  /// A chart over a quantity.
  mutating func quantity(
    _ title: String, _ places: [Double], within ends: (low: Double, high: Double),
    _ curves: [Plot.Curve], _ manner: Manner = Manner()
  ) -> String {
    let round = PlotAxis(from: ends.low, to: ends.high, marks: 6)
    let axis = PlotAxis(
      ends.low, ends.high,
      marks: round.marks.filter { $0.value >= ends.low && $0.value <= ends.high })
    return figure(
      title, manner, curves,
      vertical(curves, manner).flatMap {
        Plot(
          title, places: places, names: .numbers, horizontal: axis, vertical: $0, curves: curves,
          isWide: manner.isWide, digits: manner.digits)
      })
  }

  private func vertical(_ curves: [Plot.Curve], _ manner: Manner) -> PlotAxis? {
    let seen = curves.filter { if case .hidden = $0.look { false } else { true } }
    guard var (least, most) = Plot.ends(seen) else { return nil }
    if manner.isLogarithmic {
      return least > 0 ? PlotAxis(factorsFrom: least, to: most) : nil
    }
    most = min(most, manner.most ?? most)
    if manner.startsAtZero { (least, most) = (min(0, least), most > 0 ? most : 1) }
    for curve in seen {
      switch curve.look {
      case .area, .impulses, .bars: (least, most) = (min(least, 0), max(most, 0))
      case .boxes(let boxes, _):
        for box in boxes { (least, most) = (min(least, box.low), max(most, box.high)) }
      default: break
      }
    }
    return PlotAxis(from: least, to: most, marks: manner.isWide ? 7 : 5)
  }

  private mutating func figure(
    _ title: String, _ manner: Manner, _ curves: [Plot.Curve], _ plot: Plot?
  ) -> String {
    var keys: [(colour: ChartColour, text: String)] = []
    for curve in curves where !curve.name.isEmpty && curve.values.contains(where: Plot.isDrawable) {
      if case .hidden = curve.look { continue }
      if !keys.contains(where: { $0.text == curve.name }) {
        keys.append((curve.colour, curve.name))
      }
    }
    let picture = plot?.html(&data) ?? "<p class=note>There is nothing to draw.</p>"
    let unit = manner.unit.isEmpty ? "" : " <small>\(manner.unit)</small>"
    return Page.figure(title + unit, keys: keys, picture, note: manner.note)
  }
}
