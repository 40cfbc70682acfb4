import Statistics

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The weights by which a calculator says how sure it is: a logistic regression on what it measured of
/// readings with a value.
struct ConfidenceFit {
  /// A reading with a value.
  struct Claim {
    /// What was measured, and 1 for the bias before it.
    let measures: [Double]
    let isRight: Bool
    /// Its writer's fold, of five.
    let fold: Int
  }

  let claims: [Claim]

  /// How much a measure's weight, times its deviation, is held near 0, for a claim.
  private static let precision = 0.01

  /// The weights that suit the claims best that are not of a fold, the bias first.
  func weights(without fold: Int? = nil) -> [Double] {
    let claims = claims.filter { $0.fold != fold }
    guard let first = claims.first else { return [] }
    let count = Double(claims.count)
    // Measures are held as much as they vary, whatever their units; the bias is free.
    let precision = first.measures.indices.map { place -> Double in
      let values = claims.map { $0.measures[place] }
      if place == 0 { return 1e-6 }
      // What never varies tells nothing.
      if values.allSatisfy({ $0 == values[0] }) { return 1e6 }
      let deviation = values.populationDeviation
      return Self.precision * count * deviation * deviation + 1e-6
    }
    let none = [Double](repeating: 0, count: first.measures.count)
    return newtonMaximum(from: none) { weights in
      claims.reduce(0) { sum, claim in
        let share = Self.probability(claim, weights)
        return sum + log(max(claim.isRight ? share : 1 - share, 1e-300))
      } - 0.5 * zip(weights, precision).reduce(0) { $0 + $1.1 * $1.0 * $1.0 }
    } curvature: { weights in
      var curvature = Curvature(count: weights.count)
      for claim in claims {
        let share = Self.probability(claim, weights)
        curvature.add(claim.measures, times: (claim.isRight ? 1 : 0) - share)
        curvature.bend(claim.measures, times: max(share * (1 - share), 1e-6))
      }
      curvature.pull(weights, to: none, by: precision)
      return curvature
    }
  }

  /// What the confidences of claims are worth by weights that were learnt without their writers.
  var reliability: Reliability {
    var reliability = Reliability()
    for fold in Set(claims.map(\.fold)) {
      let weights = weights(without: fold)
      for claim in claims where claim.fold == fold && !weights.isEmpty {
        reliability.add(Self.probability(claim, weights), isRight: claim.isRight)
      }
    }
    return reliability
  }

  private static func probability(_ claim: Claim, _ weights: [Double]) -> Double {
    1 / (1 + exp(-zip(claim.measures, weights).reduce(0) { $0 + $1.0 * $1.1 }))
  }
}
