import Mechanics
import Testing

@testable import Arithmetic

/// The beam search against one that tries every path.
@Suite struct RowSearchTests {
  private static let line = GlyphGeometry(scale: 1, middle: 0.5, slope: 0)

  /// Candidates of up to three strokes of a row, not always neighbours, with random options; higher and
  /// lower than the line where `rises`, so that exponents are tried.
  private func page(
    _ strokes: Int, options count: Int, rises: Bool,
    _ random: inout some RandomNumberGenerator
  ) -> InkPage {
    let alphabet = Array("0123456789+-×÷/()=").map(String.init) + ["x"]
    let heights = (0..<strokes).map { _ in rises ? Double.random(in: -0.6...0.6, using: &random) : 0
    }
    func box(_ members: [Int]) -> LatticeSymbol.Box {
      LatticeSymbol.Box(
        x0: Double(members.min() ?? 0), y0: members.map { heights[$0] }.min() ?? 0,
        x1: Double(members.max() ?? 0) + 0.9, y1: (members.map { heights[$0] }.max() ?? 0) + 1)
    }
    var sets: Set<[Int]> = Set((0..<strokes).map { [$0] })
    for _ in 0..<strokes {
      let first = Int.random(in: 0..<strokes, using: &random)
      let others = (0..<2).map { _ in
        Int.random(in: first..<min(first + 3, strokes), using: &random)
      }
      sets.insert(Set([first] + others).sorted())
    }
    return InkPage(
      sets.sorted { $0.lexicographicallyPrecedes($1) }.map { members in
        let texts = alphabet.shuffled(using: &random).prefix(count)
        return LatticeSymbol(
          first: members.min() ?? 0, last: (members.max() ?? 0) + 1, strokes: members,
          box: box(members),
          top: texts.map { ($0, Double.random(in: 0.01...1, using: &random)) })
      })
  }

  private func parts(_ page: InkPage) -> [RowPart] {
    page.symbols.indices.compactMap { index in
      StrokeCover.Span(page.members[index]).map {
        RowPart(
          source: .symbol(index), span: $0, box: page.symbols[index].box,
          options: page.options(of: index, .standard), strokes: page.members[index])
      }
    }
  }

  /// The best score of every text that some path spells, all on one line.
  private func everyText(_ page: InkPage, _ parts: [RowPart], _ strokes: Int) -> [String: Double] {
    var best: [String: Double] = [:]
    let evidence = parts.map { page.evidence(of: $0, on: WritingLine(Self.line), .standard) }
    func follow(
      _ read: Set<Int>, _ text: String, _ kind: Usage.Kind, _ right: Double, _ terms: Weights.Terms
    ) {
      guard let next = (0..<strokes).first(where: { !read.contains($0) }) else {
        var terms = terms
        terms[.usage] += Usage.score(kind, .edge)
        var state: GrammarState? = GrammarState()
        for character in text { state = state?.advanced(by: character) }
        if !(state?.canEnd ?? false) { terms[.grammar] += 1 }
        best[text] = max(best[text] ?? -.infinity, Weights.standard.score(terms))
        return
      }
      for (part, evidence) in zip(parts, evidence)
      where part.strokes[0] == next && read.isDisjoint(with: part.strokes) {
        for (option, weight) in zip(part.options, evidence) {
          var sum = terms
          sum[.evidence] += weight.evidence
          sum[.character] += 1
          sum[.usage] += Usage.score(kind, option.before)
          if !read.isEmpty {
            let gap = part.box.x0 - right
            let isNumber = kind == .digit && option.before == .digit
            sum[.gap] += isNumber ? max(0, gap - 0.9) : 0.25 * max(0, gap - 2)
            let width = max(0.3, min(1, part.box.x1 - part.box.x0))
            sum[.gap] += 2 * min(max(0, -gap / width - 0.4), 1)
          }
          follow(
            read.union(part.strokes), text + option.text, option.after,
            max(right, part.box.x1), sum)
        }
      }
    }
    follow([], "", .edge, -.infinity, .zero)
    return best
  }

  @Test func findsWhatTryingAllFinds() {
    var random = SplitMix64(seed: 3)
    for _ in 0..<200 {
      let strokes = Int.random(in: 1...4, using: &random)
      let page = page(strokes, options: 3, rises: false, &random)
      let parts = parts(page)
      var search = RowSearch(
        page, parts, strokes: strokes, on: Self.line, isInner: false, weights: .standard,
        beam: 2000, room: .max)
      let found = search.results()
      let expected = everyText(page, parts, strokes)
      #expect(
        Set(found.map(\.text)).isSubset(of: expected.keys) && found.count >= min(32, expected.count)
      )
      for result in found.reversed() {
        #expect(result.symbols.map(\.text).joined() == result.text)
        let strokes = result.symbols.flatMap(\.candidate.strokes)
        #expect(Set(strokes).count == strokes.count)
      }
      // The best texts are found, each with its best score.
      for (text, score) in expected where score > (found.last?.score ?? 0) + 1e-9 {
        let best = found.filter { $0.text == text }.map(\.score).max() ?? .nan
        #expect(abs(best - score) < 1e-9, "\(text)")
      }
      #expect(zip(found, found.dropFirst()).allSatisfy { $0.score >= $1.score })
    }
  }

  /// The slopes by which `calc-score --fit` learns are those that other weights show.
  @Test func evidenceGrowsWithItsCluesAsTold() {
    var random = SplitMix64(seed: 6)
    for _ in 0..<100 {
      let page = page(3, options: 3, rises: false, &random)
      for part in parts(page) {
        func evidence(_ clue: Weights.Clue, _ step: Double) -> [InkPage.Evidence] {
          var weights = Weights.standard
          weights.followsClues = true
          weights.clues[clue] += step
          guard case .symbol(let index) = part.source else { return [] }
          let changed = RowPart(
            source: part.source, span: part.span, box: part.box,
            options: page.options(of: index, weights), strokes: part.strokes)
          return page.evidence(of: changed, on: WritingLine(Self.line), weights)
        }
        for clue in Weights.Clue.allCases {
          let (less, more) = (evidence(clue, -1e-5), evidence(clue, 1e-5))
          for (place, evidence) in evidence(clue, 0).enumerated() {
            let slope = (more[place].evidence - less[place].evidence) / 2e-5
            #expect(abs(evidence.slopes[clue] - slope) < 1e-5 * max(1, abs(slope)), "\(clue)")
          }
        }
      }
    }
  }

  @Test func sortingOutEarlyLosesNothing() {
    var random = SplitMix64(seed: 4)
    for _ in 0..<60 {
      let strokes = Int.random(in: 4...8, using: &random)
      let page = page(strokes, options: 5, rises: true, &random)
      let parts = parts(page)
      func results(room: Int) -> [RowSearch.Result] {
        var search = RowSearch(
          page, parts, strokes: strokes, on: Self.line, isInner: false, weights: .standard,
          beam: 8, room: room)
        return search.results()
      }
      let (eager, patient) = (results(room: 9), results(room: .max))
      #expect(eager.map(\.text) == patient.map(\.text))
      #expect(eager.map(\.score) == patient.map(\.score))
    }
  }

  @Test func aTextIsAnExpressionWhereItsGrammarSaysSo() {
    var random = SplitMix64(seed: 5)
    var whole = 0
    for _ in 0..<100 {
      let strokes = Int.random(in: 2...7, using: &random)
      let page = page(strokes, options: 4, rises: true, &random)
      var search = RowSearch(
        page, parts(page), strokes: strokes, on: Self.line, isInner: false, weights: .standard)
      for result in search.results() where result.terms[.grammar] == 0 {
        whole += 1
        #expect(throws: Never.self, "\(result.text)") { _ = try Expression(result.text) }
        let plain = LayoutSpelling.plain(result.text)
        #expect(throws: Never.self, "\(plain) of \(result.text)") { _ = try Expression(plain) }
      }
    }
    #expect(whole > 100)
  }
}
