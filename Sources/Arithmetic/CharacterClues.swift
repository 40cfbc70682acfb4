import Alphabet

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension InkPage {
  /// What a candidate could be as a character.
  func options(of symbol: Int, _ weights: Weights) -> [RowOption] {
    var options: [RowOption] = []
    let swallows = swallowsDot(symbol)
    func add(_ text: String, _ probability: Double, _ figures: GlyphGeometry.Class?) {
      options.append(
        RowOption(
          text, probability: probability, figures: figures, swallowsDot: swallows, weights))
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
    let likelihoods = line.likelihoods(part.box)
    let places = part.options.map { $0.extent.map { log(likelihoods.of($0)) } }
    let unit = log(line.geometry.scale)
    var evidence = clues(of: part, at: places, likelihoods, on: line, weights)
    for index in places.indices { evidence[index].presence = places[index].map { $0 - unit } ?? 0 }
    return evidence
  }

  /// What an option of a part comes to on a line.
  struct Evidence {
    var evidence, probability: Double
    /// How the evidence grows with the weights of its clues; of use only where that is followed.
    var slopes = Weights.Clues.zero
    /// The log likelihood of its place and size, to compare lines by.
    var presence = 0.0
  }

  /// The same without `presence`, from what the places of the options say.
  private func clues(
    of part: RowPart, at places: [Double?], _ likelihoods: GlyphGeometry.Likelihoods,
    on line: WritingLine, _ weights: Weights
  ) -> [Evidence] {
    switch part.source {
    case .stroke: return part.options.map { _ in Evidence(evidence: log(1e-9), probability: 0) }
    case .structure(let sign):
      // A bar stands where a minus would; that it is long tells nothing.
      let box = symbols[sign].box
      var evidence = Evidence(evidence: 0, probability: 1)
      if box.isFlat, let minus = GlyphGeometry.classes["-"] {
        let off = line.geometry.features(of: box).middle - minus.middle.mean
        evidence.slopes[.place] = max(-0.5 * (off / 0.2) * (off / 0.2), -4)
        evidence.evidence = weights.clues[.place] * evidence.slopes[.place]
      }
      return part.options.map { _ in evidence }
    case .symbol(let index):
      return clues(of: symbols[index], part.options, at: places, likelihoods, weights)
    }
  }

  /// Each option's share among all that the strokes could be, a softmax of what its clues come to.
  ///
  /// Its logarithm grows with the weight of a clue as the clue is larger than its mean. Each stroke votes
  /// once, so that readings of few and of many characters can be compared.
  private func clues(
    of symbol: LatticeSymbol, _ options: [RowOption], at places: [Double?],
    _ likelihoods: GlyphGeometry.Likelihoods, _ weights: Weights
  ) -> [Evidence] {
    let placeWeight = weights.clues[.place]
    var (sum, mean) = (1e-300, Weights.Clues.zero)
    func clues(_ clues: Weights.Clues, _ place: Double) -> Weights.Clues {
      var clues = clues
      clues[.place] = place
      return clues
    }
    if let figures = GlyphGeometry.broad {
      let place = log(likelihoods.of(figures))
      let seen = symbol.top.first { $0.text == Alphabet.none }?.probability ?? 1e-4
      var none = Weights.Clues.zero
      none[.picture] = log(max(seen, 1e-6))
      none[.foreign] = 1
      let weight = exp((weights.clues * none).sum() + placeWeight * place)
      sum += weight
      if weights.followsClues { mean += weight * clues(none, place) }
    }
    let shares = zip(options, places).map { option, place in
      place.map { exp(option.weighed + placeWeight * $0) } ?? 0
    }
    for share in shares { sum += share }
    let strokes = Double(symbol.strokes.count)
    var evidence = shares.map { share in
      Evidence(
        evidence: strokes * log(max(share / sum, Self.least)), probability: share / sum)
    }
    guard weights.followsClues else { return evidence }
    for (index, option) in options.enumerated() {
      mean += shares[index] * clues(option.clues, places[index] ?? 0)
    }
    for index in evidence.indices where evidence[index].probability >= Self.least {
      evidence[index].slopes =
        strokes * (clues(options[index].clues, places[index] ?? 0) - mean / sum)
    }
    return evidence
  }

  /// What is less probable than this is as improbable as this.
  private static let least = 1e-9
}

extension RowOption {
  /// What a candidate is that is no character.
  static let unreadable = RowOption("?", probability: 0, figures: nil, .standard)
}
