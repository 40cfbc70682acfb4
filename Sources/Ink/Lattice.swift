/// Segmentation into candidates: every run of neighbouring strokes that could be one character.
///
/// On CROHME's 430 linear training expressions, all 423 whose every stroke is labelled have their true
/// groups among the candidates, in reading order, at 1.5 candidates a stroke.
public enum Lattice {
  /// The most strokes of a candidate: a ÷ of two circles for dots has been seen with five.
  static let longest = 5
  /// The widest gap along x between two strokes of one character, in writing sizes.
  ///
  /// The upright of an open 4 stands apart by up to 0.19.
  static let pairGap = 0.25
  /// The same in candidates of three strokes and more, where none was seen.
  static let runGap = 0.1
  /// The largest side of a candidate of two strokes or more, in writing sizes.
  static let largest = 2.5

  /// All candidates, by first position, then by last; each single stroke is one, so that there is
  /// always a path from the first position to the last.
  public static func groups(_ strokes: [Stroke]) -> [Group] {
    let order = order(strokes)
    let normalised = normalisedBoxes(strokes)
    let boxes = order.map { normalised[$0] }
    var groups: [Group] = []
    for first in order.indices {
      groups.append(Group(first..<first + 1, of: order, strokes))
      var whole = boxes[first]
      for last in first + 1..<min(first + longest, order.count) {
        whole = whole.union(boxes[last])
        // A longer run is no smaller.
        guard max(whole.width, whole.height) <= largest else { break }
        if isCandidate(boxes[first...last]) {
          groups.append(Group(first..<last + 1, of: order, strokes))
        }
      }
    }
    return groups
  }

  /// Whether no gap divides the run: each stroke can be reached from the first over narrow gaps.
  private static func isCandidate(_ run: ArraySlice<Box>) -> Bool {
    let limit = run.count == 2 ? pairGap : runGap
    var reached = [run[run.startIndex]]
    var waiting = Array(run.dropFirst())
    var next = 0
    while next < reached.count {
      let from = reached[next]
      next += 1
      reached += waiting.filter { $0.overlapX(from) >= -limit }
      waiting.removeAll { $0.overlapX(from) >= -limit }
    }
    return waiting.isEmpty
  }
}
