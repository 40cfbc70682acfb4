import Ink

/// Strokes with what they are, about a line of writing: y is 0 in its middle, and x begins at 0.
struct PlacedInk {
  private(set) var strokes: [Stroke] = []
  /// The characters, each with its strokes.
  private(set) var symbols: [(label: String, strokes: Range<Int>)] = []

  /// No ink.
  init() {}

  /// A character.
  init(_ label: String, _ strokes: [Stroke]) {
    self.strokes = strokes
    symbols = [(label, strokes.indices)]
  }

  /// The box around it; a point at 0 of no ink.
  var box: Box { Box(around: strokes) ?? Box(lower: .zero, upper: .zero) }

  /// The same elsewhere.
  func moved(by way: Point) -> PlacedInk {
    mapped { $0 + way }
  }

  /// The same with other points.
  func mapped(_ change: (Point) -> Point) -> PlacedInk {
    var other = self
    other.strokes = strokes.map { Stroke($0.points.map(change)) }
    return other
  }

  /// Adds ink behind this, in the order of writing.
  mutating func add(_ other: PlacedInk) {
    let start = strokes.count
    strokes += other.strokes
    symbols += other.symbols.map { label, range in
      (label, range.lowerBound + start..<range.upperBound + start)
    }
  }
}
