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
  let quarter = Int(turn * 4, within: 0...4) % 4
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

@Test func whatDepartsAsFarBothWaysIsDarkInk() {
  // Grey paper with a dark bar and a light square; only one of them is ink.
  func glyph(dark: UInt8, light: UInt8) -> [UInt8] {
    let picture = (0..<256).map { index -> UInt8 in
      let (x, y) = (index % 16, index / 16)
      if (2..<4).contains(x), (2..<14).contains(y) { return dark }
      return (8..<14).contains(x) && (6..<12).contains(y) ? light : 128
    }
    return Glyph.normalise(picture, width: 16, height: 16)
  }
  let (bar, square) = (glyph(dark: 28, light: 128), glyph(dark: 128, light: 228))
  #expect(bar != square)
  #expect(glyph(dark: 28, light: 228) == bar)
  #expect(glyph(dark: 28, light: 227) == bar)
  #expect(glyph(dark: 28, light: 229) == square)
  #expect(glyph(dark: 29, light: 228) == square)
}

@Test func ofABorderHalfAndHalfThePaperIsTheLighter() {
  // Four of the eight pixels around the middle are black.
  let corner: [UInt8] = [0, 0, 0, 0, 255, 255, 255, 255, 255]
  var framed = [UInt8](repeating: 255, count: 25)
  for (index, sample) in corner.enumerated() {
    framed[(index / 3 + 1) * 5 + index % 3 + 1] = sample
  }
  let glyph = Glyph.normalise(framed, width: 5, height: 5)
  #expect(difference(Glyph.normalise(corner, width: 3, height: 3), glyph) <= 1)
  // One black pixel more, and the paper is black.
  let five: [UInt8] = [0, 0, 0, 0, 255, 0, 255, 255, 255]
  let negative = five.map { 255 - $0 }
  #expect(
    Glyph.normalise(five, width: 3, height: 3) == Glyph.normalise(negative, width: 3, height: 3))
}

@Test func theGrainOfThePaperIsNoInk() {
  func glyph(_ ink: UInt8, spot: UInt8) -> [UInt8] {
    var picture = [UInt8](repeating: 255, count: 400)
    for y in 4..<16 { picture[y * 20 + 4] = ink }
    picture[10 * 20 + 15] = spot
    return Glyph.normalise(picture, width: 20, height: 20)
  }
  // Of the contrast, 8 is the least; of levels too.
  #expect(!glyph(248, spot: 255).contains { $0 > 0 })
  #expect(glyph(247, spot: 255).contains { $0 > 0 })
  #expect(glyph(0, spot: 248) == glyph(0, spot: 255))
  #expect(glyph(0, spot: 247) != glyph(0, spot: 255))
}

@Test func halvesOfPixelsAreRoundedUp() {
  // A square of 20 pixels keeps its size and moves by half a pixel both ways: its edges are 127.5, its
  // corners 63.75.
  let picture = (0..<576).map { index -> UInt8 in
    (2..<22).contains(index % 24) && (2..<22).contains(index / 24) ? 0 : 255
  }
  let expected = (0..<784).map { index -> UInt8 in
    let (x, y) = (index % 28, index / 28)
    guard (4...24).contains(x), (4...24).contains(y) else { return 0 }
    let edges = [x, y].filter { $0 == 4 || $0 == 24 }.count
    return [255, 128, 64][edges]
  }
  #expect(Glyph.normalise(picture, width: 24, height: 24) == expected)
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

@Test func roundingAddsNoColumnToAGroup() {
  var random = SplitMix64(seed: 11)
  for _ in 0..<40 {
    let size = Double.random(in: 0.1...100, using: &random)
    let pen = size * Double.random(in: 0.02...0.3, using: &random)
    let radius = 36 * pen / (size + pen)
    guard radius > 0.5 else { continue }
    // Ink that is a whole number of pixels high but for rounding.
    for pixels in Int(2 * radius, within: 0...72) + 1..<72 {
      let height = (Double(pixels) - 2 * radius) * size / (72 - 2 * radius)
      let page = GroupPage([Stroke([Point(0, 0), Point(size, 0), Point(size, height)])], pen: pen)
      #expect(page.height == pixels + 2 * GroupPage.margin)
    }
  }
}
