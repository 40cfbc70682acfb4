import Testing

@testable import Arithmetic

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Rules of the language and of the reader at their boundaries, and one step beside them.
@Suite struct ArithmeticBoundaryTests {
  @Test("the longest expression is read, one character more is too long")
  func longest() throws {
    let digits = String(repeating: "1", count: Expression.longest)
    #expect(try Expression(digits).text.count == Expression.longest)
    #expect(throws: ArithmeticError.self) { try Expression(digits + "1") }
  }

  @Test("thirty decimals are written out, one more stays a fraction")
  func decimals() throws {
    for base in [2, 5, 10] {
      let thirty = Rational(1, .init(base).power(30))
      let text = try #require(thirty.decimalText)
      #expect(text.count == 32 && text.hasPrefix("0.0"))
      #expect(Rational(1, .init(base).power(31)).decimalText == nil)
    }
  }

  @Test(
    "a rounded equation holds to one of its last place, and not beyond",
    arguments: [
      ("0.34=0.33", true), ("0.341=0.33", false), ("0.32=0.33", true), ("0.3199=0.33", false),
      ("1/3=0.33", true), ("2/3=0.6", true), ("4/5=0.6", false), ("2+2=4", true), ("2+2=5", false),
      ("5=4", false), ("2+2", false), ("1=1=0.9", true), ("1=1=0.8", false),
    ])
  func rounded(_ text: String, _ holds: Bool) throws {
    #expect(try Expression(text).holdsRounded() == holds)
  }

  @Test("what follows what: an expression begins with ( and does not end with it")
  func habits() {
    #expect(Usage.score(.edge, .open) > 0 && Usage.score(.open, .edge) < 0)
    #expect(Usage.score(.close, .equals) > 0 && Usage.score(.equals, .close) < 0)
    #expect(Usage.score(.digit, .close) > 0 && Usage.score(.close, .digit) < 0)
  }

  @Test("a median is reached with half of the weight")
  func median() {
    #expect(GlyphGeometry.median([(3, 1), (1, 1)]) == 1)
    #expect(GlyphGeometry.median([(3, 1), (1, 0.999)]) == 3)
    #expect(GlyphGeometry.median([(2, 1), (1, 1), (3, 1)]) == 2)
    #expect(GlyphGeometry.median([]) == 0)
  }

  /// The line that ones stand on, in a row that rises.
  private func slope(_ count: Int, apart: Double = 3, rise: Double = 0.25) -> Double {
    let scale = GlyphGeometry([(.init(x0: 0, y0: 0, x1: 0, y1: 1), "1", 1)]).scale
    return GlyphGeometry(
      (0..<count).map { place in
        let (x, y) = (apart * scale * Double(place), rise * apart * scale * Double(place))
        return (.init(x0: x, y0: y, x1: x, y1: y + 1), "1", 1)
      }
    ).slope
  }

  @Test(
    "four characters have a slope, three none; one of 0.3 at most, from pairs two heights apart")
  func slopes() {
    #expect(slope(3) == 0)
    #expect(abs(slope(4) - 0.25) < 1e-12)
    #expect(slope(4, rise: 1) == 0.3 && slope(4, rise: -1) == -0.3)
    // Of four that stand close together not even the outer two are far enough apart.
    #expect(slope(4, apart: 0.66) == 0 && slope(4, apart: 0.67) != 0)
  }

  @Test("a character is worth its picture and its place to the powers of their weights")
  func weights() throws {
    let box = LatticeSymbol.Box(x0: 0, y0: 0, x1: 0.4, y1: 1)
    let symbol = LatticeSymbol(first: 0, last: 1, box: box, top: [("1", 0.75), ("7", 0.25)])
    let readings = try #require(LatticeDecoder.decode([symbol], best: 2).first)
    try #require(readings.map(\.text) == ["1", "7"])
    // Both are digits, so that nothing else tells them apart; the line is that of the first.
    let line = GlyphGeometry([(box, "1", 1)])
    let (one, seven) = try (
      #require(GlyphGeometry.classes["1"]), #require(GlyphGeometry.classes["7"])
    )
    let places = line.likelihood(one, box) / line.likelihood(seven, box)
    let weights = Weights.standard.clues
    let ratio = pow(3, weights[.picture]) * pow(places, weights[.place])
    let (first, second) = try (#require(readings[0].terms), #require(readings[1].terms))
    #expect(abs(exp(first[.evidence] - second[.evidence]) / ratio - 1) < 1e-9)
    #expect(abs(readings[0].probability + readings[1].probability - 1) < 1e-12)
  }
}
