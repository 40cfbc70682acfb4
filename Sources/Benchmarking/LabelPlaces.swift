/// Places for short labels beside points, so that none lies on another or on a point.
struct LabelPlaces {
  /// A label's place: the middle of its box, and whether it is so far off that a line leads to it.
  typealias Place = (x: Double, y: Double, isFar: Bool)

  /// A box by its middle.
  private struct Box {
    let x, y, width, height: Double

    func meets(_ other: Box) -> Bool {
      abs(x - other.x) < (width + other.width) / 2 && abs(y - other.y) < (height + other.height) / 2
    }
  }

  private var taken: [Box]
  private let (width, height): (ClosedRange<Double>, ClosedRange<Double>)

  /// Where labels may be, and the points that they keep clear of.
  init(
    within width: ClosedRange<Double>, _ height: ClosedRange<Double>, points: [(Double, Double)]
  ) {
    (self.width, self.height) = (width, height)
    taken = points.map { Box(x: $0.0, y: $0.1, width: 10, height: 10) }
  }

  /// The nearest free place beside a point, above it first.
  ///
  /// Where a crowd leaves none, the label stands above the point all the same.
  mutating func place(beside x: Double, _ y: Double, width wide: Double, height high: Double)
    -> Place
  {
    let (across, down) = (wide / 2 + 6, high / 2 + 6)
    for distance in 1...6 {
      let far = Double(distance - 1) * high
      for (toX, toY) in [(0, -1), (1, 0), (0, 1), (-1, 0), (1, -1), (1, 1), (-1, 1), (-1, -1)] {
        let box = Box(
          x: x + Double(toX) * (across + far), y: y + Double(toY) * (down + far), width: wide,
          height: high)
        let isInside =
          width.contains(box.x - wide / 2) && width.contains(box.x + wide / 2)
          && height.contains(box.y - high / 2) && height.contains(box.y + high / 2)
        guard isInside, !taken.contains(where: box.meets) else { continue }
        taken.append(box)
        return (box.x, box.y, distance > 1)
      }
    }
    return (x, y - down, false)
  }
}
