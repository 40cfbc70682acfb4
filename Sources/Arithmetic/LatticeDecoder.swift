import Alphabet

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Finds the readings of a lattice of candidate characters that make the most sense.
///
/// A path takes candidates from the first stroke to the last. Its score is the sum of the
/// logarithms of its characters' probabilities, from their pictures and their places on the line,
/// plus what the grammar and common usage say. The search keeps the best partial paths at each
/// stroke, at most one for each state of the grammar and text; a first pass finds the line, a
/// second one reads with it.
public enum LatticeDecoder {
  /// The likeliest readings, best first, with probabilities that sum to at most 1.
  ///
  /// An empty lattice has one reading, the empty one. Where no reading is well formed, the likeliest
  /// is given as it stands.
  public static func decode(_ symbols: [LatticeSymbol], best count: Int) -> [Reading] {
    guard let strokes = symbols.map(\.last).max() else {
      return [Reading(text: "", probability: 1, symbols: [])]
    }
    var line = GlyphGeometry(votes(of: symbols))
    for _ in 0..<2 {
      let readings = search(symbols, strokes, on: line)
      guard let first = readings.first else { return [] }
      let next = GlyphGeometry(first.symbols.map { ($0.candidate.box, $0.text, $0.probability) })
      // A line that stays where it is reads the same again.
      if next == line { return normalised(readings, best: count) }
      line = next
    }
    return normalised(search(symbols, strokes, on: line), best: count)
  }

  /// What each candidate's picture says, before the line is known.
  private static func votes(of symbols: [LatticeSymbol]) -> [GlyphGeometry.Vote] {
    symbols.flatMap { symbol in
      symbol.top.filter { $0.probability > 0.1 }.map { (symbol.box, $0.text, $0.probability) }
    }
  }

  /// Joins what picture and place say of each candidate.
  ///
  /// Each stroke of a candidate votes once, so that readings of few and of many characters can be
  /// compared; each character has a price, so that one left whole is better than two out of it.
  private static func weigh(
    _ symbols: [LatticeSymbol], on line: GlyphGeometry
  ) -> [[LatticeSearch.Option]] {
    symbols.map { symbol in
      var weights = symbol.top.map { ($0.text, weight($0.text, $0.probability, symbol.box, line)) }
      if !weights.contains(where: { $0.0 == Alphabet.none }) {
        weights.append((Alphabet.none, weight(Alphabet.none, 1e-4, symbol.box, line)))
      }
      let sum = weights.reduce(1e-300) { $0 + $1.1 }
      let strokes = Double(symbol.last - symbol.first)
      let options: [LatticeSearch.Option] = weights.compactMap { text, weight in
        guard text != Alphabet.none, weight > 0 else { return nil }
        let probability = weight / sum
        let score = strokes * log(max(probability, 1e-9)) - Weights.character
        return LatticeSearch.Option(text: text, probability: probability, score: score)
      }
      // A candidate that can only be `none` is unreadable; its drawing has an answer all the same.
      return options.isEmpty
        ? [LatticeSearch.Option(text: "?", probability: 0, score: strokes * log(1e-9))] : options
    }
  }

  private static func weight(
    _ text: String, _ probability: Double, _ box: LatticeSymbol.Box, _ line: GlyphGeometry
  ) -> Double {
    pow(max(probability, 1e-6), Weights.picture) * pow(line.likelihood(text, box), Weights.place)
  }

  private static func search(
    _ symbols: [LatticeSymbol], _ strokes: Int, on line: GlyphGeometry
  ) -> [Reading] {
    var search = LatticeSearch(symbols, strokes: strokes, options: weigh(symbols, on: line))
    return search.readings()
  }

  /// Scores become probabilities among the readings that were weighed.
  private static func normalised(_ readings: [Reading], best count: Int) -> [Reading] {
    guard let top = readings.first?.probability else { return [] }
    let sum = readings.reduce(0) { $0 + exp($1.probability - top) }
    return readings.prefix(max(count, 1)).map { reading in
      var reading = reading
      reading.probability = exp(reading.probability - top) / sum
      return reading
    }
  }
}

/// How much each source of knowledge counts, in natural logarithms.
///
/// Chosen by trying values on the expressions of training writers. The network has learned from the
/// same ink, so what is best there need not be best on other people's.
enum Weights {
  /// Exponent of the network's probability.
  static let picture = 0.8
  /// Exponent of the likelihood of size and place.
  static let place = 0.5
  /// Factor of the habits of writing in `Usage`.
  static let usage = 0.7
  /// The price of leaving the grammar.
  static let grammar = 6.0
  /// The gain of an equation that holds.
  static let truth = 2.0
  /// The price of a character.
  static let character = 1.0
  /// Partial paths kept at each stroke.
  static let beam = 64
}
