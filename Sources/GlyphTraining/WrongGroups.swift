import Ink

/// Groupings of a drawing's strokes that nobody meant: what the lattice offers and must be refused.
enum WrongGroups {
  /// The most strokes of a run.
  static let longest = 4

  /// Runs of strokes, neighbours from left to right, that are not among the true groups.
  ///
  /// Left out is what could still be read as a character: a stroke of a larger character that is
  /// nearly straight (the bar of ÷, a stroke of + or =) or a dot, a 5 or 7 without its bar, and a run
  /// that holds a character whole with nothing else but dots.
  static func find(
    _ strokes: [Stroke], _ groups: [(label: Int, members: Set<Int>)], writingSize: Double
  ) -> [[Int]] {
    let order = strokes.indices.sorted {
      let (one, other) = (strokes[$0].box.center.x, strokes[$1].box.center.x)
      return one != other ? one < other : $0 < $1
    }
    let truths = Set(groups.map(\.members))
    let grouped = groups.reduce(into: Set<Int>()) { $0.formUnion($1.members) }
    var wrong: [[Int]] = []
    for first in order.indices {
      for last in first..<min(order.count, first + longest) {
        let run = Set(order[first...last])
        guard !truths.contains(run), run.isSubset(of: grouped) else { continue }
        if run.count == 1, let only = run.first {
          let parent = groups.first { $0.members.contains(only) }?.label
          if looksLikeCharacter(strokes[only], parent, writingSize) { continue }
        }
        let inked = run.filter { strokes[$0].size >= 0.2 * writingSize }
        if inked.isEmpty || truths.contains(Set(inked)) { continue }
        wrong.append(run.sorted())
      }
    }
    return wrong
  }

  private static func looksLikeCharacter(
    _ stroke: Stroke, _ parent: Int?, _ writingSize: Double
  ) -> Bool {
    if stroke.size < 0.2 * writingSize || parent == 5 || parent == 7 { return true }
    var length = 0.0
    for (one, other) in zip(stroke.points, stroke.points.dropFirst()) {
      let step = other - one
      length += (step * step).sum().squareRoot()
    }
    guard let first = stroke.points.first, let last = stroke.points.last else { return true }
    let chord = last - first
    return (chord * chord).sum().squareRoot() > 0.85 * length
  }
}
