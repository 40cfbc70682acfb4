import Mechanics
import Testing

@testable import Arithmetic

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The beam search against one that tries every path.
@Suite struct LatticeSearchTests {
  private typealias Option = LatticeSearch.Option

  /// A lattice of neighbours up to three strokes wide, with random options.
  private func lattice(
    _ strokes: Int, options count: Int, _ random: inout some RandomNumberGenerator
  ) -> ([LatticeSymbol], [[Option]]) {
    let alphabet = Array("0123456789.+-×÷/()=").map(String.init) + ["x"]
    var symbols: [LatticeSymbol] = []
    for first in 0..<strokes {
      for last in first + 1...min(first + 3, strokes)
      where last == first + 1 || Bool.random(using: &random) {
        let box = LatticeSymbol.Box(
          x0: Double(first), y0: 0, x1: Double(last) - 0.1, y1: .random(in: 0...1, using: &random))
        let texts = alphabet.shuffled(using: &random).prefix(count)
        symbols.append(
          LatticeSymbol(
            first: first, last: last, box: box,
            top: texts.map { ($0, Double.random(in: 0.01...1, using: &random)) }))
      }
    }
    symbols.shuffle(using: &random)
    let options = symbols.map { symbol in
      symbol.top.map {
        Option(text: $0.text, probability: $0.probability, score: log($0.probability))
      }
    }
    return (symbols, options)
  }

  /// The best score of every text that some path spells.
  private func everyText(
    _ symbols: [LatticeSymbol], _ options: [[Option]], _ strokes: Int
  ) -> [String: Double] {
    var best: [String: Double] = [:]
    func follow(_ position: Int, _ text: String, _ kind: Usage.Kind, _ score: Double) {
      if position == strokes {
        var state: GrammarState? = GrammarState()
        for character in text { state = state?.advanced(by: character) }
        var total = score + Weights.usage * Usage.score(kind, .edge)
        if !(state?.canEnd ?? false) { total -= Weights.grammar }
        if state != nil, Usage.isTrueEquation(text) { total += Weights.truth }
        best[text] = max(best[text] ?? -.infinity, total)
        return
      }
      for (symbol, options) in zip(symbols, options) where symbol.first == position {
        for option in options {
          let next = Usage.kind(option.text)
          let gain = option.score + Weights.usage * Usage.score(kind, next)
          follow(symbol.last, text + option.text, next, score + gain)
        }
      }
    }
    follow(0, "", .edge, 0)
    return best
  }

  @Test func findsWhatTryingAllFinds() {
    var random = SplitMix64(seed: 3)
    for _ in 0..<300 {
      let strokes = Int.random(in: 1...3, using: &random)
      let (symbols, options) = lattice(strokes, options: 3, &random)
      var search = LatticeSearch(
        symbols, strokes: strokes, options: options, beam: 1000, room: .max)
      let found = search.readings()
      let expected = everyText(symbols, options, strokes)
      #expect(found.count == expected.count)
      for reading in found {
        #expect(
          abs(reading.probability - (expected[reading.text] ?? .nan)) < 1e-9, "\(reading.text)")
        #expect(reading.symbols.map(\.text).joined() == reading.text)
        #expect(reading.symbols.first?.candidate.first == 0)
        #expect(reading.symbols.last?.candidate.last == strokes)
        for (one, next) in zip(reading.symbols, reading.symbols.dropFirst()) {
          #expect(one.candidate.last == next.candidate.first)
        }
      }
      #expect(zip(found, found.dropFirst()).allSatisfy { $0.probability >= $1.probability })
    }
  }

  @Test func sortingOutEarlyLosesNothing() {
    var random = SplitMix64(seed: 4)
    for _ in 0..<60 {
      let strokes = Int.random(in: 4...9, using: &random)
      let (symbols, options) = lattice(strokes, options: 6, &random)
      var eager = LatticeSearch(symbols, strokes: strokes, options: options, beam: 8, room: 9)
      var patient = LatticeSearch(symbols, strokes: strokes, options: options, beam: 8, room: .max)
      #expect(eager.readings() == patient.readings())
    }
  }
}

@Suite struct LatticeDecoderTests {
  private func symbol(
    _ first: Int, _ last: Int, _ top: [(String, Double)], y: ClosedRange<Double> = 0...1
  ) -> LatticeSymbol {
    LatticeSymbol(
      first: first, last: last,
      box: .init(x0: Double(first), y0: y.lowerBound, x1: Double(last) - 0.3, y1: y.upperBound),
      top: top.map { (text: $0.0, probability: $0.1) })
  }

  @Test func noStrokesIsTheEmptyExpression() {
    let readings = LatticeDecoder.decode([], best: 5)
    #expect(readings == [Reading(text: "", probability: 1, symbols: [])])
  }

  @Test func everyDrawingHasAReading() {
    let none = symbol(0, 1, [("none", 1)])
    #expect(LatticeDecoder.decode([none], best: 5).first?.text == "?")
    let never = symbol(1, 2, [("3", 0)])
    #expect(LatticeDecoder.decode([none, never], best: 1).first?.text == "?3")
    let flat = symbol(0, 1, [("-", 1)], y: 0...0)
    #expect(LatticeDecoder.decode([flat], best: 1).first?.text == "-")
  }

  @Test func grammarDecidesBetweenAlikes() {
    // A stroke that is 1, ( or / by its picture alone.
    let readings = LatticeDecoder.decode(
      [
        symbol(0, 1, [("(", 0.4), ("1", 0.35), ("/", 0.25)]), symbol(1, 2, [("4", 0.99)]),
        symbol(2, 3, [("+", 0.99)], y: 0.3...0.8), symbol(3, 4, [("4", 0.99)]),
      ], best: 3)
    #expect(readings.first?.text == "14+4")
    #expect(readings.count == 3)
    #expect(readings.map(\.probability).reduce(0, +) <= 1 + 1e-12)
  }

  @Test func scaleAndPlaceOfThePaperDoNotMatter() {
    let texts: [[(String, Double)]] = [
      [("7", 0.6), ("1", 0.4)], [("-", 0.5), (".", 0.5)], [("2", 0.9), ("3", 0.1)],
    ]
    func decoded(_ scale: Double, _ x: Double, _ y: Double) -> [Reading] {
      LatticeDecoder.decode(
        texts.enumerated().map { index, top in
          let left = Double(index)
          let (top0, bottom) = index == 1 ? (0.5, 0.55) : (0.0, 1.0)
          return LatticeSymbol(
            first: index, last: index + 1,
            box: .init(
              x0: x + scale * left, y0: y + scale * top0, x1: x + scale * (left + 0.6),
              y1: y + scale * bottom),
            top: top.map { (text: $0.0, probability: $0.1) })
        }, best: 4)
    }
    let reference = decoded(1, 0, 0)
    for (scale, x, y) in [(1000.0, 0.0, 0.0), (0.001, 5.0, -3.0), (30, -1e4, 2e4)] {
      let other = decoded(scale, x, y)
      #expect(other.map(\.text) == reference.map(\.text))
      for (a, b) in zip(other, reference) { #expect(abs(a.probability - b.probability) < 1e-6) }
    }
  }
}
