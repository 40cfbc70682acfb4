extension Lattice {
  /// The strokes from left to right, such that those of one character are neighbours.
  ///
  /// Strokes are put together in pairs, the closest first, and two sets of strokes stand in the order
  /// of their boxes' middles: single linkage (Kruskal's algorithm) on the affinity below. Time and the
  /// order of the input play no part. Each stroke is compared with the next 24 by its middle.
  public static func order(_ strokes: [Stroke]) -> [Int] {
    let boxes = normalisedBoxes(strokes)
    let ranked = strokes.indices.sorted { precedes($0, $1, strokes, boxes) }
    var pairs: [(affinity: Double, one: Int, other: Int)] = []
    for one in ranked.indices {
      for other in one + 1..<min(one + 25, ranked.count) {
        pairs.append((affinity(boxes[ranked[one]], boxes[ranked[other]]), one, other))
      }
    }
    pairs.sort { ($1.affinity, $0.one, $0.other) < ($0.affinity, $1.one, $1.other) }
    var rows = Rows(ranked.map { boxes[$0] })
    for pair in pairs { rows.join(pair.one, pair.other) }
    return rows.all().map { ranked[$0] }
  }

  /// How much two strokes look like parts of one character.
  ///
  /// That is the overlap along x relative to the narrower (a dot counts as 0.1 wide), less the gaps
  /// along x and y, in writing sizes.
  private static func affinity(_ one: Box, _ other: Box) -> Double {
    let overlap = one.overlapX(other)
    let share = overlap > 0 ? overlap / max(0.1, min(one.width, other.width)) : overlap
    return share + min(0, one.overlapY(other))
  }

  /// Boxes relative to the writing's size and corner, rounded to a millionth: equal distances stay
  /// equal when the ink is scaled or shifted.
  static func normalisedBoxes(_ strokes: [Stroke]) -> [Box] {
    guard let whole = Box(around: strokes) else { return [] }
    let size = writingSize(strokes)
    func normalised(_ point: Point) -> Point {
      (((point - whole.lower) / size) * 0x1p20).rounded(.toNearestOrEven) * 0x1p-20
    }
    return strokes.map {
      Box(lower: normalised($0.box.lower), upper: normalised($0.box.upper))
    }
  }

  private static func precedes(_ one: Int, _ other: Int, _ strokes: [Stroke], _ boxes: [Box])
    -> Bool
  {
    let (a, b) = (boxes[one], boxes[other])
    let (left, right) = (
      (a.center.x, a.center.y, a.lower.x, a.lower.y, a.upper.x, a.upper.y),
      (b.center.x, b.center.y, b.lower.x, b.lower.y, b.upper.x, b.upper.y)
    )
    if left != right { return left < right }
    // The same box: the points decide, never the place in the input.
    return strokes[one].points.lexicographicallyPrecedes(strokes[other].points) {
      ($0.x, $0.y) < ($1.x, $1.y)
    }
  }
}

/// Rows of things that are joined end to end, the one with the lesser middle first.
private struct Rows {
  private var sets: DisjointSets
  private var boxes: [Box]
  /// First and last thing of each row, under its root; and what follows each thing.
  private var heads: [Int]
  private var tails: [Int]
  private var next: [Int?]

  init(_ boxes: [Box]) {
    self.boxes = boxes
    sets = DisjointSets(boxes.count)
    heads = Array(boxes.indices)
    tails = heads
    next = [Int?](repeating: nil, count: boxes.count)
  }

  mutating func join(_ one: Int, _ other: Int) {
    var (left, right) = (sets.root(one), sets.root(other))
    guard left != right else { return }
    let (a, b) = (boxes[left].center, boxes[right].center)
    if (b.x, b.y, heads[right]) < (a.x, a.y, heads[left]) { swap(&left, &right) }
    let (head, tail, box) = (heads[left], tails[right], boxes[left].union(boxes[right]))
    next[tails[left]] = heads[right]
    sets.join(left, right)
    let root = sets.root(left)
    (heads[root], tails[root], boxes[root]) = (head, tail, box)
  }

  /// All things in order, once they are one row.
  mutating func all() -> [Int] {
    guard !heads.isEmpty else { return [] }
    return Array(sequence(first: heads[sets.root(0)]) { [next] in next[$0] })
  }
}
