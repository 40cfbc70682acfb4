import Mechanics
import Testing

@testable import Ink

/// Coordinates at the ends of what ink may have, where divisions overflow and differences vanish.
private let extremes =
  [
    0, .leastNonzeroMagnitude, 3 * .leastNonzeroMagnitude, 1e-308, 2.3e-308, 1e-200, 9e-101,
    1.1e-100, 1e-50, 1e-9, 1, 1e9 - 1, 1e9,
  ]
  .flatMap { [$0, -$0] }

@Test func inkOfAnySizeIsDrawn() throws {
  var random = SplitMix64(seed: 1e-308.bitPattern)
  func coordinate() -> Double { extremes.randomElement(using: &random) ?? 0 }
  // Two coordinates at a time, too, so that all of a drawing is tiny.
  for turn in 0..<200 {
    let few = [coordinate(), coordinate()]
    let strokes = (0..<Int.random(in: 1...4, using: &random)).map { _ in
      Stroke(
        (0..<Int.random(in: 1...3, using: &random)).map { _ in
          turn % 2 == 0
            ? Point(coordinate(), coordinate())
            : Point(few.randomElement(using: &random) ?? 0, few.randomElement(using: &random) ?? 0)
        })
    }
    var drawing = Drawing(id: "a", strokes: strokes, groups: Lattice.groups(strokes))
    let page = try drawing.picture(height: 8, margin: 1, penWidth: 0.12, coloured: false)
    #expect(page.height == 8 && page.width <= DrawingPage.widest + 2)
    // A line too short for its page may be finer than a pixel, but there is ink.
    #expect((page.samples.min() ?? 255) < 200, "\(strokes)")
    if page.width < 1000 {
      let colours = try drawing.picture(height: 8, margin: 1, penWidth: 0.12, coloured: true)
      #expect(colours.samples.contains { $0 < 255 }, "\(strokes)")
    }
    let side = GroupPage.inkSide + 2 * GroupPage.margin
    for penWidth in [Pen.defaultWidth, 1, .leastNonzeroMagnitude] {
      try drawing.groupPictures(penWidth: penWidth) { picture in
        #expect(picture.width <= side && picture.height <= side)
        #expect((picture.samples.min() ?? 255) < 128, "\(strokes)")
      }
    }
    drawing.groups = Projection.groups(strokes)
    #expect(drawing.groups?.isEmpty == false)
  }
}
