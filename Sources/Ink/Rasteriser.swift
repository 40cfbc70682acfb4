/// Draws strokes with a round pen, anti-aliased, on a picture of a given size.
///
/// A pixel's coverage is `clamp(radius + 1/2 − distance)`, with the distance from its centre to the
/// nearest segment: joins and caps come out round, a single point is a disc, and what overlaps is
/// not drawn twice as dark. Each segment visits only the pixels in its box; the square root is taken
/// once a pixel, at the end.
public struct Rasteriser {
  /// Pixels in a row.
  public let width: Int
  /// Rows.
  public let height: Int
  /// Half the pen's width, in pixels.
  public let radius: Float
  /// Rows are whole vectors long; the pixels beyond `width` are not read.
  private let stride: Int
  /// Squared distance of each pixel's centre to the nearest segment so far.
  private var nearest: [Float]

  /// A white page, and a pen of `radius` pixels.
  public init(width: Int, height: Int, radius: Float) {
    self.width = width
    self.height = height
    self.radius = radius
    stride = (width + 3) & ~3
    nearest = [Float](repeating: .greatestFiniteMagnitude, count: stride * height)
  }

  /// Draws a line through points given in pixels; pixel (0, 0) has its centre at (0.5, 0.5).
  ///
  /// Points closer than a tenth of a pixel to the one before are left out, except the last.
  public mutating func draw(_ points: some Collection<SIMD2<Float>>) {
    guard var start = points.first else { return }
    var drawn = false
    var last = start
    for point in points.dropFirst() {
      last = point
      let step = point - start
      guard step.x * step.x + step.y * step.y > 0.01 else { continue }
      drawSegment(start, point)
      (start, drawn) = (point, true)
    }
    if !drawn || last != start { drawSegment(start, last) }
  }

  private mutating func drawSegment(_ start: SIMD2<Float>, _ end: SIMD2<Float>) {
    let reach = radius + 0.5
    // Pixel i is within reach of x where |i + 0.5 − x| < reach.
    let left = firstPixel(min(start.x, end.x) - reach, limit: width) & ~3
    let right = lastPixel(max(start.x, end.x) + reach, limit: width)
    let top = firstPixel(min(start.y, end.y) - reach, limit: height)
    let bottom = lastPixel(max(start.y, end.y) + reach, limit: height)
    guard left <= right, top <= bottom else { return }
    let direction = end - start
    let lengthSquared = direction.x * direction.x + direction.y * direction.y
    let (dx, dy) = (direction.x, direction.y)
    let inverse: Float = lengthSquared > 0 ? 1 / lengthSquared : 0
    let zero = SIMD4<Float>(repeating: 0)
    let one = SIMD4<Float>(repeating: 1)
    let ramp = SIMD4<Float>(0.5, 1.5, 2.5, 3.5)
    let stride = self.stride
    nearest.withUnsafeMutableBytes { bytes in
      guard let base = bytes.baseAddress else { return }
      for y in top...bottom {
        let py = Float(y) + 0.5 - start.y
        let along = py * dy * inverse
        var x = left
        while x <= right {
          let px = ramp + (Float(x) - start.x)
          // Where along the segment the nearest point is, from 0 to 1.
          var t = px * (dx * inverse) + along
          t.replace(with: zero, where: t .< zero)
          t.replace(with: one, where: t .> one)
          let ex = px - t * dx
          let ey = py - t * dy
          let distance = ex * ex + ey * ey
          let place = base + (y * stride + x) * 4
          var value = place.load(as: SIMD4<Float>.self)
          value.replace(with: distance, where: distance .< value)
          place.storeBytes(of: value, as: SIMD4<Float>.self)
          x += 4
        }
      }
    }
  }

  private func firstPixel(_ edge: Float, limit: Int) -> Int {
    Int((edge - 0.5).rounded(.up), within: 0...limit)
  }

  private func lastPixel(_ edge: Float, limit: Int) -> Int {
    Int((edge - 0.5).rounded(.down), within: -1...limit - 1)
  }

  /// How much of each pixel is ink, from 0 to 255, row by row.
  public func coverage() -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: width * height) { target, count in
      let reach = radius + 0.5
      let far = reach * reach
      var place = 0
      for y in 0..<height {
        for x in 0..<width {
          let squared = nearest[y * stride + x]
          // Most pixels are paper, and need no root.
          let ink = squared < far ? min(1, reach - squared.squareRoot()) : 0
          target[place] = UInt8(ink * 255 + 0.5, within: 0...255)
          place += 1
        }
      }
      count = place
    }
  }
}
