import Alphabet

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Reads rows of a drawing, and the rows above and under bars and roots within them, each once.
struct PageReader {
  private let page: InkPage
  private let weights: Weights
  private var known: [[Int]: [RowSearch.Result]] = [:]
  /// How many extensions of paths were weighed in all rows.
  private(set) var effort = 0

  /// Readings of what is above a bar, under it or in a root that are tried with each other.
  private static let bestInside = 3
  /// Forms of a structure that are tried in its row.
  private static let bestForms = 6
  /// The most rows within rows.
  private static let deepest = 12
  /// The effort for a drawing, that of a tenth of a second, after which rows are searched once and narrowly.
  ///
  /// After twice of it nothing is looked for within bars and roots. Of real drawings none needs it.
  static let mostEffort = 600_000
  private static let narrowBeam = 8

  init(_ page: InkPage, weights: Weights) {
    (self.page, self.weights) = (page, weights)
  }

  /// The readings of some strokes as one row, the best first.
  mutating func readings(of row: [Int], depth: Int = 0) -> [RowSearch.Result] {
    if let known = known[row] { return known }
    let parts = parts(of: row, depth: depth)
    var best = search(row, parts, GlyphGeometry(votes(of: row, parts)), depth)
    if let first = best.first, row.count > 1, row.count <= StrokeCover.reach,
      effort < Self.mostEffort
    {
      // The characters at the left stand on the line whatever is raised behind them.
      let near = page.members.filter { $0.contains(row[0]) }.reduce(into: Set([row[0]])) {
        $0.formUnion($1)
      }
      let left = votes(of: row.filter(near.contains), parts)
      let other = search(row, parts, GlyphGeometry(left), depth)
      if let score = other.first?.score, score > first.score { best = other }
    }
    known[row] = best
    return best
  }

  /// The readings of each line, whose pieces are lines of their own where each of them makes sense.
  ///
  /// Where one does not, they are one line; and where lines do not, but all of them as one do, they are one.
  mutating func lines(_ lines: [[[Int]]]) -> [[RowSearch.Result]] {
    var rows: [[RowSearch.Result]] = []
    for pieces in lines {
      let apart = pieces.map { readings(of: $0) }
      let isWhole = apart.allSatisfy { makesSense($0) }
      // What stands far behind a = may be its other side.
      let asks = apart.dropLast().contains { $0.first?.text.last == "=" }
      if pieces.count == 1 || isWhole && !asks {
        rows += apart
        continue
      }
      let whole = readings(of: pieces.joined().sorted())
      let isWorse = !makesSense(whole) || score([whole]) < score(apart) - 2
      rows += isWhole && isWorse ? apart : [whole]
    }
    if rows.count > 1, !rows.allSatisfy({ makesSense($0) }) {
      let whole = readings(of: lines.joined().joined().sorted())
      if makesSense(whole) { return [whole] }
    }
    return rows
  }

  private func score(_ rows: [[RowSearch.Result]]) -> Double {
    rows.reduce(0) { $0 + ($1.first?.score ?? 0) }
  }

  /// Whether a line may stand by itself.
  private func makesSense(_ results: [RowSearch.Result]) -> Bool {
    guard let best = results.first else { return false }
    return best.terms[.grammar] == 0
  }

  /// Searches on a line, and again on the line that this finds.
  private mutating func search(
    _ row: [Int], _ parts: [RowPart], _ start: GlyphGeometry, _ depth: Int
  ) -> [RowSearch.Result] {
    var line = start
    var best: [RowSearch.Result] = []
    for _ in 0..<3 {
      let isSpent = effort >= Self.mostEffort
      if isSpent, !best.isEmpty { break }
      let beam = isSpent ? Self.narrowBeam : Weights.beam
      var search = RowSearch(
        page, parts, strokes: row.count, on: line, isInner: depth > 0, weights: weights,
        beam: beam, room: 3 * beam)
      let found = search.results()
      effort += search.effort
      if let score = found.first?.score, score > best.first?.score ?? -.infinity { best = found }
      guard let first = found.first else { break }
      let next = GlyphGeometry(first.votes)
      // A line that stays where it is reads the same again.
      if next == line || first.votes.isEmpty { break }
      line = next
    }
    return best
  }

  /// What the pictures say, before the line is known, of candidates that no bar or root spans.
  private func votes(of row: [Int], _ parts: [RowPart]) -> [GlyphGeometry.Vote] {
    let inRow = Set(row)
    func votes(_ wanted: (Int) -> Bool) -> [GlyphGeometry.Vote] {
      page.symbols.indices.flatMap { index -> [GlyphGeometry.Vote] in
        guard page.members[index].allSatisfy(wanted) else { return [] }
        let symbol = page.symbols[index]
        return symbol.top.filter { $0.probability > 0.1 }.map {
          (symbol.box, $0.text, $0.probability)
        }
      }
    }
    var spanned: Set<Int> = []
    var bars: [GlyphGeometry.Vote] = []
    for part in parts {
      guard case .structure(let sign) = part.source else { continue }
      for place in part.strokes { spanned.insert(place) }
      bars.append((page.symbols[sign].box, "-", page.probability("-", of: sign)))
    }
    let outside = votes { inRow.contains($0) && !spanned.contains($0) }
    if !outside.isEmpty { return outside + bars }
    return votes { inRow.contains($0) }
  }

  /// All that a row could be made of.
  private mutating func parts(of row: [Int], depth: Int) -> [RowPart] {
    let places = Dictionary(uniqueKeysWithValues: row.enumerated().map { ($1, $0) })
    var parts: [RowPart] = []
    for index in page.symbols.indices {
      let members = page.members[index].compactMap { places[$0] }
      guard members.count == page.members[index].count, let span = StrokeCover.Span(members)
      else { continue }
      parts.append(
        RowPart(
          source: .symbol(index), span: span, box: page.symbols[index].box,
          options: page.options(of: index, weights), strokes: page.members[index]))
    }
    let alone = Set(parts.filter { $0.strokes.count == 1 }.map { $0.strokes[0] })
    for stroke in row where !alone.contains(stroke) {
      // A stroke that is no candidate by itself is unreadable alone.
      guard let place = places[stroke], let span = StrokeCover.Span([place]) else { continue }
      parts.append(
        RowPart(
          source: .stroke, span: span, box: page.boxes[stroke], options: [.unreadable],
          strokes: [stroke]))
    }
    guard depth < Self.deepest, effort < 2 * Self.mostEffort else { return parts }
    for form in page.structures(of: row).joined() {
      guard let span = StrokeCover.Span(form.strokes.compactMap { places[$0] }) else { continue }
      let options = options(of: form, depth: depth)
      if options.isEmpty { continue }
      parts.append(
        RowPart(
          source: .structure(sign: form.sign), span: span, box: page.box(form.strokes),
          options: options, strokes: form.strokes))
    }
    return parts
  }

  /// The likeliest forms of a structure.
  private mutating func options(of form: InkStructure, depth: Int) -> [RowOption] {
    let sign = page.symbols[form.sign]
    func own(_ text: String) -> (Weights.Terms, Reading.Symbol) {
      let probability = page.probability(text, of: form.sign)
      var terms = Weights.Terms.zero
      terms[.picture] = Double(sign.strokes.count) * log(max(probability, 1e-6))
      terms[.evidence] = weights.clues[.picture] * terms[.picture]
      terms[.structure] = 1
      terms[.character] = 1
      return (terms, Reading.Symbol(text: text, probability: probability, candidate: sign))
    }
    var options: [(score: Double, option: RowOption)] = []
    func add(_ text: String, _ terms: Weights.Terms, _ option: RowOption) {
      options.append((weights.score(terms), option))
    }
    switch form.kind {
    case .fraction(let above, let below):
      let (terms, symbol) = own("-")
      let tops = readings(of: above, depth: depth + 1).prefix(Self.bestInside)
      let bottoms = readings(of: below, depth: depth + 1).prefix(Self.bestInside)
      for top in tops {
        for bottom in bottoms {
          let text = ReadingSpelling.fraction(top.text, bottom.text)
          let sum = terms + top.terms + bottom.terms
          let isPlain = (top.text + bottom.text).allSatisfy { $0.isASCII && $0.isNumber }
          let option = RowOption(
            text, terms: sum, inside: [symbol] + top.symbols + bottom.symbols,
            isPlainFraction: isPlain, digitSize: (top.digitSize + bottom.digitSize) / 2)
          add(text, sum, option)
        }
      }
    case .root(let inside, let index):
      let (terms, symbol) = own("√")
      let indices: [(Int, Weights.Terms, [Reading.Symbol])]
      if index.isEmpty {
        indices = [(2, .zero, [])]
      } else {
        indices = readings(of: index, depth: depth + 1).prefix(Self.bestInside).compactMap {
          guard let number = Int($0.text), number >= 2 else { return nil }
          var terms = $0.terms
          terms[.structure] += 2
          return (number, terms, $0.symbols)
        }
      }
      for (number, more, symbols) in indices {
        for result in readings(of: inside, depth: depth + 1).prefix(Self.bestInside) {
          let text = ReadingSpelling.root(result.text, index: number)
          let sum = terms + more + result.terms
          add(text, sum, RowOption(text, terms: sum, inside: [symbol] + symbols + result.symbols))
        }
      }
    }
    return options.sorted { ($0.score, $1.option.text) > ($1.score, $0.option.text) }
      .prefix(Self.bestForms).map(\.option)
  }
}
