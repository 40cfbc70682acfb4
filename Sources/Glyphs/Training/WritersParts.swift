import Ink
import NeuralNet

/// The characters of each writer by class, to put others together from.
struct WritersParts {
  /// The writers, in the order in which they come.
  private(set) var writers: [String] = []
  private var strokes: [String: [Int: [[Stroke]]]] = [:]

  private static let dot = Characters.index(of: ".")
  private static let ring = Characters.index(of: "0")

  init(_ symbols: [InkSymbol]) {
    for symbol in symbols where symbol.origin == .written {
      if strokes[symbol.writer] == nil { writers.append(symbol.writer) }
      strokes[symbol.writer, default: [:]][symbol.label, default: []].append(symbol.strokes)
    }
  }

  /// The classes that a writer has.
  func classes(of writer: String) -> [Int] { (strokes[writer] ?? [:]).keys.sorted() }

  /// One of a class by a writer, stretched to fill a box; nil where the writer has none.
  func part(
    _ label: Int, by writer: String, in box: Box, _ random: inout RandomNumbers, slant: Double = 0
  ) -> [Stroke]? {
    guard let all = strokes[writer]?[label] else { return nil }
    let chosen = all[random.index(below: all.count)]
    guard let from = Box(around: chosen) else { return nil }
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
  func dot(by writer: String, at place: Point, _ random: inout RandomNumbers) -> [Stroke] {
    let kind = random.uniform()
    let side = 0.02 + 0.1 * Double(random.uniform())
    if kind < 0.3 {
      let ring = Box(around: [place - 0.8 * side - 0.03, place + 0.8 * side + 0.03])
      if let strokes = part(Self.ring, by: writer, in: ring, &random) { return strokes }
    } else if kind < 0.5 {
      let tick = Point(Double(random.spread(0.1)), 0.06 + side)
      return [Stroke([place - tick, place + tick])]
    }
    let box = Box(around: [place - side / 2, place + side / 2])
    return part(Self.dot, by: writer, in: box, &random) ?? [Stroke([place])]
  }
}

/// Puts a symbol together from those of a writer; nil where the writer lacks a part.
typealias SymbolMaking = (
  _ parts: WritersParts, _ writer: String, _ random: inout RandomNumbers
) -> InkSymbol?

extension RandomNumbers {
  /// Uniform in a range.
  mutating func number(_ range: Range<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * Double(uniform())
  }
}
