import Alphabet
import Arithmetic
import Ink

@testable import Glyphs

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Two writers who wrote every character once, as a zigzag through a box of usual proportions.
func twoWriters() -> InkCollection {
  var ink = InkCollection()
  for writer in ["a", "b"] {
    for entry in Alphabet.entries where entry.character != "%" {
      guard let figures = GlyphGeometry.classes[entry.text] else { continue }
      let size = Point(figures.width.mean, figures.height.mean)
      let corner = Point(10 * exp(size.x), 10 * exp(size.y))
      let zigzag = [Point(0, corner.y), Point(corner.x / 3, 0), corner * Point(1, 0.5)]
      ink.symbols.append(
        InkSymbol(
          label: Characters.index(of: entry.text), strokes: [Stroke(zigzag)], writingSize: 10,
          writer: writer))
    }
  }
  return ink
}
