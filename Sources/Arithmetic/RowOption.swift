import Alphabet
import Mechanics

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A part of a row, one of its characters or what a bar or a root spans, and what it could be.
struct RowPart {
  /// Where it comes from.
  enum Source {
    /// A candidate, by its number.
    case symbol(Int)
    /// A fraction or a root, by the candidate that is its bar or sign.
    case structure(sign: Int)
    /// A stroke that is no candidate.
    case stroke
  }

  let source: Source
  let span: StrokeCover.Span
  let box: LatticeSymbol.Box
  let options: [RowOption]
  /// Its strokes, ascending.
  let strokes: [Int]
}

/// One thing that a part of a row could be.
struct RowOption {
  /// Its text, in the spelling of readings.
  let text: String
  /// What it is to the grammar; nil where it is foreign.
  let role: Role?
  /// What it is to the habits of what stands before it, and to those of what comes next.
  let before, after: Usage.Kind
  let hash: UInt64
  /// Of a character, the class it is measured by, and what tells it but for its place.
  let figures: GlyphGeometry.Class?
  let clues: Weights.Clues
  /// What these come to by their weights.
  let weighed: Double
  /// What tells its line: its class, or how large bars and roots with what they span are.
  let extent: GlyphGeometry.Class?
  /// Of a structure, what its inside counts.
  let terms: Weights.Terms
  /// What was read within it, in order, its own sign first.
  let inside: [Reading.Symbol]
  /// Whether it can be the fraction of a mixed number, and its digits' size, in the ink's unit.
  let isPlainFraction: Bool
  let digitSize: Double

  /// What stands in a row.
  enum Role {
    case character(Alphabet.Kind)
    /// A fraction or a root: an operand by itself.
    case operand
  }

  /// A character that the network gives a probability.
  init(
    _ text: String, probability: Double, figures: GlyphGeometry.Class?, swallowsDot: Bool = false,
    _ weights: Weights
  ) {
    self.text = text
    let entry = text.first.flatMap { text.count == 1 ? Alphabet.entry(of: $0) : nil }
    // A root's sign without an inside is no character.
    role = entry.flatMap { $0.kind == .root ? nil : .character($0.kind) }
    before = Usage.kind(entry?.text ?? text)
    after = before
    hash = fnv1a(text)
    self.figures = figures
    extent = figures
    var clues = Weights.Clues.zero
    clues[.picture] = log(max(probability, 1e-6))
    if text == "·" { clues[.raisedDot] = 1 }
    if ["%", "!"].contains(text) { clues[.rare] = 1 }
    if swallowsDot { clues[.swallowedDot] = 1 }
    self.clues = clues
    weighed = (weights.clues * clues).sum()
    terms = .zero
    inside = []
    isPlainFraction = false
    digitSize = 0
  }

  /// What a bar or a root spans.
  init(
    _ text: String, terms: Weights.Terms, inside: [Reading.Symbol], isPlainFraction: Bool = false,
    digitSize: Double = 0
  ) {
    self.text = text
    role = .operand
    (before, after) = (.open, .close)
    hash = fnv1a(text)
    figures = nil
    extent = GlyphGeometry.structure
    (clues, weighed) = (.zero, 0)
    self.terms = terms
    self.inside = inside
    self.isPlainFraction = isPlainFraction
    self.digitSize = digitSize
  }
}
