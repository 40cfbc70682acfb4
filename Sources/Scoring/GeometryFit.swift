import Alphabet
import Arithmetic
import Ink
import Mechanics
import Statistics
import Streams

/// Makes the table `GlyphGeometry.table` from drawings whose characters are labelled.
///
/// A line's scale and middle are found with the help of the table, and the table is what characters
/// measure on such lines, so each is made from the other until both stay. What that leaves open, the
/// unit and the zero, is set by the digits: their median height is 1, and the median of their places 0.
/// Starting from a table that knows nothing or from the present one leads to the same figures.
public struct GeometryFit {
  /// A drawing: its characters, and the boxes of candidates that are no character.
  private struct Line {
    var votes: [GlyphGeometry.Vote]
    var others: [LatticeSymbol.Box]
  }

  private var lines: [Line] = []

  /// No drawings yet.
  public init() {}

  /// Adds a drawing with "groups", as `LabelledDrawing` reads it, unless its writer is in `fold`.
  public mutating func add(_ record: JSONValue, line: Int, leavingOut fold: HoldOut?) throws {
    let drawing = try Drawing(record, line: line)
    let truth = try LabelledDrawing(record, of: drawing)
    if !(fold?.contains(truth.writer) ?? false) { add(truth, drawing.strokes) }
  }

  /// Adds a drawing of these strokes.
  mutating func add(_ truth: LabelledDrawing, _ strokes: [Stroke]) {
    let votes: [GlyphGeometry.Vote] = truth.characters.compactMap { character in
      // Characters that the decoder does not know tell nothing about the line.
      guard GlyphGeometry.classes[character.text] != nil else { return nil }
      return (LatticeSymbol.Box(character.box), character.text, 1)
    }
    let groups = Set(truth.characters.map { Set($0.strokes) })
    let labelled = groups.reduce(into: Set<Int>()) { $0.formUnion($1) }
    // Candidates of `segment` with strokes of no character could be anything.
    let others = Lattice.groups(strokes).filter {
      labelled.isSuperset(of: $0.strokes) && !groups.contains(Set($0.strokes))
    }
    lines.append(Line(votes: votes, others: others.map { LatticeSymbol.Box($0.box) }))
  }
}

extension GeometryFit {
  /// The rows of classes that occur, in the order of `GlyphGeometry.table`; none of no drawings.
  ///
  /// Throws a `GeometryError` where no digit has a height.
  public func rows() throws -> [Row] { try rows(from: GeometryFit.even) }

  /// Where the fit starts: all characters are alike.
  private static let even = GlyphGeometry.classes.mapValues { _ in
    GlyphGeometry.Class(height: (0, 1), width: (0, 1), middle: (0, 1))
  }

  /// Rounds after which the fit ends at the latest; on CROHME's expressions 12 are enough.
  private static let rounds = 100

  /// The rows, from another table to start with.
  func rows(from start: [String: GlyphGeometry.Class]) throws -> [Row] {
    guard !lines.isEmpty else { return [] }
    var classes = start
    var rows: [Row] = []
    for _ in 0..<Self.rounds {
      rows = try measured(by: classes)
      let before = classes
      for row in rows { classes[row.text] = row.figures }
      if rows.allSatisfy({ $0.distance(to: before) < 1e-6 }) { break }
    }
    return rows
  }

  /// What the characters measure on the lines that a table finds.
  private func measured(by classes: [String: GlyphGeometry.Class]) throws -> [Row] {
    let found = try anchored(lines.map { GlyphGeometry($0.votes, classes: classes) })
    var features: [String: [GlyphGeometry.Features]] = [:]
    for (line, geometry) in zip(lines, found) {
      for vote in line.votes {
        features[vote.text, default: []].append(geometry.features(of: vote.box))
      }
      features[Alphabet.none, default: []] += line.others.map { geometry.features(of: $0) }
    }
    return GlyphGeometry.table.compactMap { text, _ in
      guard let features = features[text], !features.isEmpty else { return nil }
      return Row(text, features)
    }
  }

  /// The same lines with another unit and zero: the medians of all digits' heights and places.
  private func anchored(_ found: [GlyphGeometry]) throws -> [GlyphGeometry] {
    let digits = zip(lines, found).flatMap { line, geometry in
      line.votes.filter { Self.digits.contains($0.text) }.map { vote in
        (
          height: (vote.box.y1 - vote.box.y0) / geometry.scale,
          middle: geometry.features(of: vote.box).middle
        )
      }
    }
    let unit = GlyphGeometry.median(digits.map { ($0.height, 1) })
    let zero = GlyphGeometry.median(digits.map { ($0.middle, 1) })
    guard unit > 0 else { throw GeometryError.noDigits }
    return found.map {
      GlyphGeometry(
        scale: $0.scale * unit, middle: $0.middle + $0.scale * zero, slope: $0.slope)
    }
  }

  private static let digits = Set(Alphabet.entries.filter { $0.kind == .digit }.map(\.text))
}

extension GeometryFit {
  /// What was measured of a class.
  public struct Row {
    /// The class.
    public let text: String
    /// How many characters, or candidates that are none.
    public let count: Int
    /// Means and standard deviations.
    public let figures: GlyphGeometry.Class

    /// A class of characters that measure this; there must be one at least.
    init(_ text: String, _ features: [GlyphGeometry.Features]) {
      self.text = text
      count = features.count
      figures = GlyphGeometry.Class(
        height: Self.normal(features.map(\.height)), width: Self.normal(features.map(\.width)),
        middle: Self.normal(features.map(\.middle)))
    }

    private static func normal(_ values: [Double]) -> GlyphGeometry.Class.Normal {
      (values.mean, values.populationDeviation)
    }

    /// The largest difference to the same class of a table; infinite where it has none.
    func distance(to classes: [String: GlyphGeometry.Class]) -> Double {
      guard let other = classes[text] else { return .infinity }
      return zip(figures.normals, other.normals).reduce(0) {
        max($0, abs($1.0.mean - $1.1.mean), abs($1.0.deviation - $1.1.deviation))
      }
    }
  }
}

extension GlyphGeometry.Class {
  fileprivate var normals: [Normal] { [height, width, middle] }
}

extension GeometryFit.Row {
  /// Writes `{"label","count","height":[mean,deviation],"width":[...],"middle":[...]}`, to the two
  /// decimals that the table has.
  public func write(to output: ByteWriter) {
    var json = JSONWriter(output)
    json.beginObject()
    json.key("label")
    json.value(text)
    json.key("count")
    json.value(count)
    for (key, normal) in [
      ("height", figures.height), ("width", figures.width), ("middle", figures.middle),
    ] {
      json.key(key)
      json.beginArray()
      json.value(normal.mean.shortened)
      json.value(normal.deviation.shortened)
      json.endArray()
    }
    json.endObject()
    json.endLine()
  }
}

extension Double {
  /// Two decimals; what rounds to 0 has no sign.
  fileprivate var shortened: Double { rounded(decimals: 2) + 0 }
}

/// Why no table can be made.
public enum GeometryError: Error, CustomStringConvertible {
  /// There are drawings, and no digit of any height among their characters.
  case noDigits

  /// The rule that is broken.
  public var description: String {
    "no group is labelled as a digit that has a height, and sizes are measured by that"
  }
}

extension LatticeSymbol.Box {
  fileprivate init(_ box: Box) {
    self.init(x0: box.lower.x, y0: box.lower.y, x1: box.upper.x, y1: box.upper.y)
  }
}
