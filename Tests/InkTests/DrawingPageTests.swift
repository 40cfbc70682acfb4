import Mechanics
import Testing

@testable import Ink

@Test func aPageHoldsItsInk() throws {
  var random = SplitMix64(seed: 30)
  for (scale, height) in [(1.0, 64), (1e-4, 128), (1e6, 33)] {
    let strokes = moved(randomStrokes(5, using: &random), scale: scale, shift: Point(5, 5) * scale)
    let page = try #require(DrawingPage(strokes, height: height, margin: 4, penWidth: 0.1))
    let grey = page.grey()
    #expect(page.height == height && grey.count == page.width * height)
    // Paper all around, ink within.
    for x in 0..<page.width {
      #expect(grey[x] == 255 && grey[(height - 1) * page.width + x] == 255)
    }
    let darkest = try #require(grey.min())
    #expect(darkest < 64)
  }
}

@Test func groupsHaveColoursOfTheirOwn() throws {
  let strokes = [0.0, 2, 4].map { Stroke([Point($0, 0), Point($0, 1)]) }
  let page = try #require(DrawingPage(strokes, height: 40, margin: 4, penWidth: 0.2))
  // A lattice is shown as the projection's chain.
  for groups in [Projection.groups(strokes), Lattice.groups(strokes)] {
    let samples = page.coloured(groups)
    let pixels = stride(from: 0, to: samples.count, by: 3).map { Array(samples[$0..<$0 + 3]) }
    // Wherever the grey page is black, a group's own colour is.
    let inks = Set(zip(page.grey(), pixels).filter { $0.0 == 0 }.map(\.1))
    #expect(inks.count == 3)
  }
}

@Test func absurdDrawingsGetAPage() throws {
  for strokes in [
    [Stroke([.zero])], [Stroke([Point(-1e9, 0), Point(1e9, 0)])],
    [Stroke([.zero]), Stroke([Point(1e9, 1e9)])],
    [Stroke([Point(0, 0), Point(1e-9, 1e-9)]), Stroke([Point(1e9, 0)])],
  ] {
    let page = try #require(DrawingPage(strokes, height: 32, margin: 2, penWidth: 0.1))
    #expect(page.width <= DrawingPage.widest + 2 && page.grey().count == page.width * 32)
    #expect(page.coloured(Lattice.groups(strokes)).count == 3 * page.width * 32)
  }
  #expect(DrawingPage([], height: 32, margin: 2, penWidth: 0.1) == nil)
}
