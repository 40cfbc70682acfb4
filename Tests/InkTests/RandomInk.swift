import Ink

/// Splitmix64: the same ink on every run.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

/// Strokes that wander over a square of side 1 at a place.
func randomStrokes(
  _ count: Int, at place: Point = .zero, using random: inout SeededGenerator
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
