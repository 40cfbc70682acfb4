/// The classic segmentation: strokes whose projections on the x axis overlap belong together.
public enum Projection {
  /// The share of the narrower projection above which an overlap counts.
  public static let defaultOverlap = 0.1

  /// The groups from left to right, a chain.
  ///
  /// Two strokes belong together when they overlap by more than `overlap` of the narrower one, and so
  /// does what belongs to either. A stroke without width, a point or an upright line, belongs to what
  /// it lies in or touches.
  public static func groups(_ strokes: [Stroke], overlap: Double = defaultOverlap) -> [Group] {
    var sets = DisjointSets(strokes.count)
    let byLeft = strokes.indices.sorted { strokes[$0].box.lower.x < strokes[$1].box.lower.x }
    for (place, one) in byLeft.enumerated() {
      for other in byLeft[(place + 1)...] {
        if strokes[other].box.lower.x > strokes[one].box.upper.x { break }
        if belong(strokes[one].box, strokes[other].box, overlap) { sets.join(one, other) }
      }
    }
    var members: [Int: [Int]] = [:]
    for stroke in Lattice.order(strokes) { members[sets.root(stroke), default: []].append(stroke) }
    // Groups of strokes in reading order, by the middle of their boxes, as strokes are.
    let boxed = members.values.compactMap { list in
      Box(around: list.map { strokes[$0] }).map { (box: $0, list: list) }
    }
    let chain = boxed.sorted { one, other in
      let (a, b) = (one.box.center, other.box.center)
      return (a.x, a.y, one.box.lower.x, one.box.lower.y, one.list[0])
        < (b.x, b.y, other.box.lower.x, other.box.lower.y, other.list[0])
    }
    let order = chain.flatMap(\.list)
    var first = 0
    return chain.map { group in
      defer { first += group.list.count }
      return Group(first..<first + group.list.count, of: order, strokes)
    }
  }

  static func belong(_ one: Box, _ other: Box, _ overlap: Double) -> Bool {
    let shared = one.overlapX(other)
    let narrower = min(one.width, other.width)
    return narrower > 0 ? shared > overlap * narrower : shared >= 0
  }
}

extension Group {
  /// Whether groups follow each other without gap or overlap, as a plain segmentation's do.
  public static func isChain(_ groups: [Group]) -> Bool {
    var end = 0
    for group in groups {
      guard group.first == end else { return false }
      end = group.last
    }
    return true
  }
}
