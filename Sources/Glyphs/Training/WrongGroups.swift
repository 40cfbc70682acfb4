import Ink

/// Wrong groupings of a drawing's strokes: candidates of the lattice that are no character.
enum WrongGroups {
  /// Characters whose long stroke alone could still be read as they are: a 5 or 7 without its
  /// bar, a root without its roof.
  private static let twoStroke = Set<Int?>(["5", "7", "√"].map(Characters.index(of:)))

  /// The candidates of the lattice that are not among the true groups, as indices of strokes.
  ///
  /// Left out is what could still be read as a character: a stroke of a larger character that is
  /// nearly straight (the bar of ÷, a stroke of + or =) or a dot, a 5 or 7 without its bar, a part of a
  /// foreign symbol (≠ without its slash), two dashes one over the other, and a character whole with
  /// nothing else but dots.
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
        if looksLikeCharacter(strokes[candidate[0]], parent, writingSize) { return false }
      }
      // A part of a letter may be a digit to see.
      let isPartOfForeign = groups.contains {
        $0.label == Characters.none && members.isSubset(of: $0.members)
      }
      if isPartOfForeign { return false }
      if candidate.count == 2, candidate.allSatisfy({ isFlat(strokes[$0].box) }) { return false }
      let inked = members.filter { strokes[$0].size >= 0.2 * writingSize }
      return !inked.isEmpty && !truths.contains(inked)
    }
  }

  private static func isFlat(_ box: Box) -> Bool { box.height < 0.35 * box.width }

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
