import Testing

@testable import Arithmetic

/// How sure the calculator is, and what it does not answer.
@Suite struct ConfidenceTests {
  /// 7+8 of three strokes, each as likely as told, else `none`.
  private func readings(_ probabilities: [Double], gap: Double = 0) -> [Reading] {
    let symbols = zip("7+8", probabilities).enumerated().map { place, mark in
      LatticeSymbol(
        first: place, last: place + 1, strokes: [place],
        box: .init(
          x0: (0.9 + gap) * Double(place), y0: place == 1 ? 0.2 : 0,
          x1: (0.9 + gap) * Double(place) + 0.6, y1: place == 1 ? 0.8 : 1),
        top: [(String(mark.0), mark.1), ("none", 1 - mark.1)])
    }
    return LatticeDecoder.decode(symbols, best: 5).first ?? []
  }

  @Test func neatInkIsSureAndDoubtfulInkIsNot() throws {
    let neat = try #require(readings([0.98, 0.98, 0.98]).first)
    let doubtful = try #require(readings([0.98, 0.02, 0.98]).first)
    #expect(neat.text == "7+8" && neat.probability > 0.9)
    #expect(doubtful.probability < neat.probability - 0.2)
    // Each character counts, and so do gaps.
    let chances = [0.9, 0.6, 0.3, 0.1].map { readings([$0, 0.98, 0.98]).first?.probability ?? 0 }
    #expect(zip(chances, chances.dropFirst()).allSatisfy { $0 > $1 })
    #expect(
      try #require(readings([0.98, 0.98, 0.98], gap: 2.4).first).probability < neat.probability)
  }

  @Test func whatIsRejectedSaysWhereAndIsAnAlternative() throws {
    let readings = readings([0.98, 0.02, 0.98])
    let reading = try #require(readings.first)
    let kept = reading.answer(AnswerStyle(leastConfidence: reading.probability))
    #expect(kept.failure == nil)
    let style = AnswerStyle(leastConfidence: reading.probability + 0.001)
    let error = try #require(reading.answer(style).failure)
    #expect(error.code == .unsure && error.position == 2)
    #expect(error.description.hasPrefix("'+' may be something else"))
    #expect(reading.answer(style).text == "7+8")
  }

  @Test func noLineIsMuchSurerThanAnother() {
    func mark(_ text: String, _ place: Int, y: Double, _ probability: Double) -> LatticeSymbol {
      LatticeSymbol(
        first: place, last: place + 1, strokes: [place],
        box: .init(
          x0: 0.9 * Double(place % 2), y0: y, x1: 0.9 * Double(place % 2) + 0.6, y1: y + 1),
        top: [(text, probability), ("none", 1 - probability)])
    }
    func lines(_ probability: Double) -> [Double] {
      LatticeDecoder.decode(
        [
          mark("7", 0, y: 0, 0.98), mark("8", 1, y: 0, 0.98), mark("?", 2, y: 3, probability),
          mark("4", 3, y: 3, probability),
        ], best: 1
      ).compactMap(\.first?.probability)
    }
    let doubtful = lines(0.001)
    #expect(doubtful.count == 2 && doubtful[1] < 0.1)
    #expect(abs(doubtful[0] - doubtful[1] - 0.5) < 1e-12)
  }

  @Test func aTextIsNeverRejected() {
    let reading = Reading(text: "1+1", probability: 0.2, symbols: [])
    #expect(reading.answer(AnswerStyle(leastConfidence: 1)).text == "1+1=2")
  }
}
