/// How much each source of knowledge counts, in natural logarithms.
///
/// A reading's score is the sum of its terms, each times its weight.
public struct Weights: Equatable, Sendable {
  /// What is counted or measured along a reading.
  public enum Term: Int, CaseIterable, Sendable {
    /// The logarithm of each character's probability, by its picture and its place.
    case evidence
    /// The habits of writing in `Usage`.
    case usage
    /// How often the grammar is left.
    case grammar
    /// An equation that holds.
    case truth
    /// Characters.
    case character
    /// Rises above the line.
    case rise
    /// Bars and roots that span something.
    case structure
    /// Gaps within a line that are wider than gaps are, and characters that overlap.
    case gap
    /// The logarithm of each character's probability of standing on its line and on no other.
    case line
  }

  /// Terms as one vector, in the order of `Term`.
  typealias Terms = SIMD16<Double>

  /// Exponent of the network's probability within the evidence.
  static let picture = 0.8
  /// Exponent of the likelihood of size and place within the evidence.
  static let place = 0.5
  /// How much rarer dots are that multiply than those before decimals.
  static let raisedDot = 0.05
  /// How much rarer % and ! are in sums than their shapes in training.
  static let rare = 0.2
  /// How much less likely a character is that is whole without a dot of its strokes.
  static let swallowedDot = 0.05
  /// Partial paths kept at each stroke.
  static let beam = 64

  /// The weights, in the order of `Term`.
  var values = Terms(
    lowHalf: SIMD8(1, 0.7, -6, 0, -1, -0.5, 0.5, -2), highHalf: SIMD8(1, 0, 0, 0, 0, 0, 0, 0))

  /// The weights of the house.
  public static let standard = Weights()
  /// The gain of an equation that holds, where equations are trusted.
  static let trust = 2.0

  /// The house's weights; where `trustsEquations`, those that hold are likelier.
  public init(trustsEquations: Bool = false) {
    if trustsEquations { values[Term.truth.rawValue] = Self.trust }
  }

  /// The score of terms.
  func score(_ terms: Terms) -> Double { (terms * values).sum() }
}

extension Weights.Terms {
  subscript(_ term: Weights.Term) -> Double {
    get { self[term.rawValue] }
    set { self[term.rawValue] = newValue }
  }
}
