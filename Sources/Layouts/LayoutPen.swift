import Arithmetic
import Glyphs
import Ink
import NeuralNet

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Writes layouts with the characters of a writer.
///
/// Sizes and places on the line are those that `GlyphGeometry` knows of each character; fractions, powers and
/// roots are set as CROHME's writers set them, with their spread.
struct LayoutPen {
  private let parts: WritersParts
  private let writer: String
  private var random: RandomNumbers
  /// How regular the hand is: what deviations are multiplied with.
  private let spread: Double

  /// A pen of a writer.
  init(_ parts: WritersParts, writer: String, _ random: RandomNumbers) {
    (self.parts, self.writer, self.random) = (parts, writer, random)
    spread = self.random.number(0.4..<1.2)
  }

  /// The ink of a layout on a line whose digits are `scale` high; nil where nobody has a character of it.
  mutating func write(_ layout: Layout, scale: Double = 1) -> PlacedInk? {
    switch layout {
    case .character(let text): character(text, scale)
    case .row(let parts): row(parts, scale)
    case .parentheses(let inside): parentheses(inside, scale)
    case .fraction(let above, let below):
      fraction(above, below, scale, size: scale * random.number(0.65..<1))
    case .power(let base, let exponent): power(base, exponent, scale)
    case .root(let inside, let index): root(inside, index, scale)
    case .mixed(let whole, let part): mixed(whole, part, scale)
    }
  }

  private mutating func normal() -> Double { Double(random.normal()) }

  /// A figure of a class, within two deviations.
  private mutating func drawn(_ figure: GlyphGeometry.Class.Normal) -> Double {
    figure.mean + figure.deviation * spread * max(-2, min(2, normal()))
  }

  private mutating func character(_ text: String, _ scale: Double) -> PlacedInk? {
    let figures = text == "·" ? GlyphGeometry.raisedDot : GlyphGeometry.classes[text]
    guard let figures else { return nil }
    let middle = scale * drawn(figures.middle)
    if text == "." || text == "·" {
      let dot = parts.dot(by: writer, at: .zero, &random)
      return PlacedInk(text, dot).mapped { scale * $0 + Point(0, middle) }
    }
    guard let strokes = parts.character(text, by: writer, &random),
      let box = Box(around: strokes)
    else { return nil }
    // A writer's own proportions, as far as such characters have them.
    let own = log((box.width + 0.01) / (box.height + 0.01))
    let usual = figures.width.mean - figures.height.mean
    let slack = 1.5 * (figures.width.deviation + figures.height.deviation)
    let aspect = exp(max(usual - slack, min(usual + slack, own)))
    let isFlat = figures.height.mean < figures.width.mean
    // A colon is a ÷ that is not as high.
    let isColon = text == "÷" && box.width < 0.4 * box.height
    let size = isColon ? scale * random.number(0.5..<0.8) : scale
    let long = size * max(0.05, exp(drawn(isFlat ? figures.width : figures.height)) - 0.1)
    let (width, height) = isFlat ? (long, long / aspect) : (long * aspect, long)
    let place = Box(around: [Point(0, middle - height / 2), Point(width, middle + height / 2)])
    return PlacedInk(text, WritersParts.fitted(strokes, into: place))
  }

  private mutating func row(_ parts: [Layout], _ scale: Double) -> PlacedInk? {
    var ink = PlacedInk()
    var right = 0.0
    for (place, part) in parts.enumerated() {
      guard let next = write(part, scale: scale) else { return nil }
      let isDigit = part.isDigit && place > 0 && parts[place - 1].isDigit
      let isTight = part.isPoint || place > 0 && parts[place - 1].isPoint
      let gap =
        isTight
        ? random.number(0.08..<0.2)
        : isDigit ? random.number(0.1..<0.35) : random.number(0.15..<0.6)
      let left = place == 0 ? 0 : right + scale * gap
      let moved = next.moved(by: Point(left - next.box.lower.x, 0))
      right = max(right, moved.box.upper.x)
      ink.add(moved)
    }
    return ink
  }

  private mutating func parentheses(_ inside: Layout, _ scale: Double) -> PlacedInk? {
    guard let inner = write(inside, scale: scale), var open = character("(", scale),
      var close = character(")", scale)
    else { return nil }
    // They are as high as what they hold.
    let taller = inner.box.height * random.number(0.95..<1.2) / max(open.box.height, 0.01)
    if taller > 1 {
      let middle = inner.box.center.y
      func stretched(_ ink: PlacedInk) -> PlacedInk {
        let center = ink.box.center
        return ink.mapped { Point($0.x, middle + taller * ($0.y - center.y)) }
      }
      (open, close) = (stretched(open), stretched(close))
    }
    var ink = open
    let gap = scale * random.number(0.05..<0.3)
    ink.add(inner.moved(by: Point(open.box.upper.x + gap - inner.box.lower.x, 0)))
    let behind = scale * random.number(0.05..<0.3)
    let right = ink.box.upper.x
    ink.add(close.moved(by: Point(right + behind - close.box.lower.x, 0)))
    return ink
  }

  private mutating func fraction(
    _ above: Layout, _ below: Layout, _ scale: Double, size: Double
  ) -> PlacedInk? {
    guard let top = write(above, scale: size), let bottom = write(below, scale: size),
      let minus = character("-", scale)
    else { return nil }
    let wider = scale * random.number(0.05..<0.5)
    let width = max(top.box.width, bottom.box.width) + wider
    let long = width / max(minus.box.width, 0.01)
    // A long bar is not as much thicker as it is longer.
    let bar = minus.mapped { Point(long * $0.x, $0.y) }
    var ink = PlacedInk()
    func centered(_ ink: PlacedInk, _ y: Double, _ aside: Double) -> PlacedInk {
      ink.moved(by: Point(bar.box.center.x + aside - ink.box.center.x, y))
    }
    let aside = (random.number(-0.3..<0.3) * wider, random.number(-0.3..<0.3) * wider)
    let gaps = (scale * random.number(0.08..<0.35), scale * random.number(0.08..<0.35))
    ink.add(centered(top, bar.box.lower.y - gaps.0 - top.box.upper.y, aside.0))
    ink.add(bar)
    ink.add(centered(bottom, bar.box.upper.y + gaps.1 - bottom.box.lower.y, aside.1))
    return ink.moved(by: Point(-ink.box.lower.x, 0))
  }

  private mutating func power(
    _ base: Layout, _ exponent: Layout, _ scale: Double
  ) -> PlacedInk? {
    let size = scale * max(0.35, min(0.8, 0.54 * exp(0.25 * spread * normal())))
    guard var ink = write(base, scale: scale), let raised = write(exponent, scale: size)
    else { return nil }
    let gap = scale * random.number(0.02..<0.2)
    let middle = ink.box.lower.y - scale * (0.08 + 0.15 * spread * max(-1.5, min(1.5, normal())))
    ink.add(raised.moved(by: Point(ink.box.upper.x + gap - raised.box.lower.x, middle)))
    return ink
  }

  private mutating func root(_ inside: Layout, _ index: Layout?, _ scale: Double) -> PlacedInk? {
    guard let inner = write(inside, scale: scale),
      let sign = parts.character("√", by: writer, &random), let box = Box(around: sign),
      box.width > 0
    else { return nil }
    // Where the sign's line begins, as a share of its width: the highest of its left part.
    let peak = sign.flatMap(\.points).filter { $0.x < box.center.x }.min { $0.y < $1.y }
    let hook = max(0.1, min(0.5, ((peak?.x ?? box.center.x) - box.lower.x) / box.width))
    let room = inner.box.width + scale * random.number(0.1..<0.4)
    let left = max(0.3 * scale, min(scale, room * hook / (1 - hook)))
    let lower = Point(0, inner.box.lower.y - scale * random.number(0.1..<0.3))
    let upper = Point(left + room, inner.box.upper.y + scale * random.number(-0.1..<0.15))
    var ink = PlacedInk("√", WritersParts.fitted(sign, into: Box(around: [lower, upper])))
    if let index {
      guard let small = write(index, scale: 0.4 * scale) else { return nil }
      let corner = Point(
        0.5 * left - small.box.upper.x, inner.box.center.y - 0.1 * scale - small.box.upper.y)
      ink.add(small.moved(by: corner))
    }
    ink.add(inner.moved(by: Point(left + 0.06 * scale - inner.box.lower.x, 0)))
    return ink.moved(by: Point(-ink.box.lower.x, 0))
  }

  private mutating func mixed(_ whole: Layout, _ part: Layout, _ scale: Double) -> PlacedInk? {
    guard case .fraction(let above, let below) = part, var ink = write(whole, scale: scale),
      let small = fraction(above, below, 0.7 * scale, size: scale * random.number(0.4..<0.65))
    else { return nil }
    let gap = scale * random.number(0.08..<0.3)
    ink.add(small.moved(by: Point(ink.box.upper.x + gap - small.box.lower.x, 0)))
    return ink
  }
}

extension Layout {
  /// Whether it is a digit, or ends and begins with one.
  fileprivate var isDigit: Bool {
    switch self {
    case .character(let text): text.first?.isNumber ?? false
    case .row(let parts): parts.allSatisfy(\.isDigit)
    default: false
    }
  }

  /// Whether it is a mark that stands close to its neighbours.
  fileprivate var isPoint: Bool {
    if case .character(let text) = self { [".", ",", "!", "%"].contains(text) } else { false }
  }
}
