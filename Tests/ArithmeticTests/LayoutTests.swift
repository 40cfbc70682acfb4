import Mechanics
import Testing

@testable import Arithmetic

/// What stands over, under, above and beside what.
@Suite struct LayoutTests {
  typealias Mark = (text: String, x: ClosedRange<Double>, y: ClosedRange<Double>)

  /// The best reading of each line of marks that are one stroke each.
  private func read(_ marks: [Mark]) -> [String] {
    let symbols = marks.enumerated().map { index, mark in
      LatticeSymbol(
        first: index, last: index + 1, strokes: [index],
        box: .init(
          x0: mark.x.lowerBound, y0: mark.y.lowerBound, x1: mark.x.upperBound,
          y1: mark.y.upperBound), top: [(mark.text, 0.95), ("none", 0.04)])
    }
    return LatticeDecoder.decode(symbols, best: 5).compactMap(\.first?.text)
  }

  /// A line of digits and signs, 1 high.
  private func row(_ text: String, x: Double = 0, y: Double = 0, size: Double = 1) -> [Mark] {
    text.enumerated().map { place, character in
      let left = x + 0.9 * size * Double(place)
      let flat = character == "-"
      let (top, bottom) = flat ? (0.58, 0.62) : character == "+" ? (0.2, 0.9) : (0.0, 1.0)
      return (
        String(character), left...left + 0.6 * size, y + top * size...y + bottom * size
      )
    }
  }

  private func bar(_ x: ClosedRange<Double>, y: Double) -> Mark { ("-", x, y...y + 0.03) }

  @Test func fractions() {
    #expect(
      read(row("12") + [bar(-0.2...1.7, y: 1.2)] + row("4", x: 0.4, y: 1.5)) == ["{{12}/{4}}"])
    // A bar between two others: the longest is the outermost.
    let nested =
      row("1", x: 0.5, y: -2.6) + [bar(0.3...1.3, y: -1.4)] + row("2", x: 0.5, y: -1.2)
      + [bar(-0.2...1.8, y: 0)] + row("3", x: 0.5, y: 0.3)
    #expect(read(nested) == ["{{{{1}/{2}}}/{3}}"])
    let sum =
      row("1", y: -1.2) + [bar(-0.1...0.7, y: 0)] + row("2", y: 0.2)
      + row("+", x: 1.1, y: -0.55) + row("5", x: 2, y: -0.5)
    #expect(read(sum) == ["{{1}/{2}}+5"])
  }

  @Test func powers() {
    let ten = row("10", x: 0.75, y: -0.35, size: 0.5)
    #expect(read(row("2") + ten) == ["2^{10}"])
    #expect(read(row("2") + ten + row("+3", x: 1.8)) == ["2^{10}+3"])
    #expect(read(row("2") + row("3", x: 0.7, y: -0.4, size: 0.55) + row("5", x: 1.3)) == ["2^{3}5"])
    #expect(read(row("25")) == ["25"])
    let raised =
      row("2") + row("3", x: 0.75, y: -0.4, size: 0.6) + row("2", x: 1.2, y: -0.7, size: 0.35)
    #expect(read(raised) == ["2^{3^{2}}"])
  }

  @Test func roots() {
    let sign: Mark = ("√", 0...3.2, -0.2...1.2)
    #expect(read([sign] + row("25", x: 0.9)) == ["√{25}"])
    #expect(read([sign] + row("5", x: 1.3) + row("+1", x: 3.6)) == ["√{5}+1"])
    #expect(read(row("3", x: -0.1, y: -0.15, size: 0.4) + [sign] + row("8", x: 1.3)) == ["³√{8}"])
  }

  @Test func mixedNumbers() {
    let half =
      row("1", x: 0.9, y: -0.2, size: 0.5) + [bar(0.85...1.3, y: 0.5)]
      + row("2", x: 0.9, y: 0.7, size: 0.5)
    let readings = read(row("2") + half)
    #expect(readings == ["2\u{2064}{{1}/{2}}"])
    #expect(Answer(readings[0]).text == "(2+1/2)=5/2")
  }

  @Test func linesAndColumns() {
    let below = row("5+6", y: 2.2)
    #expect(read(row("12+3") + below) == ["12+3", "5+6"])
    #expect(read(row("12+3") + row("5+6", x: 8)) == ["12+3", "5+6"])
    #expect(read(row("5") + row("6", x: 8)) == ["5", "6"])
    // What stands behind a sign goes on however far it is.
    #expect(read(row("5+") + row("6", x: 5)) == ["5+6"])
  }

  @Test func whatIsNoWriting() {
    let speck: Mark = (".", 9...9.05, 6...6.05)
    #expect(read(row("12+3") + [speck]) == ["12+3"])
    #expect(read(row("12+3") + [bar(-0.2...3.8, y: 1.4)]) == ["12+3"])
    #expect(read(row("12+3") + [("none", -0.2...3.8, -0.4...1.4)]) == ["12+3"])
  }

  @Test func dotsByTheirPlace() {
    func line(dotAt y: Double) -> [String] {
      read(row("7") + [(".", 0.75...0.85, y...y + 0.1)] + row("8", x: 1))
    }
    #expect(line(dotAt: 0.9) == ["7.8"])
    #expect(line(dotAt: 0.45) == ["7·8"])
  }

  @Test(arguments: [
    ("{{1}/{2}}", "1/2"), ("{{1+2}/{3}}", "(1+2)/3"), ("3-{{1}/{2}}", "3-1/2"),
    ("3×{{1}/{2}}", "3×(1/2)"), ("{{1}/{2}}^{2}", "(1/2)^2"), ("2^{10}+1", "2^10+1"),
    ("2^{1}3^{2}", "2^(1)3^2"), ("2^{-3}", "2^-3"), ("2^{1+2}", "2^(1+2)"), ("√{5}", "√5"),
    ("√{1+2}", "√(1+2)"), ("√{5}2", "√(5)2"), ("√{2}^{2}", "√2^2"), ("³√{8}", "³√8"),
    ("2\u{2064}{{1}/{2}}+1", "(2+1/2)+1"), ("{{{{1}/{2}}}/{3}}", "(1/2)/3"),
    ("{{2^{5}}/{3+1}}", "2^5/(3+1)"), ("2{{1}/{2}}", "2(1/2)"), ("1+2", "1+2"),
  ]) func plainSpelling(layout: String, plain: String) throws {
    #expect(LayoutSpelling.plain(layout) == plain)
    let values = try [layout, plain].map { try Expression($0).value()?.description }
    #expect(values[0] != nil && values[0] == values[1], "\(plain)")
  }

  /// Layouts at random, put together of all that a row may have: both spellings have the same value.
  @Test func bothSpellingsHaveOneValue() throws {
    var random = SplitMix64(seed: 11)
    func row(_ depth: Int) -> String {
      let terms = (0..<Int.random(in: 1...2, using: &random)).map { _ in term(depth) }
      return terms.joined(separator: ["+", "-", "×"].randomElement(using: &random) ?? "+")
    }
    func term(_ depth: Int) -> String {
      let number = String(Int.random(in: 1...9, using: &random))
      switch depth > 2 ? 0 : Int.random(in: 0...6, using: &random) {
      case 1: return "{{\(row(depth + 1))}/{\(row(depth + 1))}}"
      case 2: return "\(number)^{\(Int.random(in: 0...2, using: &random))}"
      case 3: return "(\(row(depth + 1)))^{2}"
      case 4: return "√{\(row(depth + 1))}"
      case 5: return "\(number)\u{2064}{{1}/{\(number)}}"
      case 6: return "\(number){{\(row(depth + 1))}/{\(number)}}"
      default: return number
      }
    }
    for _ in 0..<2000 {
      let layout = row(0)
      let plain = LayoutSpelling.plain(layout)
      let expected = Result { try Expression(layout).value() }.map { "\($0.map { "\($0)" } ?? "")" }
      let found = Result { try Expression(plain).value() }.map { "\($0.map { "\($0)" } ?? "")" }
      switch (expected, found) {
      case (.success(let one), .success(let other)): #expect(one == other, "\(plain) of \(layout)")
      case (.failure, .failure): break
      default: Issue.record("\(plain) of \(layout)")
      }
    }
  }
}
