import Mechanics
import Testing

@testable import Ink

/// The rule as it is written: every pixel against every segment, in Double.
private func plainCoverage(_ lines: [[SIMD2<Float>]], width: Int, height: Int, radius: Double)
  -> [UInt8]
{
  (0..<width * height).map { index in
    let pixel = Point(Double(index % width) + 0.5, Double(index / width) + 0.5)
    var distance = Double.infinity
    for line in lines {
      let points = line.map { Point($0) }
      for (a, b) in zip(points, points.count == 1 ? points : Array(points.dropFirst())) {
        let (d, p) = (b - a, pixel - a)
        let squared = (d * d).sum()
        let t = squared > 0 ? max(0, min(1, (d * p).sum() / squared)) : 0
        let e = p - d * t
        distance = min(distance, (e * e).sum().squareRoot())
      }
    }
    return UInt8(max(0, min(1, radius + 0.5 - distance)) * 255 + 0.5, within: 0...255)
  }
}

@Test func rasteriserAgreesWithThePlainRule() {
  var random = SplitMix64(seed: 1)
  for _ in 0..<20 {
    let (width, height) = (
      Int.random(in: 1...40, using: &random), Int.random(in: 1...40, using: &random)
    )
    let radius = Float.random(in: 0.3...6, using: &random)
    // Some of the ink lies off the page.
    let lines = (0..<3).map { _ in
      (0..<Int.random(in: 1...8, using: &random)).map { _ in
        SIMD2(Float.random(in: -10...50, using: &random), .random(in: -10...50, using: &random))
      }
    }
    var page = Rasteriser(width: width, height: height, radius: radius)
    for line in lines { page.draw(line) }
    let plain = plainCoverage(lines, width: width, height: height, radius: Double(radius))
    for (fast, plain) in zip(page.coverage(), plain) { #expect(abs(Int(fast) - Int(plain)) <= 1) }
  }
}

@Test func aPointIsADisc() {
  var page = Rasteriser(width: 21, height: 21, radius: 8)
  page.draw([SIMD2(10.5, 10.5)])
  let area = page.coverage().reduce(0) { $0 + Double($1) } / 255
  #expect(abs(area - Double.pi * 64) < 1.5)
}

@Test func denseInkIsDrawnAsItsOutline() {
  // A thousand points on a line a hundred pixels long: those left out do not show.
  let line = (0...1000).map { SIMD2<Float>(5 + Float($0) * 0.09, 20) }
  var dense = Rasteriser(width: 100, height: 40, radius: 3)
  dense.draw(line)
  var sparse = Rasteriser(width: 100, height: 40, radius: 3)
  sparse.draw([line[0], line[1000]])
  for (a, b) in zip(dense.coverage(), sparse.coverage()) { #expect(abs(Int(a) - Int(b)) <= 1) }
}

@Test func theLastPieceIsDrawnHoweverShort() {
  // Six hundredths of a pixel more at the end are 15 of 255.
  func row(_ end: Float) -> [UInt8] {
    var page = Rasteriser(width: 16, height: 9, radius: 1)
    page.draw([SIMD2(3.5, 4.5), SIMD2(8.5, 4.5), SIMD2(end, 4.5)])
    return Array(page.coverage()[4 * 16..<5 * 16])
  }
  let (short, long) = (row(8.5), row(8.56))
  #expect(zip(long, short).contains { Int($0) - Int($1) >= 14 })
}
