/// Segmentation into candidates: every set of neighbouring strokes that could be one character.
///
/// Neighbours are found in both dimensions, so that what stands over a bar, in an exponent or in another
/// line is found like what stands on the line. Of CROHME's training ink whose every stroke is labelled, the
/// candidates have 2,586 of 2,588 characters of linear expressions at 1.5 candidates a stroke, and
/// 1,589 of 1,592 of those with bars, powers and roots at 2.0.
public enum Lattice {
  /// The most strokes of a candidate: a ÷ of two circles for dots has been seen with five.
  static let longest = 5
  /// The widest gaps along x and y between two strokes of one character, in writing sizes.
  ///
  /// The upright of an open 4 stands apart by up to 0.19, the bars of = and the dots of ÷ by 0.6.
  static let pairGap = Point(0.25, 0.6)
  /// The same in candidates of three strokes and more.
  static let runGap = Point(0.1, 0.45)
  /// The largest side of a candidate of two strokes or more, in writing sizes.
  static let largest = 2.5
  /// The most candidates of two strokes and more that have the same first stroke, in drawings of up to
  /// `usual` strokes and in larger ones: nonsense has no end of them.
  static let mostOfOne = (usual: 24, large: 4)
  /// The most strokes of what people draw.
  static let usual = 256

  /// All candidates, by first position, then by last; each single stroke is one, so that there is
  /// always a path from the first position to the last.
  ///
  /// `first` and `last` are the first position and that behind the last one; in a drawing of one line the
  /// strokes are those between.
  public static func groups(_ strokes: [Stroke]) -> [Group] {
    let order = order(strokes)
    let normalised = normalisedBoxes(strokes)
    let boxes = order.map { normalised[$0] }
    let neighbours = Neighbours(boxes)
    let most = strokes.count <= usual ? mostOfOne.usual : mostOfOne.large
    var groups: [Group] = []
    for first in order.indices {
      var sets: Set<[Int]> = []
      for other in neighbours.inPairs[first] where other > first {
        if sets.count < most, isCandidate([first, other], boxes) { sets.insert([first, other]) }
      }
      var grown = sets.filter { neighbours.inRuns[first].contains($0[1]) }.sorted(by: precedes)
      for _ in 2..<longest {
        var larger: Set<[Int]> = []
        for set in grown {
          for member in set {
            for other in neighbours.inRuns[member] where other > first && !set.contains(other) {
              guard sets.count + larger.count < most else { break }
              let candidate = (set + [other]).sorted()
              if isCandidate(candidate, boxes) { larger.insert(candidate) }
            }
          }
        }
        sets.formUnion(larger)
        grown = larger.sorted(by: precedes)
      }
      groups.append(Group([first], of: order, strokes))
      groups += sets.sorted(by: precedes).map { Group($0, of: order, strokes) }
    }
    return groups
  }

  private static func precedes(_ one: [Int], _ other: [Int]) -> Bool {
    (one.last ?? 0, one.count) != (other.last ?? 0, other.count)
      ? (one.last ?? 0, one.count) < (other.last ?? 0, other.count)
      : one.lexicographicallyPrecedes(other)
  }

  /// Whether the strokes at some positions are no larger than a character, or a root with its roof.
  private static func isCandidate(_ positions: [Int], _ boxes: [Box]) -> Bool {
    let whole = positions.dropFirst().reduce(boxes[positions[0]]) { $0.union(boxes[$1]) }
    if max(whole.width, whole.height) <= largest { return true }
    guard positions.count == 2 else { return false }
    return [(0, 1), (1, 0)].contains { roof, hook in
      isRoof(boxes[positions[roof]], of: boxes[positions[hook]])
    }
  }

  /// Whether a long flat stroke starts at the top right of another, as the roof of a root may.
  private static func isRoof(_ roof: Box, of hook: Box) -> Bool {
    roof.width > 1 && roof.height < 0.3 * roof.width && hook.height > 0.5
      && abs(roof.lower.x - hook.upper.x) < 0.35 && abs(roof.center.y - hook.lower.y) < 0.35
  }
}

/// Of each stroke those close enough for one character, found by walking from left to right.
private struct Neighbours {
  var inPairs: [[Int]]
  var inRuns: [[Int]]
  /// The most strokes that one is compared with: those that overlap it along x are many in nonsense only.
  private static let mostCompared = 64

  init(_ boxes: [Box]) {
    inPairs = [[Int]](repeating: [], count: boxes.count)
    inRuns = inPairs
    let byLeft = boxes.indices.sorted { (boxes[$0].lower.x, $0) < (boxes[$1].lower.x, $1) }
    for (place, one) in byLeft.enumerated() {
      for other in byLeft[(place + 1)...].prefix(Self.mostCompared) {
        let (x, y) = (-boxes[one].overlapX(boxes[other]), -boxes[one].overlapY(boxes[other]))
        // Those further to the right are no closer.
        if boxes[other].lower.x - boxes[one].upper.x > Lattice.pairGap.x { break }
        if x <= Lattice.pairGap.x, y <= Lattice.pairGap.y {
          inPairs[one].append(other)
          inPairs[other].append(one)
        }
        if x <= Lattice.runGap.x, y <= Lattice.runGap.y {
          inRuns[one].append(other)
          inRuns[other].append(one)
        }
      }
    }
    for index in boxes.indices {
      inPairs[index].sort()
      inRuns[index].sort()
    }
  }
}
