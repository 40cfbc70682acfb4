import Ink
import Mechanics

/// Strokes that wander over a square of side 1 at a place.
func randomStrokes(
  _ count: Int, at place: Point = .zero, using random: inout SplitMix64
) -> [Stroke] {
  (0..<count).map { _ in
    var point =
      place + Point(Double.random(in: 0...1, using: &random), .random(in: 0...1, using: &random))
    let steps = Int.random(in: 0...12, using: &random)
    return Stroke(
      (0...steps).map { _ in
        point += Point(
          Double.random(in: -0.2...0.2, using: &random), .random(in: -0.2...0.2, using: &random))
        return point
      })
  }
}

/// The strokes, scaled and then shifted.
func moved(_ strokes: [Stroke], scale: Double, shift: Point) -> [Stroke] {
  strokes.map { Stroke($0.points.map { $0 * scale + shift }) }
}
