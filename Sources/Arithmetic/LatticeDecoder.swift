#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Finds the readings of a lattice of candidate characters that make the most sense.
///
/// A path takes candidates from the first stroke to the last. Its score is the sum of log odds of its
/// characters against `none`, from their pictures and their places on the line, plus what the grammar
/// and common usage say. The search keeps the best partial paths at each stroke, at most one for each
/// state of the grammar and text; a first pass finds the line, a second one reads with it.
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
      guard let first = search(symbols, strokes, weigh(symbols, on: line)).first else { break }
      line = GlyphGeometry(
        first.symbols.map { ($0.candidate.box, $0.text, $0.probability) })
    }
    return normalised(search(symbols, strokes, weigh(symbols, on: line)), best: count)
  }

  /// What each candidate's picture says, before the line is known.
  private static func votes(of symbols: [LatticeSymbol]) -> [GlyphGeometry.Vote] {
    symbols.flatMap { symbol in
      symbol.top.filter { $0.probability > 0.1 }.map { (symbol.box, $0.text, $0.probability) }
    }
  }

  /// A class that a candidate could be, with the odds of that.
  private struct Option {
    let text: String
    let probability: Double
    let score: Double
  }

  /// Joins what picture and place say of each candidate.
  private static func weigh(_ symbols: [LatticeSymbol], on line: GlyphGeometry) -> [[Option]] {
    symbols.map { symbol in
      var weights = symbol.top.map { text, probability in
        (
          text,
          pow(max(probability, 1e-6), Weights.picture)
            * pow(line.likelihood(text, symbol.box), Weights.place)
        )
      }
      if !weights.contains(where: { $0.0 == "none" }) {
        weights.append(
          (
            "none",
            pow(1e-4, Weights.picture)
              * pow(line.likelihood("none", symbol.box), Weights.place)
          ))
      }
      let sum = weights.reduce(1e-300) { $0 + $1.1 }
      let none = weights.first { $0.0 == "none" }?.1 ?? 0
      let odds = max(none / sum, Weights.leastNone)
      let options: [Option] = weights.compactMap { text, weight in
        guard text != "none", weight > 0 else { return nil }
        let probability = weight / sum
        return Option(
          text: text, probability: probability, score: log(max(probability, 1e-9) / odds))
      }
      // What can be nothing else is unreadable, and still one drawing has one answer.
      return options.isEmpty ? [Option(text: "?", probability: 0, score: log(1e-9))] : options
    }
  }

  /// A partial path, linked to where it came from.
  private final class Path {
    let score: Double
    let state: GrammarState?
    let text: String
    let kind: Usage.Kind
    let candidate: Int
    let option: Option?
    let before: Path?

    init(
      score: Double, state: GrammarState?, text: String, kind: Usage.Kind, candidate: Int,
      option: Option?, before: Path?
    ) {
      self.score = score
      self.state = state
      self.text = text
      self.kind = kind
      self.candidate = candidate
      self.option = option
      self.before = before
    }
  }

  private static func search(
    _ symbols: [LatticeSymbol], _ strokes: Int, _ options: [[Option]]
  ) -> [Reading] {
    var starting = [[Int]](repeating: [], count: strokes + 1)
    for (index, symbol) in symbols.enumerated() { starting[symbol.first].append(index) }
    var paths = [[Path]](repeating: [], count: strokes + 1)
    paths[0] = [
      Path(
        score: 0, state: GrammarState(), text: "", kind: .edge, candidate: -1, option: nil,
        before: nil)
    ]
    for position in 0..<strokes {
      let beam = pruned(paths[position])
      paths[position] = []
      for path in beam {
        for index in starting[position] {
          for option in options[index] {
            paths[symbols[index].last].append(extended(path, by: option, of: index))
          }
        }
      }
    }
    return pruned(paths[strokes].map(ended)).map { reading($0, symbols) }
  }

  private static func extended(_ path: Path, by option: Option, of candidate: Int) -> Path {
    let kind = Usage.kind(option.text)
    var score = path.score + option.score + Weights.usage * Usage.score(path.kind, kind)
    var state = path.state
    if let known = path.state {
      state = Character(option.text).advance(known)
      // Once outside the grammar a path stays there, but it has paid for it.
      if state == nil { score -= Weights.grammar }
    }
    return Path(
      score: score, state: state, text: path.text + option.text, kind: kind,
      candidate: candidate, option: option, before: path)
  }

  /// A whole path, with what its end and its truth add.
  private static func ended(_ path: Path) -> Path {
    var score = path.score + Weights.usage * Usage.score(path.kind, .edge)
    if let state = path.state, !state.canEnd { score -= Weights.grammar }
    if path.state != nil, Usage.isTrueEquation(path.text) { score += Weights.truth }
    return Path(
      score: score, state: path.state, text: path.text, kind: path.kind,
      candidate: path.candidate, option: path.option, before: path.before)
  }

  /// The best paths, one for each text, the best first; ties in order of the text.
  private static func pruned(_ paths: [Path]) -> [Path] {
    let sorted = paths.sorted { ($0.score, $1.text) > ($1.score, $0.text) }
    var seen: Set<String> = []
    var kept: [Path] = []
    for path in sorted where kept.count < Weights.beam && seen.insert(path.text).inserted {
      kept.append(path)
    }
    return kept
  }

  private static func reading(_ path: Path, _ symbols: [LatticeSymbol]) -> Reading {
    var chosen: [Reading.Symbol] = []
    var step: Path? = path
    while let current = step, let option = current.option {
      chosen.append(
        Reading.Symbol(
          text: option.text, probability: option.probability,
          candidate: symbols[current.candidate]))
      step = current.before
    }
    return Reading(text: path.text, probability: path.score, symbols: chosen.reversed())
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

extension Character {
  fileprivate func advance(_ state: GrammarState) -> GrammarState? { state.advanced(by: self) }
}

/// How much each source of knowledge counts, in natural logarithms.
///
/// Tuned on the expressions of the training writers by `pipelines/mnist-calc-eval`.
enum Weights {
  /// Exponent of the network's probability.
  static let picture = 0.8
  /// Exponent of the likelihood of size and place.
  static let place = 0.8
  /// Factor of the habits of writing in `Usage`.
  static let usage = 0.7
  /// The price of leaving the grammar.
  static let grammar = 6.0
  /// The gain of an equation that holds.
  static let truth = 2.0
  /// The least probability of `none`, so that one sure character cannot outweigh two.
  static let leastNone = 0.02
  /// Partial paths kept at each stroke.
  static let beam = 64
}
