import Alphabet
import Arithmetic
import Ink
import NeuralNet
import Testing

@testable import Glyphs
@testable import Layouts

/// Sums that nobody drew.
@Suite struct MadeUpDrawingTests {
  private let ink = twoWriters()

  private func made(
    _ count: Int, seed: UInt64 = 1, _ kinds: [RandomLayout.Kind] = RandomLayout.Kind.allCases
  ) -> [MadeUpDrawing] {
    var made = MadeUpDrawings(ink, kinds: kinds, seed: seed)
    return (0..<count).compactMap { _ in made.next() }
  }

  @Test func moreOfThemBeginWithTheFewer() {
    let (few, many) = (made(5), made(20))
    #expect(many.count == 20)
    #expect(few.map(\.ink.strokes) == many.prefix(5).map(\.ink.strokes))
    #expect(made(5, seed: 2).map(\.ink.strokes) != few.map(\.ink.strokes))
  }

  @Test func whatIsNoPartMakesNothing() {
    var wrong = InkCollection()
    for symbol in ink.symbols {
      var other = symbol
      other.origin = .wrongGroup
      wrong.symbols += [InkSymbol](repeating: other, count: 20)
    }
    let nothing = MadeUpDrawings(wrong, kinds: [.root], seed: 1)
    #expect(nothing.isEmpty && nothing.lacking?.sign == "√")
    let kinds = RandomLayout.Kind.allCases.filter { $0 != .percent }
    #expect(MadeUpDrawings(ink, kinds: kinds, seed: 1).lacking == nil)
  }

  @Test func everyStrokeIsOfOneCharacter() {
    for drawing in made(200) {
      let members = drawing.ink.symbols.flatMap(\.strokes)
      #expect(members == Array(drawing.ink.strokes.indices))
      #expect(
        drawing.ink.symbols.allSatisfy { $0.label == "·" || Alphabet.entry(of: $0.label) != nil })
    }
  }

  @Test func kindsAreWhatWasAskedFor() {
    #expect(made(50, []).allSatisfy { $0.layout.structures.isEmpty })
    let roots = made(100, [.root])
    #expect(roots.allSatisfy { $0.layout.structures.isSubset(of: ["root"]) })
    #expect(roots.contains { $0.layout.structures == ["root"] })
    for kind in RandomLayout.Kind.allCases where kind != .percent {
      #expect(made(100, [kind]).map(\.layout.reading) != made(100, []).map(\.layout.reading))
    }
  }

  /// Where it is known which strokes are which character, the decoder reads what was laid out.
  @Test func whatIsLaidOutIsReadBack() throws {
    var right = 0
    let drawings = made(200)
    for drawing in drawings {
      let symbols = drawing.ink.symbols.map { symbol in
        let box = Box(around: drawing.ink.strokes[symbol.strokes])
        let shape = symbol.label == "·" ? "." : symbol.label
        return LatticeSymbol(
          first: symbol.strokes.lowerBound, last: symbol.strokes.upperBound,
          strokes: Array(symbol.strokes),
          box: .init(
            x0: box?.lower.x ?? 0, y0: box?.lower.y ?? 0, x1: box?.upper.x ?? 0,
            y1: box?.upper.y ?? 0), top: [(shape, 0.98), ("none", 0.01)])
      }
      let reading = LatticeDecoder.decode(symbols, best: 1).first?.first?.text
      if reading == drawing.layout.reading { right += 1 }
    }
    #expect(right >= 170, "\(right) of \(drawings.count)")
  }

  @Test func aLayoutIsSpeltAsItIsRead() {
    let half = Layout.fraction(Layout("1"), Layout("2"))
    #expect(half.reading == "{{1}/{2}}")
    #expect(Layout.power(Layout("2"), Layout("10")).reading == "2^{10}")
    #expect(Layout.root(Layout("8"), index: Layout("3")).reading == "³√{8}")
    #expect(Answer(valueOf: Layout.mixed(Layout("2"), half).reading)?.digits == "2.5")
    #expect(Layout.parentheses(.row([half, Layout("+1")])).structures == ["fraction"])
    #expect(Answer(valueOf: "1/0") == nil && Answer(valueOf: "1+") == nil)
  }
}
