import Alphabet

/// The strokes of a drawing as a reader of rows sees them: boxes, and the candidates that hold each.
///
/// Strokes are numbered from left to right here, whatever their numbers in the drawing.
struct InkPage {
  typealias Box = LatticeSymbol.Box

  /// The candidates.
  let symbols: [LatticeSymbol]
  /// Of each candidate its strokes, ascending.
  let members: [[Int]]
  /// Of each stroke its box.
  let boxes: [Box]
  /// Of each stroke the candidate that is this stroke alone, where there is one.
  let alone: [Int?]
  /// The size of the writing: the 0.7 quantile of the strokes' sizes, dots and long lines left out.
  let size: Double

  init(_ symbols: [LatticeSymbol]) {
    self.symbols = symbols
    var found: [Int: Box] = [:]
    for symbol in symbols {
      for stroke in symbol.strokes {
        // The smallest candidate tells most closely where a stroke is.
        if let box = found[stroke], symbol.strokes.count > 1,
          box.width + box.height <= symbol.box.width + symbol.box.height
        {
          continue
        }
        found[stroke] = symbol.box
      }
    }
    let order = found.keys.sorted { one, other in
      let (a, b) = (found[one, default: .nowhere], found[other, default: .nowhere])
      return (a.entry, a.middle, one) < (b.entry, b.middle, other)
    }
    let places = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
    boxes = order.compactMap { found[$0] }
    members = symbols.map { symbol in symbol.strokes.compactMap { places[$0] }.sorted() }
    var alone = [Int?](repeating: nil, count: order.count)
    for (index, members) in members.enumerated() where members.count == 1 {
      alone[members[0]] = index
    }
    self.alone = alone
    size = Self.size(boxes)
  }

  private static func size(_ boxes: [Box]) -> Double {
    let sizes = boxes.map { max($0.width, $0.height) }.sorted()
    guard let largest = sizes.last, largest > 0 else { return 1 }
    let usual = sizes[sizes.count * 3 / 4]
    let lines = sizes.drop { $0 < 0.2 * usual }
    return lines[lines.startIndex + (lines.count - 1) * 7 / 10]
  }

  /// The box around some strokes; there must be one at least.
  func box(_ strokes: some Collection<Int>) -> Box {
    strokes.dropFirst().reduce(boxes[strokes.first ?? 0]) { $0.union(boxes[$1]) }
  }

  /// How likely a candidate's picture is this character.
  func probability(_ text: String, of symbol: Int) -> Double {
    symbols[symbol].top.first { $0.text == text }?.probability ?? 0
  }
}

extension LatticeSymbol.Box {
  static let nowhere = Self(x0: 0, y0: 0, x1: 0, y1: 0)
  /// Where one reads it along x: nearer to its left than to its middle.
  var entry: Double { x0 + 0.25 * (x1 - x0) }
  var center: Double { (x0 + x1) / 2 }
  /// Whether it is as flat as bars of fractions are.
  var isFlat: Bool { height < 0.3 * width }

  func union(_ other: Self) -> Self {
    Self(
      x0: min(x0, other.x0), y0: min(y0, other.y0), x1: max(x1, other.x1), y1: max(y1, other.y1))
  }
}
