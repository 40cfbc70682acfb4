import Ink
import Mechanics
import Testing

private func difference(_ one: [UInt8], _ other: [UInt8]) -> Int {
  zip(one, other).map { abs(Int($0) - Int($1)) }.max() ?? 0
}

private func centerOfMass(_ glyph: [UInt8]) -> Point {
  var (sum, mass) = (Point.zero, 0.0)
  for (index, level) in glyph.enumerated() {
    sum += Point(Double(index % 28) + 0.5, Double(index / 28) + 0.5) * Double(level)
    mass += Double(level)
  }
  return sum / mass
}

@Test func scaleAndShiftOfInkLeaveTheGlyphAlone() {
  var random = SplitMix64(seed: 2)
  for _ in 0..<12 {
    let strokes = randomStrokes(Int.random(in: 1...3, using: &random), using: &random)
    let glyph = Glyph.image(strokes: strokes, writingSize: writingSize(strokes))
    for (scale, shift) in [(1.0, Point(17.25, -3)), (0.001, Point(0, 0)), (977, Point(1e6, 1e5))] {
      let other = moved(strokes, scale: scale, shift: shift)
      let image = Glyph.image(strokes: other, writingSize: writingSize(other))
      #expect(difference(glyph, image) <= 1)
    }
    let backwards = Array(strokes.reversed())
    #expect(glyph == Glyph.image(strokes: backwards, writingSize: writingSize(backwards)))
  }
}

@Test func aGlyphIsCentredAndFillsItsBox() {
  var random = SplitMix64(seed: 3)
  for _ in 0..<12 {
    // A ring, which has its mass in the middle, so that nothing is cut off.
    let (across, along) = (
      Double.random(in: 1...5, using: &random), Double.random(in: 1...5, using: &random)
    )
    let ring = (0...40).map { step -> Point in
      let (x, y) = unitCircle(Double(step) / 40)
      return Point(across * x, along * y)
    }
    let glyph = Glyph.image(strokes: [Stroke(ring)], writingSize: 5)
    let center = centerOfMass(glyph)
    #expect(abs(center.x - 14.5) < 0.02 && abs(center.y - 14.5) < 0.02)
    let columns = (0..<28).filter { x in (0..<28).contains { glyph[$0 * 28 + x] > 0 } }
    let rows = (0..<28).filter { y in (0..<28).contains { glyph[y * 28 + $0] > 0 } }
    #expect((20...22).contains(max(columns.count, rows.count)))
  }
}

/// A point of the unit circle without trigonometry: the rational parametrisation of each quarter.
private func unitCircle(_ turn: Double) -> (Double, Double) {
  let quarter = Int(turn * 4) % 4
  let t = turn * 4 - (turn * 4).rounded(.down)
  let (x, y) = ((1 - t * t) / (1 + t * t), 2 * t / (1 + t * t))
  return [(x, y), (-y, x), (-x, -y), (y, -x)][quarter]
}

@Test func lightOnDarkIsTheSameGlyph() {
  var random = SplitMix64(seed: 4)
  let page = GroupPage(randomStrokes(2, using: &random), pen: 0.12)
  let glyph = Glyph.normalise(page.samples, width: page.width, height: page.height)
  let negative = page.samples.map { 255 - $0 }
  #expect(glyph == Glyph.normalise(negative, width: page.width, height: page.height))
  // A pencil on grey paper: less contrast, the same shape.
  let faint = page.samples.map { UInt8(180 - (255 - Int($0)) / 2) }
  #expect(difference(glyph, Glyph.normalise(faint, width: page.width, height: page.height)) <= 2)
}

@Test func paperAroundThePictureDoesNotMatter() {
  var random = SplitMix64(seed: 5)
  let page = GroupPage(randomStrokes(2, using: &random), pen: 0.12)
  let (width, height) = (page.width + 31, page.height + 17)
  var larger = [UInt8](repeating: 255, count: width * height)
  for y in 0..<page.height {
    for x in 0..<page.width { larger[(y + 5) * width + x + 11] = page.samples[y * page.width + x] }
  }
  let glyph = Glyph.normalise(page.samples, width: page.width, height: page.height)
  #expect(difference(glyph, Glyph.normalise(larger, width: width, height: height)) <= 1)
}

@Test func aGlyphIsItsOwnGlyph() {
  // Normalising again only scales by what anti-aliasing added to the box.
  var random = SplitMix64(seed: 6)
  for _ in 0..<6 {
    let glyph = Glyph.image(strokes: randomStrokes(2, using: &random), writingSize: 1)
    let again = Glyph.normalise(glyph, width: 28, height: 28)
    let mean = zip(glyph, again).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) } / 784
    #expect(mean < 12)
  }
}

@Test func blankPicturesGiveEmptyGlyphs() {
  let empty = [UInt8](repeating: 0, count: 784)
  #expect(Glyph.normalise([255], width: 1, height: 1) == empty)
  #expect(Glyph.normalise([UInt8](repeating: 90, count: 600), width: 20, height: 30) == empty)
  let page = GroupPage([], pen: 0.12)
  #expect((page.width, page.height) == (1, 1))
  #expect(Glyph.image(strokes: [], writingSize: 1) == empty)
}

@Test func aSmallPictureIsEnlarged() {
  // An 8×8 dark square in a white 12×12 picture becomes a square 20 pixels wide with soft edges.
  let picture = (0..<144).map { index -> UInt8 in
    (2..<10).contains(index % 12) && (2..<10).contains(index / 12) ? 0 : 255
  }
  let glyph = Glyph.normalise(picture, width: 12, height: 12)
  let center = centerOfMass(glyph)
  #expect(abs(center.x - 14.5) < 0.02 && abs(center.y - 14.5) < 0.02)
  #expect(glyph[14 * 28 + 14] == 255)
}

@Test func absurdInkIsDrawn() {
  for size in [0, Double.leastNonzeroMagnitude, 1e-9, 1e9] {
    for strokes in [
      [Stroke([.zero])], [Stroke([.zero, Point(size, 0)]), Stroke([Point(-1e9, 1e9)])],
    ] {
      let glyph = Glyph.image(strokes: strokes, writingSize: size)
      #expect(glyph.contains { $0 > 0 })
    }
  }
}

@Test func writingSizeIgnoresDots() {
  let line = Stroke([Point(0, 0), Point(0, 10)])
  let dot = Stroke([Point(3, 3), Point(3, 3.5)])
  #expect(writingSize([line]) == 10)
  #expect(writingSize([line, line, dot]) == 10)
  #expect(writingSize([dot]) == 0.5)
  #expect(writingSize([Stroke([.zero])]) == 1)
  #expect(writingSize([Stroke([.zero]), Stroke([Point(4, 3)])]) == 4)
  #expect(writingSize([Stroke]()) == 1)
}
