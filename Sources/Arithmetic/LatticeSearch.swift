import Alphabet
import Mechanics

/// Beam search through a lattice whose options are weighed.
///
/// The paths that are kept lie in one array and point back to where they came from; a text is known
/// by a hash that grows with it and is spelled out at the end only. Seven times as fast on drawings
/// of ten strokes as paths that are objects with their text in them.
struct LatticeSearch {
  /// A class that a candidate could be, with the log odds of that.
  struct Option {
    let text: String
    let probability: Double
    let score: Double
    /// What it is to the habits of writing.
    let kind: Usage.Kind
    /// What it is to the grammar; nil where it is foreign.
    let role: Alphabet.Kind?
    let hash: UInt64

    init(text: String, probability: Double, score: Double) {
      self.text = text
      self.probability = probability
      self.score = score
      kind = Usage.kind(text)
      role = Alphabet.entry(of: text)?.kind
      hash = fnv1a(text)
    }
  }

  /// A path from the first stroke; `before` is its place among the kept, -1 for none.
  private struct Path {
    var score: Double
    var hash: UInt64 = 0
    var state: GrammarState? = GrammarState()
    var kind = Usage.Kind.edge
    var before: Int32 = -1
    var candidate: Int32 = -1
    var option: Int32 = -1
  }

  private let symbols: [LatticeSymbol]
  private let options: [[Option]]
  private let strokes: Int
  private let beam: Int
  private let room: Int
  private var kept: [Path] = []
  /// Paths that end at each position and wait to be weighed against each other.
  private var waiting: [[Path]]
  /// What a path must reach at each position to be among the best.
  private var threshold: [Double]

  /// A search that keeps `beam` paths at each position, and drops the others whenever `room` of them
  /// are waiting; `room` must be larger than `beam`.
  init(
    _ symbols: [LatticeSymbol], strokes: Int, options: [[Option]], beam: Int = Weights.beam,
    room: Int = 3 * Weights.beam
  ) {
    self.symbols = symbols
    self.options = options
    self.strokes = strokes
    self.beam = beam
    precondition(room > beam)
    self.room = room
    waiting = [[Path]](repeating: [], count: strokes + 1)
    threshold = [Double](repeating: -.infinity, count: strokes + 1)
  }

  /// The readings found, the best first, their log scores in `probability`.
  mutating func readings() -> [Reading] {
    var starting = [[Int]](repeating: [], count: strokes + 1)
    for (index, symbol) in symbols.enumerated() { starting[symbol.first].append(index) }
    let habits = Usage.Kind.allCases.map { kind in
      Usage.Kind.allCases.map { Weights.usage * Usage.score(kind, $0) }
    }
    waiting[0] = [Path(score: 0)]
    for position in 0..<strokes where !waiting[position].isEmpty {
      sortOut(position)
      let start = kept.count
      kept.append(contentsOf: waiting[position])
      waiting[position] = []
      for before in start..<kept.count {
        for candidate in starting[position] {
          extend(before, by: candidate, habits)
        }
      }
    }
    sortOut(strokes)
    return ended().sorted { ($0.probability, $1.text) > ($1.probability, $0.text) }
  }

  /// Adds each option of a candidate to a path.
  private mutating func extend(_ before: Int, by candidate: Int, _ habits: [[Double]]) {
    let path = kept[before]
    let end = symbols[candidate].last
    let habit = habits[path.kind.rawValue]
    for (index, option) in options[candidate].enumerated() {
      var score = path.score + option.score + habit[option.kind.rawValue]
      let state = option.role.flatMap { path.state?.advanced(by: $0) }
      // Once outside the grammar a path stays there, but it has paid for it.
      if state == nil, path.state != nil { score -= Weights.grammar }
      if end == strokes {
        score += habits[option.kind.rawValue][Usage.Kind.edge.rawValue]
        if let state, !state.canEnd { score -= Weights.grammar }
      }
      guard score >= threshold[end] else { continue }
      waiting[end].append(
        Path(
          score: score, hash: (path.hash &+ option.hash) &* 0x9e37_79b9_7f4a_7c15, state: state,
          kind: option.kind, before: Int32(before), candidate: Int32(candidate),
          option: Int32(index)))
      if waiting[end].count >= room { sortOut(end) }
    }
  }

  /// Leaves the best paths at a position, one for each text, the best first.
  private mutating func sortOut(_ position: Int) {
    let paths = waiting[position]
    // Keys are a fifth of a path to move about.
    let order = paths.indices.map { (score: paths[$0].score, place: $0) }
      .sorted {
        $0.score != $1.score ? $0.score > $1.score : paths[$0.place].hash > paths[$1.place].hash
      }
    var best: [Path] = []
    best.reserveCapacity(min(paths.count, room))
    var seen: Set<UInt64> = []
    for (_, place) in order where best.count < beam && seen.insert(paths[place].hash).inserted {
      best.append(paths[place])
    }
    if best.count == beam { threshold[position] = best[beam - 1].score }
    waiting[position] = best
  }

  /// The whole paths, with what the truth of an equation adds.
  private func ended() -> [Reading] {
    waiting[strokes].map { path in
      var chosen: [Reading.Symbol] = []
      var step = path
      while step.candidate >= 0 {
        let option = options[Int(step.candidate)][Int(step.option)]
        chosen.append(
          Reading.Symbol(
            text: option.text, probability: option.probability,
            candidate: symbols[Int(step.candidate)]))
        step = kept[Int(step.before)]
      }
      chosen.reverse()
      let text = chosen.map(\.text).joined()
      let gain = path.state != nil && Usage.isTrueEquation(text) ? Weights.truth : 0
      return Reading(text: text, probability: path.score + gain, symbols: chosen)
    }
  }
}
