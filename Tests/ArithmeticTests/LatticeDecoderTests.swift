import Streams
import Testing

@testable import Arithmetic

@Suite struct LatticeDecoderTests {
  private func symbol(
    _ first: Int, _ last: Int, _ top: [(String, Double)], y: ClosedRange<Double> = 0...1
  ) -> LatticeSymbol {
    LatticeSymbol(
      first: first, last: last,
      box: .init(x0: Double(first), y0: y.lowerBound, x1: Double(last) - 0.3, y1: y.upperBound),
      top: top.map { (text: $0.0, probability: $0.1) })
  }

  /// The readings of the first line.
  private func best(_ symbols: [LatticeSymbol], _ count: Int) -> [Reading] {
    LatticeDecoder.decode(symbols, best: count).first ?? []
  }

  @Test func noStrokesIsTheEmptyExpression() {
    let readings = LatticeDecoder.decode([], best: 5)
    #expect(readings == [[Reading(text: "", probability: 1, symbols: [])]])
  }

  @Test func everyDrawingHasAReading() {
    let none = symbol(0, 1, [("none", 1)])
    #expect(LatticeDecoder.decode([none], best: 5).first?.first?.text == "?")
    let never = symbol(1, 2, [("3", 0)])
    #expect(LatticeDecoder.decode([none, never], best: 1).first?.first?.text == "?3")
    let flat = symbol(0, 1, [("-", 1)], y: 0...0)
    #expect(LatticeDecoder.decode([flat], best: 1).first?.first?.text == "-")
  }

  @Test func dotsAloneHaveAReading() {
    for count in 1...6 {
      let dots = (0..<count).map { symbol($0, $0 + 1, [(".", 0.9)], y: 0...0.01) }
      #expect(!LatticeDecoder.decode(dots, best: 1).joined().isEmpty, "\(count)")
    }
  }

  /// Where candidates reach further than a reader looks, no path may come to an end.
  @Test func nonsenseOfAnyLengthHasAReading() {
    let marks = (0..<400).map { place in
      LatticeSymbol(
        first: place, last: min(place + 200, 400), strokes: [place, (place + 199) % 400].sorted(),
        box: .init(x0: Double(place), y0: 0, x1: Double(place) + 1, y1: 1), top: [("7", 0.9)])
    }
    let readings = best(marks, 3)
    #expect(readings.first?.answer(AnswerStyle()).failure != nil)
  }

  @Test func grammarDecidesBetweenAlikes() {
    // A stroke that is 1, ( or / by its picture alone.
    let readings = best(
      [
        symbol(0, 1, [("(", 0.4), ("1", 0.35), ("/", 0.25)]), symbol(1, 2, [("4", 0.99)]),
        symbol(2, 3, [("+", 0.99)], y: 0.3...0.8), symbol(3, 4, [("4", 0.99)]),
      ], 3)
    #expect(readings.first?.text == "14+4")
    #expect(readings.count == 3)
    #expect(readings.map(\.probability).reduce(0, +) <= 1 + 1e-12)
  }

  @Test func whatIsExplainedIsWhatDecided() {
    let equation = [
      symbol(0, 1, [("1", 0.99)]), symbol(1, 2, [("=", 0.99)], y: 0.4...0.7),
      symbol(2, 3, [("1", 0.99)]),
    ]
    func explained(_ weights: Weights) -> String {
      let lines = LatticeDecoder.decode(equation, best: 1, weights: weights)
      let bytes = JSONWriter.bytes { json in
        json.beginObject()
        lines.write(to: &json, style: AnswerStyle(explains: true))
        json.endObject()
      }
      return String(decoding: bytes, as: UTF8.self)
    }
    var trusting = Weights.standard
    trusting.trustEquations()
    #expect(explained(trusting).contains(#""truth":[1,2]"#))
    #expect(explained(.standard).contains(#""truth":[0,0]"#))
  }

  @Test func scaleAndPlaceOfThePaperDoNotMatter() {
    let texts: [[(String, Double)]] = [
      [("7", 0.6), ("1", 0.4)], [("-", 0.5), (".", 0.5)], [("2", 0.9), ("3", 0.1)],
    ]
    func decoded(_ scale: Double, _ x: Double, _ y: Double) -> [Reading] {
      best(
        texts.enumerated().map { index, top in
          let left = Double(index)
          let (top0, bottom) = index == 1 ? (0.5, 0.55) : (0.0, 1.0)
          return LatticeSymbol(
            first: index, last: index + 1,
            box: .init(
              x0: x + scale * left, y0: y + scale * top0, x1: x + scale * (left + 0.6),
              y1: y + scale * bottom),
            top: top.map { (text: $0.0, probability: $0.1) })
        }, 4)
    }
    let reference = decoded(1, 0, 0)
    for (scale, x, y) in [(1000.0, 0.0, 0.0), (0.001, 5.0, -3.0), (30, -1e4, 2e4)] {
      let other = decoded(scale, x, y)
      #expect(other.map(\.text) == reference.map(\.text))
      for (a, b) in zip(other, reference) { #expect(abs(a.probability - b.probability) < 1e-6) }
    }
  }
}
