import Ink
import NeuralNet

/// Characters that are rare in labelled ink, put together from common ones of the same hand.
///
/// `%` is a slash and two small rings, `÷` a bar between two dots or two dots alone, `!` an upright stroke
/// over a dot; dots are dots, rings or ticks. What is struck out, and what lies over something else, is no
/// character.
extension InkCollection {
  /// How many of each are made.
  private static let count = 400

  /// Adds them, decided by the seed, where the ink has what they are made of.
  public mutating func compose(seed: UInt64) {
    let parts = Parts(symbols)
    guard !parts.writers.isEmpty else { return }
    var random = RandomNumbers(seed, 0x5c)
    for makes in [
      Parts.percent, Parts.divide, Parts.colon, Parts.factorial, Parts.struck, Parts.pile,
    ] {
      for _ in 0..<Self.count {
        let writer = parts.writers[random.index(below: parts.writers.count)]
        if let symbol = makes(parts)(writer, &random) { symbols.append(symbol) }
      }
    }
  }
}

/// The symbols of each writer, by class.
private struct Parts {
  var writers: [String] = []
  private var strokes: [String: [Int: [[Stroke]]]] = [:]

  private static let one = Characters.index(of: "1")
  private static let dash = Characters.index(of: "-")
  private static let dot = Characters.index(of: ".")
  private static let ring = Characters.index(of: "0")

  init(_ symbols: [InkSymbol]) {
    for symbol in symbols where symbol.label < Characters.none {
      if strokes[symbol.writer] == nil { writers.append(symbol.writer) }
      strokes[symbol.writer, default: [:]][symbol.label, default: []].append(symbol.strokes)
    }
  }

  /// One of a class by a writer, in a box.
  private func part(
    _ label: Int, by writer: String, _ box: Box, _ random: inout RandomNumbers, slant: Double = 0
  ) -> [Stroke]? {
    guard let all = strokes[writer]?[label], let own = Box(around: all[0]) else { return nil }
    let chosen = all[random.index(below: all.count)]
    let from = Box(around: chosen) ?? own
    let scale = Point(
      from.width > 0 ? box.width / from.width : 0, from.height > 0 ? box.height / from.height : 0)
    return chosen.map { stroke in
      Stroke(
        stroke.points.map { point in
          var place = (point - from.center) * scale + box.center
          place.x -= slant * (place.y - box.center.y)
          return place
        })
    }
  }

  /// A dot of some size: a point, a ring or a tick.
  private func dot(by writer: String, at place: Point, _ random: inout RandomNumbers) -> [Stroke] {
    let kind = random.uniform()
    let side = 0.02 + 0.1 * Double(random.uniform())
    if kind < 0.3 {
      let ring = Box(around: [place - 0.8 * side - 0.03, place + 0.8 * side + 0.03])
      if let strokes = part(Self.ring, by: writer, ring, &random) { return strokes }
    } else if kind < 0.5 {
      let tick = Point(Double(random.spread(0.1)), 0.06 + side)
      return [Stroke([place - tick, place + tick])]
    }
    let box = Box(around: [place - side / 2, place + side / 2])
    return part(Self.dot, by: writer, box, &random) ?? [Stroke([place])]
  }

  private func symbol(_ text: String?, _ strokes: [Stroke], _ writer: String) -> InkSymbol {
    InkSymbol(
      label: text.map(Characters.index) ?? Characters.none, strokes: strokes, writingSize: 1,
      writer: writer)
  }

  func percent(_ writer: String, _ random: inout RandomNumbers) -> InkSymbol? {
    let wide = 0.25 + 0.25 * Double(random.uniform())
    let slash = Box(around: [Point(-0.06, -0.5), Point(0.06, 0.5)])
    let side = 0.14 + 0.08 * Double(random.uniform())
    func ring(_ x: Double, _ y: Double) -> Box {
      Box(around: [Point(x, y) - side, Point(x, y) + side])
    }
    guard let line = part(Self.one, by: writer, slash, &random, slant: 0.7 * wide + 0.2),
      line.count == 1,
      let top = part(
        Self.ring, by: writer, ring(-wide, -0.25 + 0.1 * Double(random.spread(1))), &random),
      let bottom = part(
        Self.ring, by: writer, ring(wide, 0.25 + 0.1 * Double(random.spread(1))), &random)
    else { return nil }
    return symbol("%", line + top + bottom, writer)
  }

  func divide(_ writer: String, _ random: inout RandomNumbers) -> InkSymbol? {
    let half = 0.3 + 0.3 * Double(random.uniform())
    let tilt = 0.05 * Double(random.spread(1))
    guard
      let bar = part(
        Self.dash, by: writer, Box(around: [Point(-half, -tilt), Point(half, tilt)]), &random)
    else { return nil }
    let gap = 0.18 + 0.3 * Double(random.uniform())
    func place(_ down: Double) -> Point {
      Point(0.15 * Double(random.spread(1)), down * gap * (1 + 0.2 * Double(random.spread(1))))
    }
    let (top, bottom) = (place(-1), place(1))
    return symbol(
      "÷", bar + dot(by: writer, at: top, &random) + dot(by: writer, at: bottom, &random), writer)
  }

  func colon(_ writer: String, _ random: inout RandomNumbers) -> InkSymbol? {
    let gap = 0.2 + 0.25 * Double(random.uniform())
    let lean = 0.1 * Double(random.spread(1))
    let dots =
      dot(by: writer, at: Point(lean, -gap), &random)
      + dot(by: writer, at: Point(-lean, gap), &random)
    return symbol("÷", dots, writer)
  }

  func factorial(_ writer: String, _ random: inout RandomNumbers) -> InkSymbol? {
    let stem = Box(around: [Point(-0.03, -0.5), Point(0.03, 0.2)])
    guard let line = part(Self.one, by: writer, stem, &random), line.count == 1 else { return nil }
    let down = 0.3 + 0.2 * Double(random.uniform())
    return symbol(
      "!", line + dot(by: writer, at: Point(0.08 * Double(random.spread(1)), down), &random), writer
    )
  }

  /// A digit with a line through it; not through those that some people write with one.
  func struck(_ writer: String, _ random: inout RandomNumbers) -> InkSymbol? {
    let digits = ["2", "3", "5", "6", "8", "9"]
    let label = Characters.index(of: digits[random.index(below: digits.count)])
    let box = Box(around: [Point(-0.35, -0.5), Point(0.35, 0.5)])
    guard let digit = part(label, by: writer, box, &random) else { return nil }
    let slope = Double(random.spread(0.5))
    let lines = (0..<1 + random.index(below: 3)).map { _ in
      let down = 0.25 * Double(random.spread(1))
      return Stroke([Point(-0.6, down - slope), Point(0, down), Point(0.6, down + slope)])
    }
    return symbol(nil, digit + lines, writer)
  }

  /// Two digits over each other.
  func pile(_ writer: String, _ random: inout RandomNumbers) -> InkSymbol? {
    let one = random.index(below: 10)
    let other = (one + 1 + random.index(below: 9)) % 10
    let move = Point(Double(random.spread(0.25)), Double(random.spread(0.25)))
    let box = Box(around: [Point(-0.35, -0.5), Point(0.35, 0.5)])
    guard let below = part(one, by: writer, box, &random),
      let above = part(
        other, by: writer, Box(around: [box.lower + move, box.upper + move]), &random)
    else { return nil }
    return symbol(nil, below + above, writer)
  }
}
