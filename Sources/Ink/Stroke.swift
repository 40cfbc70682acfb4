/// A point of ink: x to the right, y down, in any unit.
public typealias Point = SIMD2<Double>

/// One line of the pen, from where it touches the paper to where it leaves it.
public struct Stroke: Equatable, Sendable {
  /// The points in the order they were drawn, at least one.
  public let points: [Point]
  /// The smallest box around the points, without the pen's width.
  public let box: Box

  /// A stroke through points; there must be one at least.
  public init(_ points: [Point]) {
    precondition(!points.isEmpty)
    self.points = points
    box = Box(around: points)
  }

  /// The larger side of the box: the stroke's size, whichever way it lies.
  public var size: Double { max(box.width, box.height) }
}

/// A rectangle with sides along the axes.
public struct Box: Equatable, Sendable {
  /// The corner of the least coordinates: left, and top since y points down.
  public var lower: Point
  /// The corner of the greatest coordinates.
  public var upper: Point

  /// A box between two corners.
  public init(lower: Point, upper: Point) {
    self.lower = lower
    self.upper = upper
  }

  /// The smallest box around points; there must be one at least.
  public init(around points: [Point]) {
    var (lower, upper) = (points[0], points[0])
    for point in points {
      lower = pointwiseMin(lower, point)
      upper = pointwiseMax(upper, point)
    }
    self.init(lower: lower, upper: upper)
  }

  /// The smallest box around strokes; nil where there is none.
  public init?(around strokes: some Sequence<Stroke>) {
    let boxes = strokes.lazy.map(\.box)
    guard let first = boxes.first(where: { _ in true }) else { return nil }
    self = boxes.reduce(first) { $0.union($1) }
  }

  /// What is smaller has no extent: it is too small to divide by.
  static let leastSide = 1e-100

  /// The extent along x.
  public var width: Double { upper.x - lower.x }
  /// The extent along y.
  public var height: Double { upper.y - lower.y }
  /// The point in the middle.
  public var center: Point { (lower + upper) * 0.5 }

  /// The smallest box around both.
  public func union(_ other: Box) -> Box {
    Box(
      lower: pointwiseMin(lower, other.lower), upper: pointwiseMax(upper, other.upper))
  }

  /// How far along x both boxes reach together; negative is the gap between them.
  public func overlapX(_ other: Box) -> Double {
    min(upper.x, other.upper.x) - max(lower.x, other.lower.x)
  }

  /// How far along y both boxes reach together; negative is the gap between them.
  public func overlapY(_ other: Box) -> Double {
    min(upper.y, other.upper.y) - max(lower.y, other.lower.y)
  }

  /// The corners as `[x0, y0, x1, y1]`, as streams carry them.
  public var corners: [Double] { [lower.x, lower.y, upper.x, upper.y] }
}
