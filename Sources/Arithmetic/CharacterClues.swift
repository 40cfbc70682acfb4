import Alphabet

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension InkPage {
  /// What a candidate could be as a character.
  func options(of symbol: Int) -> [RowOption] {
    var options: [RowOption] = []
    let swallows = swallowsDot(symbol)
    func add(_ text: String, _ probability: Double, _ figures: GlyphGeometry.Class?) {
      options.append(
        RowOption(text, probability: probability, figures: figures, swallowsDot: swallows))
    }
    for (text, seen) in symbols[symbol].top where text != Alphabet.none {
      add(text, seen, GlyphGeometry.classes[text])
      if text == "." { add("·", seen, GlyphGeometry.raisedDot) }
    }
    // A candidate that can only be `none` is unreadable; its drawing has an answer all the same.
    return options.isEmpty ? [.unreadable] : options
  }

  /// Whether it is a character that is whole without one of its strokes, which is a dot: a speck beside a
  /// digit leaves the picture of that digit as it is, and yet is more likely a point of its own.
  private func swallowsDot(_ symbol: Int) -> Bool {
    guard members[symbol].count > 1, let best = symbols[symbol].top.first?.text,
      best != Alphabet.none
    else { return false }
    return members[symbol].contains { stroke in
      guard let dot = alone[stroke], probability(".", of: dot) > 0.5 else { return false }
      let rest = members[symbol].filter { $0 != stroke }
      return symbols.indices.contains { members[$0] == rest && probability(best, of: $0) > 0.3 }
    }
  }

  /// What its clues say of each option of a part on a line, and how likely that makes it.
  func evidence(of part: RowPart, on line: WritingLine, _ weights: Weights) -> [Evidence] {
    let places = part.options.map { option in option.extent.map { line.place($0, part.box) } }
    let unit = log(line.geometry.scale)
    return zip(clues(of: part, at: places, on: line, weights), places).map {
      Evidence(terms: $0.terms, probability: $0.probability, presence: $1.map { $0 - unit } ?? 0)
    }
  }

  /// What an option of a part comes to on a line.
  struct Evidence {
    /// The evidence, and how it grows with the weights of its clues.
    let terms: Weights.Terms
    let probability: Double
    /// The log likelihood of its place and size, to compare lines by.
    let presence: Double
  }

  /// The same without `presence`, from what the places of the options say.
  private func clues(
    of part: RowPart, at places: [Double?], on line: WritingLine, _ weights: Weights
  ) -> [(terms: Weights.Terms, probability: Double)] {
    switch part.source {
    case .stroke:
      return part.options.map { _ in (Weights.Terms(evidence: log(1e-9), slopes: .zero), 0) }
    case .structure(let sign):
      // A bar stands where a minus would; that it is long tells nothing.
      let box = symbols[sign].box
      guard box.isFlat, let minus = GlyphGeometry.classes["-"] else {
        return part.options.map { _ in (.zero, 1) }
      }
      let off = line.geometry.features(of: box).middle - minus.middle.mean
      var slopes = Weights.Clues.zero
      slopes[.place] = max(-0.5 * (off / 0.2) * (off / 0.2), -4)
      let terms = Weights.Terms(evidence: (weights.clues * slopes).sum(), slopes: slopes)
      return part.options.map { _ in (terms, 1) }
    case .symbol(let index):
      return clues(of: symbols[index], part.options, at: places, on: line, weights)
    }
  }

  /// Each option's share among all that the strokes could be, a softmax of what its clues come to.
  ///
  /// Its logarithm grows with the weight of a clue as the clue is larger than its mean.
  /// Each stroke votes once, so that readings of few and of many characters can be compared.
  private func clues(
    of symbol: LatticeSymbol, _ options: [RowOption], at places: [Double?], on line: WritingLine,
    _ weights: Weights
  ) -> [(terms: Weights.Terms, probability: Double)] {
    var (sum, mean) = (1e-300, Weights.Clues.zero)
    func weigh(_ clues: Weights.Clues, at place: Double) -> (clues: Weights.Clues, weight: Double) {
      var clues = clues
      clues[.place] = place
      let weight = exp((weights.clues * clues).sum())
      sum += weight
      mean += weight * clues
      return (clues, weight)
    }
    if let figures = GlyphGeometry.classes[Alphabet.none] {
      let seen = symbol.top.first { $0.text == Alphabet.none }?.probability ?? 1e-4
      var clues = Weights.Clues.zero
      clues[.picture] = log(max(seen, 1e-6))
      clues[.foreign] = 1
      _ = weigh(clues, at: line.place(figures, symbol.box))
    }
    let weighed = zip(options, places).map { option, place in
      place.map { weigh(option.clues, at: $0) } ?? (.zero, 0)
    }
    let strokes = Double(symbol.strokes.count)
    return weighed.map { clues, weight in
      let probability = weight / sum
      let isLeast = probability < Self.least
      return (
        Weights.Terms(
          evidence: strokes * log(max(probability, Self.least)),
          slopes: isLeast ? .zero : strokes * (clues - mean / sum)), probability
      )
    }
  }

  /// What is less probable than this is as improbable as this.
  private static let least = 1e-9
}

extension RowOption {
  /// What a candidate is that is no character.
  static let unreadable = RowOption("?", probability: 0, figures: nil)
}
