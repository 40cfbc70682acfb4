/// How much each source of knowledge counts, in natural logarithms.
///
/// A reading's score is the sum of its terms, each times its weight; the term of evidence is made of
/// clues, which have weights too. They are learnt: `calc-score --fit` prints those of the house (`learned`).
public struct Weights: Equatable, Sendable {
  /// What is counted or measured along a reading.
  public enum Term: Int, CaseIterable, Sendable {
    /// The logarithm of each character's probability, by its clues.
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

  /// What tells how likely strokes are a character, before it is compared with all else they could be.
  public enum Clue: Int, CaseIterable, Sendable {
    /// The logarithm of what the network gives its picture.
    case picture
    /// The logarithm of the likelihood of its size and place.
    case place
    /// A dot that multiplies; those before decimals are more frequent.
    case raisedDot
    /// One of % and !, which are rarer in sums than their shapes in training.
    case rare
    /// A character that is whole without a dot of its strokes.
    case swallowedDot
    /// No character at all.
    case foreign
  }

  /// Terms as one vector: those of `Term`, then how much the evidence grows with the weight of each `Clue`.
  typealias Terms = SIMD16<Double>
  /// Clues as one vector, in the order of `Clue`.
  typealias Clues = SIMD8<Double>

  /// Partial paths kept at each stroke.
  static let beam = 64

  /// The weights of the terms, 0 behind them.
  var terms = Terms.zero
  /// The weights of the clues.
  var clues = Clues.zero
  /// How sure a reading of some measures is.
  var confidence = Confidence()
  /// Whether it is followed how the evidence grows with the weights of clues, which takes its time and is
  /// told by explanations alone.
  public var followsClues = false

  /// The weights of the house.
  public static let standard = Weights()
  /// The gain of an equation that holds, where equations are trusted.
  static let trust = 2.0

  private init() {
    for (name, value) in Self.learned { _ = set(name, to: value) }
  }

  /// Makes equations that hold likelier than others.
  public mutating func trustEquations() { terms[Term.truth] = Self.trust }

  /// The score of terms.
  func score(_ terms: Terms) -> Double { (terms * self.terms).sum() }
}

extension Weights.Terms {
  subscript(_ term: Weights.Term) -> Double {
    get { self[term.rawValue] }
    set { self[term.rawValue] = newValue }
  }

  /// How much the evidence grows with the weight of a clue.
  subscript(_ clue: Weights.Clue) -> Double {
    get { self[Weights.Term.allCases.count + clue.rawValue] }
    set { self[Weights.Term.allCases.count + clue.rawValue] = newValue }
  }

  /// Adds how much some evidence grows with the weights of its clues.
  mutating func add(_ slopes: Weights.Clues) {
    for clue in Weights.Clue.allCases { self[clue] += slopes[clue] }
  }
}

extension Weights.Clues {
  subscript(_ clue: Weights.Clue) -> Double {
    get { self[clue.rawValue] }
    set { self[clue.rawValue] = newValue }
  }
}
