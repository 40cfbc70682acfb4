import Alphabet

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Beam search through the parts of a row, from left to right, on its line and on the lines of exponents.
///
/// A path has read the first strokes of the row (`StrokeCover`); it is extended by a part that holds the
/// first unread one, on the line it is on, on one further down that it comes back to, or on a new one
/// raised above what it has read last. The best paths with as many strokes are kept, one for each text.
/// They lie in one array and point back to where they came from; a text is known by a hash that grows
/// with it and is spelt out at the end only.
struct RowSearch {
  /// A reading of a row.
  struct Result {
    var text: String
    var terms: Weights.Terms
    var score: Double
    var symbols: [Reading.Symbol]
    /// What stands on the row's own line, to find that line by.
    var votes: [GlyphGeometry.Vote]
    /// The middle height of its digits, 0 of none.
    var digitSize: Double
  }

  /// What a path comes back to when an exponent has ended.
  private struct Outer {
    var grammar: GrammarState?
    var line: Int32
    var right: Double
  }

  /// A path from the first stroke; `before` is its place among the kept, -1 for none.
  private struct Path {
    var cover = StrokeCover()
    var terms = Weights.Terms.zero
    var score = 0.0
    var hash: UInt64 = 0
    var grammar: GrammarState?
    var kind = Usage.Kind.edge
    var line: Int32 = 0
    /// The lines below this one.
    var outer: [Outer] = []
    /// The right end of what was read last on this line.
    var right = -Double.infinity
    var before: Int32 = -1
    var step: Step?
  }

  /// The last step of a path.
  private struct Step {
    var part: Int32
    var option: Int32
    var probability: Double
    /// How many exponents ended before it.
    var pops: Int8
    var isRaised: Bool
    /// Whether it is the fraction of a mixed number.
    var isMixed: Bool
    /// How usual it is there, and how much likelier its line is than others.
    var usage = 0.0
    var presence = 0.0
  }

  private let page: InkPage
  private let parts: [RowPart]
  private let starting: [[Int]]
  private let strokes: Int
  private let weights: Weights
  private let beam: Int
  private let room: Int
  private let isInner: Bool
  /// What the fraction of a mixed number can gain at most.
  private let mostOfMixed: Double
  private var lines: [WritingLine]
  /// Raised lines by the part below and the first part on them.
  private var raised: [SIMD2<Int32>: Int32] = [:]
  /// What each option of a part comes to on a line.
  private var evidence: [SIMD2<Int32>: [InkPage.Evidence]] = [:]
  private var kept: [Path] = []
  /// Paths that have read so many strokes and wait to be weighed against each other.
  private var waiting: [[Path]]
  /// What a path must reach at each place to be among the best.
  private var threshold: [Double]
  /// How many extensions of paths were weighed.
  private(set) var effort = 0

  /// How many structures more the small fraction of a mixed number counts.
  private static let mixed = 2.0
  /// How many readings are spelt out.
  private static let mostSpelt = 32
  /// The most exponents upon each other.
  private static let mostLevels = 3

  /// A search on a line.
  ///
  /// It keeps `beam` paths at each place, and drops the others whenever `room` of them are waiting;
  /// `room` must be larger than `beam`. `isInner` rows are no equations.
  init(
    _ page: InkPage, _ parts: [RowPart], strokes: Int, on line: GlyphGeometry, isInner: Bool,
    weights: Weights, beam: Int = Weights.beam, room: Int = 3 * Weights.beam
  ) {
    precondition(room > beam)
    (self.page, self.parts, self.strokes, self.weights) = (page, parts, strokes, weights)
    (self.beam, self.room, self.isInner) = (beam, room, isInner)
    mostOfMixed = Self.mixed * max(0, weights.terms[.structure])
    var starting = [[Int]](repeating: [], count: strokes)
    for (index, part) in parts.enumerated() { starting[part.span.first].append(index) }
    self.starting = starting
    lines = [WritingLine(line)]
    waiting = [[Path]](repeating: [], count: strokes + 1)
    threshold = [Double](repeating: -.infinity, count: strokes + 1)
  }

  /// The readings found, the best first.
  mutating func results() -> [Result] {
    var first = Path()
    first.grammar = GrammarState(isInner: isInner)
    waiting[0] = [first]
    for count in 0..<strokes where !waiting[count].isEmpty {
      sortOut(count)
      let start = kept.count
      kept.append(contentsOf: waiting[count])
      waiting[count] = []
      for before in start..<kept.count {
        for part in starting[kept[before].cover.next] { extend(before, by: part) }
      }
    }
    sortOut(strokes)
    let spelt = weights.terms[.truth] == 0 ? Self.mostSpelt : beam
    return waiting[strokes].prefix(spelt).map(result).sorted {
      ($0.score, $1.text) > ($1.score, $0.text)
    }
  }

  /// Adds a part to a path wherever it could stand.
  private mutating func extend(_ before: Int, by part: Int) {
    guard let cover = kept[before].cover.adding(parts[part].span) else { return }
    var path = kept[before]
    (path.cover, path.before) = (cover, Int32(before))
    // The lines that the part could stand on.
    let raised = path.step.flatMap { risenLine(path, over: Int($0.part), part) }
    let rivals = [path.line] + path.outer.map(\.line) + (raised.map { [$0] } ?? [])
    place(path, part, rivals, pops: 0)
    if let raised, let base = path.step?.part { rise(path, onto: raised, over: base, part, rivals) }
    var pops: Int8 = 0
    while let outer = path.outer.last, path.grammar?.canEnd ?? true {
      path.outer.removeLast()
      path.terms[.usage] += Usage.score(path.kind, .edge)
      path.grammar = path.grammar == nil ? nil : outer.grammar
      (path.line, path.kind) = (outer.line, .close)
      path.right = max(path.right, outer.right)
      pops += 1
      place(path, part, rivals, pops: pops)
    }
  }

  /// The line of an exponent above what was read last, if a part could be one.
  private mutating func risenLine(_ path: Path, over base: Int, _ part: Int) -> Int32? {
    let (below, box) = (parts[base].box, parts[part].box)
    let line = lines[Int(path.line)]
    guard path.grammar?.endsOperand ?? true, path.kind != .dot, path.outer.count < Self.mostLevels,
      box.center > below.center, box.middle < below.middle - 0.1 * line.geometry.scale
    else { return nil }
    let key = SIMD2(Int32(base), -1 - path.line)
    if let known = raised[key] { return known }
    lines.append(line.raised(over: below))
    raised[key] = Int32(lines.count - 1)
    return raised[key]
  }

  /// Starts an exponent with a part.
  private mutating func rise(
    _ path: Path, onto line: Int32, over base: Int32, _ part: Int, _ rivals: [Int32]
  ) {
    var path = path
    path.outer.append(Outer(grammar: path.grammar?.closed, line: path.line, right: path.right))
    path.terms[.rise] += 1
    path.grammar = path.grammar == nil ? nil : GrammarState(isInner: true)
    path.kind = .edge
    path.line = line
    place(path, part, rivals, pops: 0, raisedOver: base)
  }

  /// Adds each option of a part to a path on its line.
  private mutating func place(
    _ path: Path, _ part: Int, _ rivals: [Int32], pops: Int8, raisedOver base: Int32? = nil
  ) {
    let isLast = path.cover.count == strokes
    let scale = lines[Int(path.line)].geometry.scale
    let gap = path.step == nil ? 0 : (parts[part].box.x0 - path.right) / scale
    let overlap = -gap / max(0.3, min(1, (parts[part].box.x1 - parts[part].box.x0) / scale))
    let evidence = evidence(of: part, on: path.line)
    let others = rivals.filter { $0 != path.line }.map { self.evidence(of: part, on: $0) }
    var isSymbol = false
    if case .symbol = parts[part].source { isSymbol = true }
    let score = weights.score(path.terms)
    effort += parts[part].options.count
    for (index, option) in parts[part].options.enumerated() {
      var terms = option.terms
      if isSymbol { terms[.character] += 1 }
      terms[.evidence] += evidence[index].evidence
      if weights.followsClues { terms.add(evidence[index].slopes) }
      let usage = Usage.score(path.kind, option.before)
      // The log probability that it stands on this line, and on none of the others that it could.
      let own = evidence[index].presence
      let presence =
        others.isEmpty ? 0 : -log(others.reduce(1) { $0 + exp($1[index].presence - own) })
      terms[.usage] += usage
      terms[.line] += presence
      let isNumber = path.kind == .digit && option.before == .digit
      terms[.gap] += isNumber ? max(0, gap - 0.9) : 0.25 * max(0, gap - 2)
      if base == nil { terms[.gap] += 2 * min(max(0, overlap - 0.4), 1) }
      let grammar = option.role.flatMap { path.grammar?.advanced(by: $0) }
      // Once outside the grammar a path stays there, but it has paid for it.
      if grammar == nil, path.grammar != nil { terms[.grammar] += 1 }
      if isLast {
        terms[.usage] += Usage.score(option.after, .edge)
        let isWhole =
          grammar?.canEnd ?? true && path.outer.allSatisfy { $0.grammar?.canEnd ?? true }
        if !isWhole { terms[.grammar] += 1 }
      }
      // Most end here, before a path is made of them.
      guard
        score + weights.score(terms) + (option.isPlainFraction ? mostOfMixed : 0)
          >= threshold[path.cover.count]
      else { continue }
      var next = path
      next.terms += terms
      next.grammar = grammar
      next.kind = option.after
      next.right = max(path.right, parts[part].box.x1)
      if let base, let figures = option.figures {
        next.line = settled(path.line, over: base, by: part, index, figures)
      }
      var step = Step(
        part: Int32(part), option: Int32(index), probability: evidence[index].probability,
        pops: pops, isRaised: base != nil, isMixed: false, usage: usage, presence: presence)
      var hash =
        path.hash &+ option.hash &+ UInt64(UInt8(bitPattern: pops)) &* 0xd6e8_feb8_6659_fd93
      if base != nil { hash ^= 0xa076_1d64_78bd_642f }
      next.hash = hash &* 0x9e37_79b9_7f4a_7c15
      next.step = step
      keep(next)
      // A whole number before a fraction: the sum of both where the fraction is written small.
      if option.isPlainFraction, base == nil, pops == 0, path.kind == .digit,
        path.grammar?.endsWholeNumber ?? false
      {
        step.isMixed = true
        next.step = step
        next.hash = (hash ^ 0x2545_f491_4f6c_dd1d) &* 0x9e37_79b9_7f4a_7c15
        let isSmall = option.digitSize < 0.85 * scale
        next.terms[.structure] += isSmall ? Self.mixed : 1
        keep(next)
      }
    }
  }

  private func reasons(_ option: RowOption, _ part: RowPart, _ step: Step, _ line: Int32)
    -> Reading.Reasons?
  {
    guard let figures = option.figures else { return nil }
    let (size, place) = lines[Int(line)].reasons(figures, part.box)
    return Reading.Reasons(
      picture: option.clues[.picture], size: size, place: place, usage: step.usage,
      line: step.presence)
  }

  private mutating func keep(_ path: Path) {
    var path = path
    path.score = weights.score(path.terms)
    let count = path.cover.count
    guard path.score >= threshold[count] else { return }
    waiting[count].append(path)
    if waiting[count].count >= room { sortOut(count) }
  }

  /// The raised line as its first character shows it.
  private mutating func settled(
    _ line: Int32, over base: Int32, by part: Int, _ option: Int, _ figures: GlyphGeometry.Class
  ) -> Int32 {
    let key = SIMD2(base, Int32(part) << 8 | Int32(min(option, 255)))
    if let known = raised[key] { return known }
    let text = parts[part].options[option].text
    let tellsScale = Alphabet.entry(of: text)?.tellsScale ?? false
    lines.append(lines[Int(line)].settled(by: parts[part].box, figures, tellsScale: tellsScale))
    raised[key] = Int32(lines.count - 1)
    return Int32(lines.count - 1)
  }

  /// What its clues say of each option of a part on a line, and how likely that makes it.
  private mutating func evidence(
    of part: Int, on line: Int32
  ) -> [InkPage.Evidence] {
    let key = SIMD2(Int32(part), line)
    if let known = evidence[key] { return known }
    let result = page.evidence(of: parts[part], on: lines[Int(line)], weights)
    evidence[key] = result
    return result
  }

  /// Leaves the best paths at a place, one for each text and what it has read, the best first.
  private mutating func sortOut(_ count: Int) {
    let paths = waiting[count]
    // Keys are a fifth of a path to move about.
    let order = paths.indices.map { (score: paths[$0].score, place: $0) }
      .sorted {
        $0.score != $1.score ? $0.score > $1.score : paths[$0.place].hash > paths[$1.place].hash
      }
    var best: [Path] = []
    best.reserveCapacity(min(paths.count, room))
    var seen: Set<UInt64> = []
    for (_, place) in order
    where best.count < beam && seen.insert(paths[place].hash ^ paths[place].cover.hash).inserted {
      best.append(paths[place])
    }
    if best.count == beam { threshold[count] = best[beam - 1].score }
    waiting[count] = best
  }

  /// What a whole path has read.
  private func result(_ path: Path) -> Result {
    var steps: [(step: Step, line: Int32)] = []
    var place = path
    while let step = place.step {
      steps.append((step, place.line))
      place = kept[Int(place.before)]
    }
    var (text, level) = ("", 0)
    var symbols: [Reading.Symbol] = []
    var votes: [GlyphGeometry.Vote] = []
    var digits: [(Double, Double)] = []
    for (step, line) in steps.reversed() {
      let part = parts[Int(step.part)]
      let option = part.options[Int(step.option)]
      text += String(repeating: "}", count: Int(step.pops))
      level -= Int(step.pops)
      if step.isRaised { text += "^{" }
      if step.isRaised { level += 1 }
      if step.isMixed { text.append(ReadingSpelling.invisiblePlus) }
      text += option.text
      switch part.source {
      case .symbol(let index):
        symbols.append(
          Reading.Symbol(
            text: option.text, probability: step.probability, candidate: page.symbols[index],
            level: level, reasons: reasons(option, part, step, line)))
        if level == 0 { votes.append((part.box, option.text, step.probability)) }
        if option.before == .digit { digits.append((part.box.height, 1)) }
      case .stroke: break
      case .structure(let sign):
        symbols += option.inside
        let box = page.symbols[sign].box
        if level == 0, !option.text.contains("√") || box.isFlat {
          votes.append((box, "-", 0.5))
        }
      }
    }
    text += String(repeating: "}", count: level)
    var result = Result(
      text: text, terms: path.terms, score: path.score, symbols: symbols, votes: votes,
      digitSize: GlyphGeometry.median(digits.map { (value: $0.0, weight: $0.1) }))
    if !isInner, path.grammar != nil, weights.terms[.truth] != 0,
      Usage.isTrueEquation(text)
    {
      result.terms[.truth] += 1
      result.score = weights.score(result.terms)
    }
    return result
  }
}

extension StrokeCover {
  /// The same in every run, unlike Swift's own.
  fileprivate var hash: UInt64 {
    let bits = UInt64(truncatingIfNeeded: ahead) ^ UInt64(truncatingIfNeeded: ahead >> 64) &* 31
    return (UInt64(next) &* 0xff51_afd7_ed55_8ccd) ^ (bits &* 0xc4ce_b9fe_1a85_ec53)
  }
}
