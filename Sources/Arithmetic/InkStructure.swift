import Alphabet

/// What spans other strokes: a fraction bar with what stands over and under it, or a root with its inside.
struct InkStructure {
  enum Kind {
    /// Over the bar, and under it.
    case fraction(above: [Int], below: [Int])
    /// Under the roof, and before the sign, which is empty for a square root.
    case root(inside: [Int], index: [Int])
  }

  let kind: Kind
  /// The candidate that is the bar, or the sign of the root.
  let sign: Int
  /// All strokes, those of the sign among them, ascending.
  let strokes: [Int]
}

/// Sizes are those of structure in CROHME's training ink, of 5,870 numerators and denominators and 5,654
/// symbols under roots: 98 % of them are within.
extension InkPage {
  /// The widest gap between a bar and what stands over or under it, in writing sizes: the longer the bar,
  /// the wider.
  private static func barGap(_ width: Double) -> Double { min(0.5 + 0.25 * width, 1.3) }
  /// The gap over or under which another line stands, in writing sizes.
  private static let lineGap = 0.7
  /// How far the middles of strokes may be beyond the ends of a bar or a roof, in writing sizes.
  private static let overhang = 0.25
  /// What a candidate must be taken for at least to be a bar or a root.
  private static let leastProbability = 0.01
  /// The same of a root: what is taken for one spans much.
  private static let leastOfRoot = 0.05

  /// The structures of a row that are in no other, each in its rival forms, the widest first.
  func structures(of row: [Int]) -> [[InkStructure]] {
    guard row.count <= StrokeCover.reach else { return [] }
    let inRow = Set(row)
    let signs = symbols.indices.filter { index in
      members[index].allSatisfy(inRow.contains) && (mayBeBar(index) || mayBeRoot(index))
    }.sorted { (symbols[$1].box.width, $0) < (symbols[$0].box.width, $1) }
    var found: [[InkStructure]] = []
    for sign in signs {
      let own = Set(members[sign])
      // What is within a wider one is found when that is read.
      let isInner = found.contains { forms in
        forms.contains { !own.isDisjoint(with: $0.strokes) }
      }
      guard !isInner else { continue }
      let rest = row.filter { !own.contains($0) }
      let forms =
        mayBeRoot(sign) ? roots(sign, over: rest) : fraction(sign, between: rest).map { [$0] } ?? []
      if !forms.isEmpty { found.append(forms) }
    }
    return found
  }

  private func mayBeBar(_ symbol: Int) -> Bool {
    let box = symbols[symbol].box
    return members[symbol].count == 1 && box.width >= 0.4 * size
      && box.isFlat && probability("-", of: symbol) >= Self.leastProbability
  }

  private func mayBeRoot(_ symbol: Int) -> Bool {
    probability("√", of: symbol) >= Self.leastOfRoot && !swallows("√", symbol)
  }

  /// Whether a candidate is this character without one of its strokes too, which then is none of its own.
  func swallows(_ text: String, _ symbol: Int) -> Bool {
    guard members[symbol].count > 1 else { return false }
    let own = Set(members[symbol])
    return symbols.indices.contains {
      members[$0].count < own.count && own.isSuperset(of: members[$0])
        && probability(text, of: $0) > 0.3
    }
  }

  private func fraction(_ sign: Int, between rest: [Int]) -> InkStructure? {
    let bar = symbols[sign].box
    let margin = Self.overhang * size
    var (above, below): ([Int], [Int]) = ([], [])
    for stroke in rest {
      let box = boxes[stroke]
      guard (bar.x0 - margin...bar.x1 + margin).contains(box.center) else { continue }
      let (up, down) = (bar.middle - box.y0, box.y1 - bar.middle)
      // What crosses it makes it a part of a + or a 4.
      if min(up, down) > 0.3 * box.height, box.height > 0.3 * size { return nil }
      if up > down { above.append(stroke) } else { below.append(stroke) }
    }
    above = near(above) { (bar.y0 - $0.y1, bar.y0 - $0.y0) }
    below = near(below) { ($0.y0 - bar.y1, $0.y1 - bar.y1) }
    // The other stroke of a = is no numerator.
    guard !above.allSatisfy({ boxes[$0].isFlat }), !below.allSatisfy({ boxes[$0].isFlat }) else {
      return nil
    }
    guard let top = above.map({ boxes[$0].y1 }).max(),
      let bottom = below.map({ boxes[$0].y0 }).min(),
      max(bar.y0 - top, bottom - bar.y1) <= Self.barGap(bar.width / size) * size
    else { return nil }
    return InkStructure(
      kind: .fraction(above: above, below: below), sign: sign,
      strokes: (above + below + members[sign]).sorted())
  }

  /// Strokes up to the first gap that is one between lines, by how near and how far from a bar a box is.
  private func near(
    _ strokes: [Int], _ distance: (Box) -> (near: Double, far: Double)
  ) -> [Int] {
    var kept: [Int] = []
    var reach = 0.0
    let measured = strokes.map { (stroke: $0, distance: distance(boxes[$0])) }
    for one in measured.sorted(by: {
      ($0.distance.near, $0.stroke) < ($1.distance.near, $1.stroke)
    }) {
      if !kept.isEmpty, one.distance.near - reach > Self.lineGap * size { break }
      kept.append(one.stroke)
      reach = max(reach, one.distance.far)
    }
    return kept.sorted()
  }

  private func roots(_ sign: Int, over rest: [Int]) -> [InkStructure] {
    let box = symbols[sign].box
    let index = rest.filter { isIndex(boxes[$0], of: box) }
    var inside: Set<Int> = []
    var roofs = [box]
    // What stands under the roof of an inner root is inside the outer one, whose roof may be too short.
    while let roof = roofs.popLast() {
      for stroke in rest where !inside.contains(stroke) && isUnder(stroke, roof) {
        inside.insert(stroke)
        if isSign(stroke) { roofs.append(boxes[stroke]) }
      }
    }
    inside.subtract(index)
    guard !inside.isEmpty else { return [] }
    return (index.isEmpty ? [[]] : [index, []]).map { index in
      InkStructure(
        kind: .root(inside: inside.sorted(), index: index), sign: sign,
        strokes: (inside + index + members[sign]).sorted())
    }
  }

  private func isIndex(_ box: Box, of sign: Box) -> Bool {
    let right = (box.center - sign.x0) / sign.height
    let down = (box.middle - sign.y0) / sign.height
    return right < 0.3 && right > -0.25 && down < 0.66 && down > -0.3
      && box.y1 - sign.y0 < 0.75 * sign.height
  }

  /// Whether a stroke by itself is the sign of a root.
  private func isSign(_ stroke: Int) -> Bool {
    alone[stroke].map { probability("√", of: $0) > 0.3 } ?? false
  }

  private func isUnder(_ stroke: Int, _ roof: Box) -> Bool {
    let box = boxes[stroke]
    let reaches = isSign(stroke) ? box.x0 + 0.1 * size : box.entry - 0.1 * size
    return (box.center - roof.x0) / roof.height > 0.3 && reaches <= roof.x1
      && (0.1...1.4).contains((box.middle - roof.y0) / roof.height)
  }
}
