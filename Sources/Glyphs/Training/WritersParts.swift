import Ink
import NeuralNet

/// The characters of each writer by class, to put others together from, and expressions.
public struct WritersParts {
  /// The writers, in the order in which they come.
  private(set) var writers: [String] = []
  private var strokes: [String: [Int: [[Stroke]]]] = [:]

  private static let dot = Characters.index(of: ".")
  private static let ring = Characters.index(of: "0")

  /// The symbols that were written; where `composedToo`, also those put together from them.
  public init(_ symbols: [InkSymbol], composedToo: Bool = false) {
    for symbol in symbols
    where symbol.origin == .written || composedToo && symbol.origin == .composed {
      if strokes[symbol.writer] == nil { writers.append(symbol.writer) }
      strokes[symbol.writer, default: [:]][symbol.label, default: []].append(symbol.strokes)
    }
  }

  /// The classes that a writer has.
  func classes(of writer: String) -> [Int] { (strokes[writer] ?? [:]).keys.sorted() }

  /// Writers who wrote sums; all where nobody did.
  public var hands: [String] {
    let signs = Set(["+", "-", "="].map(Characters.index))
    let more = writers.filter { !signs.isDisjoint(with: classes(of: $0)) }
    return more.isEmpty ? writers : more
  }

  /// A character as a writer wrote it once, or as someone else did where this one never did; nil where
  /// nobody did.
  public func character(
    _ text: String, by writer: String, _ random: inout RandomNumbers
  ) -> [Stroke]? {
    let label = Characters.index(of: text)
    if let own = written(label, by: writer, &random) { return own }
    let others = writers.filter { strokes[$0]?[label] != nil }
    guard !others.isEmpty else { return nil }
    return written(label, by: others[random.index(below: others.count)], &random)
  }

  /// Whether anybody wrote a character.
  public func hasCharacter(_ text: String) -> Bool {
    let label = Characters.index(of: text)
    return writers.contains { strokes[$0]?[label] != nil }
  }

  private func written(
    _ label: Int, by writer: String, _ random: inout RandomNumbers
  ) -> [Stroke]? {
    strokes[writer]?[label].map { $0[random.index(below: $0.count)] }
  }

  /// One of a class by a writer, stretched to fill a box; nil where the writer has none.
  func part(
    _ label: Int, by writer: String, in box: Box, _ random: inout RandomNumbers, slant: Double = 0
  ) -> [Stroke]? {
    written(label, by: writer, &random).map { Self.fitted($0, into: box, slant: slant) }
  }

  /// Strokes stretched to fill a box, and leant to the right as they rise.
  public static func fitted(_ strokes: [Stroke], into box: Box, slant: Double = 0) -> [Stroke] {
    guard let from = Box(around: strokes) else { return [] }
    let scale = Point(
      from.width > 0 ? box.width / from.width : 0, from.height > 0 ? box.height / from.height : 0)
    return strokes.map { stroke in
      Stroke(
        stroke.points.map { point in
          var place = (point - from.center) * scale + box.center
          place.x -= slant * (place.y - box.center.y)
          return place
        })
    }
  }

  /// A dot of some size, where digits are 1 high: a point, a ring or a tick.
  public func dot(
    by writer: String, at place: Point, _ random: inout RandomNumbers
  ) -> [Stroke] {
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
  public mutating func number(_ range: Range<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * Double(uniform())
  }
}
