import Streams

/// The page's icon in pixels, for where a browser wants no drawing: the curve of `icon.svg`, white on
/// blue.
///
/// Nothing is at its edge, so that a system may cut it into any shape.
enum Icon {
  /// The curve on a square of 32 units: two cubic Béziers, one after the other.
  private static let curves: [[(x: Double, y: Double)]] = [
    [(8, 20), (12, 8), (15, 8), (15, 16)], [(15, 16), (15, 24), (17, 23), (24, 11)],
  ]
  private static let width = 3.0
  private static let blue: [Double] = [0x2f, 0x5b, 0xd0]

  /// A square of so many pixels a side; nothing where it cannot be written.
  static func png(side: Int) -> [UInt8] {
    let unit = Double(side) / 32
    let points = curves.flatMap { curve in (0...40).map { point(of: curve, at: Double($0) / 40) } }
    let reach = width / 2 + 1 / unit
    // How much of each pixel is under the pen.
    var covered = [Double](repeating: 0, count: side * side)
    for (from, to) in zip(points, points.dropFirst()) {
      let columns = pixels(min(from.x, to.x) - reach, max(from.x, to.x) + reach, unit, side)
      let rows = pixels(min(from.y, to.y) - reach, max(from.y, to.y) + reach, unit, side)
      for row in rows {
        for column in columns {
          let place = ((Double(column) + 0.5) / unit, (Double(row) + 0.5) / unit)
          let depth = (width / 2 - distance(place, from, to)) * unit + 0.5
          covered[row * side + column] = max(covered[row * side + column], min(depth, 1))
        }
      }
    }
    let samples = covered.flatMap { share in
      blue.map { UInt8(($0 + (255 - $0) * share).rounded(), within: 0...255) }
    }
    return (try? Picture(width: side, height: side, channels: 3, samples: samples).png()) ?? []
  }

  private static func pixels(
    _ from: Double, _ to: Double, _ unit: Double, _ side: Int
  ) -> ClosedRange<Int> {
    let edges = 0...(side - 1)
    return Int(
      (from * unit).rounded(.down), within: edges)...Int((to * unit).rounded(.up), within: edges)
  }

  private static func point(
    of curve: [(x: Double, y: Double)], at time: Double
  ) -> (x: Double, y: Double) {
    let rest = 1 - time
    let shares = [
      rest * rest * rest, 3 * rest * rest * time, 3 * rest * time * time, time * time * time,
    ]
    return zip(curve, shares).reduce((0, 0)) {
      ($0.0 + $1.0.x * $1.1, $0.1 + $1.0.y * $1.1)
    }
  }

  private static func distance(
    _ place: (x: Double, y: Double), _ from: (x: Double, y: Double), _ to: (x: Double, y: Double)
  ) -> Double {
    let (dx, dy) = (to.x - from.x, to.y - from.y)
    let length = dx * dx + dy * dy
    let along = length == 0 ? 0 : ((place.x - from.x) * dx + (place.y - from.y) * dy) / length
    let nearest = min(max(along, 0), 1)
    let (x, y) = (place.x - from.x - nearest * dx, place.y - from.y - nearest * dy)
    return (x * x + y * y).squareRoot()
  }
}
