import Ink

/// Wrong groupings of a drawing's strokes: candidates of the lattice that are no character.
enum WrongGroups {
  /// Characters whose long stroke alone could still be read as they are: a 5 or 7 without its bar.
  private static let twoStroke: Set<Int?> = [Characters.index(of: "5"), Characters.index(of: "7")]

  /// The candidates of the lattice that are not among the true groups, as indices of strokes.
  ///
  /// Left out is what could still be read as a character: a stroke of a larger character that is
  /// nearly straight (the bar of ÷, a stroke of + or =) or a dot, a 5 or 7 without its bar, and a
  /// character whole with nothing else but dots.
  static func find(
    _ strokes: [Stroke], _ groups: [(label: Int, members: Set<Int>)], writingSize: Double
  ) -> [[Int]] {
    let truths = Set(groups.map(\.members))
    let grouped = groups.reduce(into: Set<Int>()) { $0.formUnion($1.members) }
    return Lattice.groups(strokes).map(\.strokes).filter { candidate in
      let members = Set(candidate)
      guard !truths.contains(members), members.isSubset(of: grouped) else { return false }
      if candidate.count == 1 {
        let parent = groups.first { $0.members.contains(candidate[0]) }?.label
        // A piece of a letter may be a digit to see.
        if parent == Characters.none { return false }
        if looksLikeCharacter(strokes[candidate[0]], parent, writingSize) { return false }
      }
      let inked = members.filter { strokes[$0].size >= 0.2 * writingSize }
      return !inked.isEmpty && !truths.contains(inked)
    }
  }

  private static func looksLikeCharacter(
    _ stroke: Stroke, _ parent: Int?, _ writingSize: Double
  ) -> Bool {
    if stroke.size < 0.2 * writingSize || twoStroke.contains(parent) { return true }
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
