import Testing

@testable import Arithmetic

/// How much is tried for a drawing, whatever it is.
@Suite struct PageReaderTests {
  /// Roofs within roofs, each stroke one that could be six things.
  private func roofs(_ count: Int) -> InkPage {
    let top = [("√", 0.3), ("1", 0.2), ("7", 0.2), ("-", 0.1), ("4", 0.1), ("=", 0.1)]
    return InkPage(
      (0..<count).map { place in
        let x = Double(20 * place)
        let box = LatticeSymbol.Box(x0: x, y0: 100 + x / 20, x1: 3000, y1: 900 - x / 20)
        return LatticeSymbol(
          first: place, last: place + 1, strokes: [place], box: box,
          top: top.map { (text: $0, probability: $1) })
      })
  }

  @Test(arguments: [3, 20, 60, 128])
  func effortEnds(strokes: Int) {
    let page = roofs(strokes)
    var reader = PageReader(page, weights: .standard)
    let read = reader.readings(of: Array(0..<strokes))
    #expect(!read.isEmpty)
    #expect(reader.effort > 0)
    // What was begun within the limit is ended, and each row has one narrow search at least.
    #expect(reader.effort < 4 * PageReader.mostEffort, "\(reader.effort)")
  }
}
