import Arithmetic

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The readings of a drawing that `expr-eval --explain` weighed, of which one at least is what was written.
///
/// A reading's score is linear in the weights of its terms; it is taken to be so in the weights of clues
/// too, near those that it was made with.
struct ReadingChoice {
  /// One of them.
  struct Rival {
    /// How its score grows with each weight.
    let slopes: [Double]
    /// Its score by the weights it was made with.
    let score: Double
    let isRight: Bool
  }

  let rivals: [Rival]
  /// Its writer's fold, of five.
  let fold: Int

  /// The names of the weights it tells of, in the order of `slopes`.
  static let names = Weights.ofReadings.terms + Weights.ofReadings.clues
}

/// The weights by which readings are chosen: those under which the written ones are likeliest.
///
/// The likelihood of a drawing is the share that softmax gives its right readings among all. It is
/// maximised by Newton's steps, each with the right readings' shares held (expectation maximisation), and
/// held near the weights at the start, near which alone the slopes are known: `expr-eval --weights` with
/// what was found, and the fit again, lead on. Source: J. Lafferty, A. McCallum, F. Pereira, "Conditional
/// random fields", ICML 2001, over lists of the best as in F. Och, ACL 2003.
struct ChoiceFit {
  let choices: [ReadingChoice]
  /// The weights that the readings were made with.
  let start: [Double]

  /// How far a weight goes in one fit, in standard deviations of a normal distribution: half of itself; those
  /// of picture and place, of which slopes are true nearby alone, a tenth.
  private var precision: [Double] {
    zip(ReadingChoice.names, start).map { name, weight in
      let isNear = [Weights.Clue.picture, .place].map(\.name).contains(name)
      let reach = isNear ? max(0.1 * abs(weight), 0.05) : max(0.5 * abs(weight), 0.2)
      return 1 / (reach * reach)
    }
  }

  /// The weights that suit the choices best that are not of a fold.
  func weights(without fold: Int? = nil) -> [Double] {
    let choices = choices.filter { $0.fold != fold }
    return newtonMaximum(from: start) {
      likelihood(choices, $0) + hold($0)
    } curvature: {
      curvature(choices, at: $0)
    }
  }

  /// The logarithm of how likely the right readings are by some weights, over all choices.
  func likelihood(_ choices: [ReadingChoice], _ weights: [Double]) -> Double {
    choices.reduce(0) { $0 + log(max(shares($1, weights).right, 1e-300)) }
  }

  /// The choices whose likeliest reading is right by some weights.
  func countRight(_ choices: [ReadingChoice], _ weights: [Double]) -> Int {
    choices.count { choice in
      let shares = shares(choice, weights).all
      return shares.indices.max { shares[$0] < shares[$1] }.map { choice.rivals[$0].isRight }
        ?? false
    }
  }

  private func hold(_ weights: [Double]) -> Double {
    zip(zip(weights, start), precision).reduce(0) { sum, pair in
      let off = pair.0.0 - pair.0.1
      return sum - 0.5 * pair.1 * off * off
    }
  }

  private func shares(_ choice: ReadingChoice, _ weights: [Double]) -> (
    all: [Double], right: Double
  ) {
    let moved = zip(weights, start).map { $0 - $1 }
    let scores = choice.rivals.map { rival in
      zip(rival.slopes, moved).reduce(rival.score) { $0 + $1.0 * $1.1 }
    }
    let top = scores.max() ?? 0
    let powers = scores.map { exp($0 - top) }
    let sum = powers.reduce(0, +)
    let shares = powers.map { $0 / sum }
    return (
      shares, zip(choice.rivals, shares).reduce(0) { $0 + ($1.0.isRight ? $1.1 : 0) }
    )
  }

  private func curvature(_ choices: [ReadingChoice], at weights: [Double]) -> Curvature {
    var curvature = Curvature(count: weights.count)
    for choice in choices {
      let (shares, right) = shares(choice, weights)
      var mean = [Double](repeating: 0, count: weights.count)
      for (rival, share) in zip(choice.rivals, shares) {
        for place in mean.indices { mean[place] += share * rival.slopes[place] }
      }
      for (rival, share) in zip(choice.rivals, shares) {
        let off = zip(rival.slopes, mean).map { $0 - $1 }
        curvature.bend(off, times: share)
        if rival.isRight { curvature.add(off, times: share / max(right, 1e-300)) }
      }
    }
    curvature.pull(weights, to: start, by: precision)
    return curvature
  }
}
