import Testing

@testable import Scoring

/// How `calc-score --fit` learns; the expected numbers are those of SciPy's BFGS on the same functions.
@Suite struct DecoderFitTests {
  @Test func confidenceIsThatOfAnotherSolver() {
    let measures: [(Double, Double, Bool)] = [
      (0.2, -1, false), (1.4, -0.5, true), (-0.3, -2, false), (2, 0, true), (0.9, -1.5, true),
      (-1, -0.2, false), (0.1, -0.1, true), (-0.6, -1, false),
    ]
    let fit = ConfidenceFit(
      claims: measures.map { .init(measures: [1, $0.0, $0.1], isRight: $0.2, fold: 0) })
    let expected = [0.971765426, 3.536918329, 2.056122928]
    #expect(zip(fit.weights(), expected).allSatisfy { abs($0 - $1) < 1e-5 })
    // Nothing is learnt from nothing.
    #expect(fit.weights(without: 0).isEmpty)
    #expect(fit.reliability.calibrationError == nil)
  }

  @Test func choicesAreThoseOfAnotherSolver() {
    let start = [1, -0.5]
    let lists: [[([Double], Bool)]] = [
      [([-1, 0.5], false), ([-2, 0.1], true), ([-1.5, 1], false)],
      [([-0.4, 0], true), ([-0.9, 2], false)],
      [([-3, 1], false), ([-1, -1], true), ([-2, 0], true)],
      [([-0.2, 0.3], false), ([-0.3, 0.1], true)],
    ]
    let choices = lists.enumerated().map { place, list in
      ReadingChoice(
        rivals: list.map { slopes, isRight in
          .init(
            slopes: slopes, score: zip(slopes, start).reduce(0) { $0 + $1.0 * $1.1 },
            isRight: isRight)
        }, fold: place % 2)
    }
    let fit = ChoiceFit(choices: choices, start: start)
    let expected = [0.874523782, -0.559027918]
    #expect(zip(fit.weights(), expected).allSatisfy { abs($0 - $1) < 1e-5 })
    #expect(fit.countRight(choices, start) == 2)
    #expect(fit.weights(without: 1) != fit.weights())
  }
}
