import Alphabet

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Finds the readings of a lattice of candidate characters that make the most sense.
///
/// The drawing is cut into lines (`PageLines`); each line is a row of characters and of what bars and
/// roots span, whose insides are rows again (`PageReader`). A row's score is the sum of the logarithms of
/// its characters' probabilities, from their pictures and their places, plus what grammar, usage and
/// layout say (`Weights`).
public enum LatticeDecoder {
  /// The likeliest readings of each line, best first, with probabilities that sum to at most 1: how sure
  /// it is that a reading has the right value.
  ///
  /// An empty lattice has one line with one reading, the empty one. Where no reading is well formed, the
  /// likeliest is given as it stands.
  public static func decode(
    _ symbols: [LatticeSymbol], best count: Int, weights: Weights = .standard
  ) -> [[Reading]] {
    guard !symbols.isEmpty else {
      return [[Reading(text: "", probability: 1, symbols: [])]]
    }
    let page = InkPage(symbols)
    var reader = PageReader(page, weights: weights)
    return temperate(reader.lines(page.lines()).map { normalised($0, weights, best: count) })
  }

  /// Lines of which none is much surer than the least sure one: where one makes no sense, the drawing may
  /// be something else, and what looks like a number beside it its exponent or its limit.
  private static func temperate(_ lines: [[Reading]]) -> [[Reading]] {
    let least = lines.compactMap(\.first?.probability).min() ?? 1
    return lines.map { readings in
      var readings = readings
      for place in readings.indices {
        readings[place].probability = min(readings[place].probability, least + 0.5)
      }
      return readings
    }
  }

  /// Scores become probabilities: that of the best reading as `Confidence` has it, and what is left of 1
  /// is shared among the others by their scores.
  private static func normalised(
    _ results: [RowSearch.Result], _ weights: Weights, best count: Int
  ) -> [Reading] {
    guard let top = results.first?.score else {
      return [Reading(text: "?", probability: 0, symbols: [])]
    }
    let sum = results.reduce(0) { $0 + exp($1.score - top) }
    var readings = results.prefix(max(count, 3)).map {
      var reading = Reading(
        text: $0.text, probability: exp($0.score - top) / sum, symbols: $0.symbols)
      (reading.terms, reading.weights) = ($0.terms, weights)
      return reading
    }
    readings[0].measures = Confidence.measures(readings)
    let share = readings[0].probability
    let confidence = weights.confidence.probability(readings[0].measures)
    for place in readings.indices.dropFirst() {
      readings[place].probability *= (1 - confidence) / max(1 - share, 1e-12)
    }
    readings[0].probability = confidence
    return Array(readings.prefix(max(count, 1)))
  }
}
