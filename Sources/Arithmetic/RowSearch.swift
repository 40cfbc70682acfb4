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
    /// The line below it, by its place in `outers`; -1 where it is the row's own.
    var below: Int32
    var right: Double
  }

  /// A path from the first stroke; `before` is its place among the kept, -1 for none.
  ///
  /// It holds no references: paths are copied and moved about by the thousands. What its terms are is
  /// worked out once it is kept.
  private struct Path {
    var cover = StrokeCover()
    var score = 0.0
    var hash: UInt64 = 0
    /// The right end of what was read last on this line.
    var right = -Double.infinity
    var grammar: GrammarState?
    var kind = Usage.Kind.edge
    var line: Int32 = 0
    /// The lines below this one, by their place in `outers`; -1 of none.
    var outer: Int32 = -1
    var before: Int32 = -1
    var step: Step?
  }

  /// The last step of a path: what it adds to the terms.
  private struct Step {
    var part: Int32
    var option: Int32
    /// The line it was weighed on.
    var line: Int32
    /// How many exponents ended before it.
    var pops: Int8 = 0
    var isRaised: Bool
    /// How many faults of grammar it makes.
    var faults: Int8 = 0
    /// What it counts as the fraction of a mixed number; 0 where it is none.
    var mixed = 0.0
    /// How usual the ends are that it makes, and it itself; how much likelier its line is than others.
    var ends = 0.0
    var usage = 0.0
    var presence = 0.0
    var gap = 0.0
  }

  /// What places an option in a row, without its texts.
  private struct Choice {
    let before, after: Usage.Kind
    let role: RowOption.Role?
    let isPlainFraction: Bool
    let hash: UInt64
    /// What it comes to by itself.
    let worth: Double
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
  /// The options of all parts, and where those of each begin.
  private var choices: [Choice] = []
  private var firstChoice: [Int] = []
  /// What each option of a part comes to on a line, and where those of a part on a line begin: -1 where it
  /// is not known yet.
  private var evidence: [InkPage.Evidence] = []
  private var firstEvidence: [Int] = []
  /// The lines below those of paths.
  private var outers: [Outer] = []
  private var kept: [Path] = []
  /// The terms of the kept paths.
  private var terms: [Weights.Terms] = []
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
  /// What is this much below the threshold is weighed again once its score is whole.
  private static let rounding = 1e-9
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
    firstEvidence = [Int](repeating: -1, count: parts.count)
    for part in parts {
      var isSymbol = false
      if case .symbol = part.source { isSymbol = true }
      let own = isSymbol ? weights.terms[.character] : 0
      firstChoice.append(choices.count)
      choices += part.options.map {
        Choice(
          before: $0.before, after: $0.after, role: $0.role, isPlainFraction: $0.isPlainFraction,
          hash: $0.hash, worth: own + weights.score($0.terms))
      }
    }
    firstChoice.append(choices.count)
    waiting = [[Path]](repeating: [], count: strokes + 1)
    threshold = [Double](repeating: -.infinity, count: strokes + 1)
  }

  /// The readings found, the best first.
  mutating func results() -> [Result] {
    var first = Path()
    first.grammar = GrammarState(isInner: isInner)
    waiting[0] = [first]
    for count in 0...strokes where !waiting[count].isEmpty {
      sortOut(count)
      let start = kept.count
      kept.append(contentsOf: waiting[count])
      terms.append(contentsOf: waiting[count].map(summed))
      if count == strokes { continue }
      waiting[count] = []
      for before in start..<kept.count {
        for part in starting[kept[before].cover.next] { extend(before, by: part) }
      }
    }
    let spelt = weights.terms[.truth] == 0 ? Self.mostSpelt : beam
    return kept.indices.suffix(waiting[strokes].count).prefix(spelt).map(result).sorted {
      ($0.score, $1.text) > ($1.score, $0.text)
    }
  }

  /// The terms of a path.
  private func summed(_ path: Path) -> Weights.Terms {
    guard let step = path.step else { return .zero }
    let (part, option) = (parts[Int(step.part)], Int(step.option))
    let seen = evidence[firstEvidence[Int(step.line) * parts.count + Int(step.part)] + option]
    var sum = part.options[option].terms
    if case .symbol = part.source { sum[.character] += 1 }
    sum[.evidence] += seen.evidence
    if weights.followsClues { sum.add(seen.slopes) }
    sum[.usage] += step.ends + step.usage
    sum[.line] += step.presence
    sum[.gap] += step.gap
    sum[.grammar] += Double(step.faults)
    sum[.structure] += step.mixed
    if step.isRaised { sum[.rise] += 1 }
    return terms[Int(path.before)] + sum
  }

  /// Adds a part to a path wherever it could stand.
  private mutating func extend(_ before: Int, by part: Int) {
    guard let cover = kept[before].cover.adding(parts[part].span) else { return }
    var path = kept[before]
    (path.cover, path.before) = (cover, Int32(before))
    var step = Step(part: Int32(part), option: 0, line: path.line, isRaised: false)
    // The lines that the part could stand on.
    let raised = path.step.flatMap { risenLine(path, over: Int($0.part), part) }
    var rivals = Rivals(evidence(of: part, on: path.line))
    var outer = path.outer
    while outer >= 0 {
      rivals.add(evidence(of: part, on: outers[Int(outer)].line))
      outer = outers[Int(outer)].below
    }
    if let raised { rivals.add(evidence(of: part, on: raised)) }
    place(path, step, rivals)
    if let raised, let base = path.step?.part { rise(path, onto: raised, over: base, part, rivals) }
    while path.outer >= 0, path.grammar?.canEnd ?? true {
      let outer = outers[Int(path.outer)]
      path.outer = outer.below
      step.ends += Usage.score(path.kind, .edge)
      path.grammar = path.grammar == nil ? nil : outer.grammar
      (path.line, path.kind) = (outer.line, .close)
      path.right = max(path.right, outer.right)
      step.line = outer.line
      step.pops += 1
      place(path, step, rivals)
    }
  }

  /// Where the evidence of a part begins on each of the lines that it could stand on.
  private struct Rivals {
    private var starts: SIMD8<Int>
    private(set) var count = 1

    init(_ first: Int) { starts = SIMD8(repeating: first) }

    mutating func add(_ start: Int) {
      starts[count] = start
      count += 1
    }

    subscript(index: Int) -> Int { starts[index] }
  }

  /// The line of an exponent above what was read last, if a part could be one.
  private mutating func risenLine(_ path: Path, over base: Int, _ part: Int) -> Int32? {
    let (below, box) = (parts[base].box, parts[part].box)
    let line = lines[Int(path.line)]
    guard path.grammar?.endsOperand ?? true, path.kind != .dot, levels(path) < Self.mostLevels,
      box.center > below.center, box.middle < below.middle - 0.1 * line.geometry.scale
    else { return nil }
    let key = SIMD2(Int32(base), -1 - path.line)
    if let known = raised[key] { return known }
    raised[key] = add(line.raised(over: below))
    return raised[key]
  }

  /// How many exponents are open at the end of a path.
  private func levels(_ path: Path) -> Int {
    var (levels, outer) = (0, path.outer)
    while outer >= 0 { (levels, outer) = (levels + 1, outers[Int(outer)].below) }
    return levels
  }

  /// Starts an exponent with a part.
  private mutating func rise(
    _ path: Path, onto line: Int32, over base: Int32, _ part: Int, _ rivals: Rivals
  ) {
    var path = path
    outers.append(
      Outer(
        grammar: path.grammar?.closed, line: path.line, below: path.outer, right: path.right))
    path.outer = Int32(outers.count - 1)
    path.grammar = path.grammar == nil ? nil : GrammarState(isInner: true)
    path.kind = .edge
    path.line = line
    place(
      path, Step(part: Int32(part), option: 0, line: line, isRaised: true), rivals, over: base)
  }

  /// Adds each option of a part to a path on its line, raised over another part where there is a `base`.
  private mutating func place(_ path: Path, _ step: Step, _ rivals: Rivals, over base: Int32? = nil)
  {
    let part = Int(step.part)
    let isLast = path.cover.count == strokes
    let scale = lines[Int(path.line)].geometry.scale
    let box = parts[part].box
    let gap = path.step == nil ? 0 : (box.x0 - path.right) / scale
    let overlap = -gap / max(0.3, min(1, (box.x1 - box.x0) / scale))
    let crowding = base == nil ? 2 * min(max(0, overlap - 0.4), 1) : 0
    let start = evidence(of: part, on: path.line)
    let followed = path.grammar != nil
    let score = path.score + (base == nil ? 0 : weights.terms[.rise])
    let threshold = threshold[path.cover.count] - Self.rounding
    let lineWeight = weights.terms[.line]
    let first = firstChoice[part]
    effort += firstChoice[part + 1] - first
    for index in 0..<firstChoice[part + 1] - first {
      let choice = choices[first + index]
      var step = step
      step.option = Int32(index)
      step.usage = Usage.score(path.kind, choice.before)
      let isNumber = path.kind == .digit && choice.before == .digit
      step.gap = crowding + (isNumber ? max(0, gap - 0.9) : 0.25 * max(0, gap - 2))
      let grammar = choice.role.flatMap { path.grammar?.advanced(by: $0) }
      // Once outside the grammar a path stays there, but it has paid for it.
      if grammar == nil, followed { step.faults += 1 }
      if isLast {
        step.ends += Usage.score(choice.after, .edge)
        if !(grammar?.canEnd ?? true && outersCanEnd(path)) { step.faults += 1 }
      }
      // Most end here, before a path is made of them.
      var reached = score + choice.worth
      reached += weights.terms[.evidence] * evidence[start + index].evidence
      reached += weights.terms[.usage] * (step.ends + step.usage)
      reached += weights.terms[.gap] * step.gap
      reached += weights.terms[.grammar] * Double(step.faults)
      let most = reached + (choice.isPlainFraction ? mostOfMixed : 0)
      if lineWeight >= 0, most < threshold { continue }
      step.presence = presence(at: index, start, rivals)
      reached += lineWeight * step.presence
      if most + lineWeight * step.presence < threshold { continue }
      var next = path
      next.score = reached
      next.grammar = grammar
      next.kind = choice.after
      next.right = max(path.right, box.x1)
      if let base, let figures = parts[part].options[index].figures {
        next.line = settled(path.line, over: base, by: part, index, figures)
      }
      var hash =
        path.hash &+ choice.hash &+ UInt64(UInt8(bitPattern: step.pops))
        &* 0xd6e8_feb8_6659_fd93
      if base != nil { hash ^= 0xa076_1d64_78bd_642f }
      next.hash = hash &* 0x9e37_79b9_7f4a_7c15
      next.step = step
      keep(next)
      // A whole number before a fraction: the sum of both where the fraction is written small.
      if choice.isPlainFraction, base == nil, step.pops == 0, path.kind == .digit,
        path.grammar?.endsWholeNumber ?? false
      {
        let isSmall = parts[part].options[index].digitSize < 0.85 * scale
        step.mixed = isSmall ? Self.mixed : 1
        next.step = step
        next.score += weights.terms[.structure] * step.mixed
        next.hash = (hash ^ 0x2545_f491_4f6c_dd1d) &* 0x9e37_79b9_7f4a_7c15
        keep(next)
      }
    }
  }

  /// The log probability that an option stands on the line of its evidence, and on none of the others that
  /// it could.
  private func presence(at option: Int, _ start: Int, _ rivals: Rivals) -> Double {
    if rivals.count == 1 { return 0 }
    let own = evidence[start + option].presence
    var sum = 1.0
    for index in 0..<rivals.count where rivals[index] != start {
      sum += exp(evidence[rivals[index] + option].presence - own)
    }
    return -log(sum)
  }

  /// Whether the rows below a path's exponents may end where they are.
  private func outersCanEnd(_ path: Path) -> Bool {
    var outer = path.outer
    while outer >= 0 {
      guard outers[Int(outer)].grammar?.canEnd ?? true else { return false }
      outer = outers[Int(outer)].below
    }
    return true
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
    let count = path.cover.count
    guard path.score >= threshold[count] else { return }
    waiting[count].append(path)
    if waiting[count].count >= room { sortOut(count) }
  }

  /// Adds a line that exponents stand on.
  private mutating func add(_ line: WritingLine) -> Int32 {
    lines.append(line)
    firstEvidence.append(contentsOf: repeatElement(-1, count: parts.count))
    return Int32(lines.count - 1)
  }

  /// The raised line as its first character shows it.
  private mutating func settled(
    _ line: Int32, over base: Int32, by part: Int, _ option: Int, _ figures: GlyphGeometry.Class
  ) -> Int32 {
    let key = SIMD2(base, Int32(part) << 8 | Int32(min(option, 255)))
    if let known = raised[key] { return known }
    let text = parts[part].options[option].text
    let tellsScale = Alphabet.entry(of: text)?.tellsScale ?? false
    let settled = add(
      lines[Int(line)].settled(by: parts[part].box, figures, tellsScale: tellsScale))
    raised[key] = settled
    return settled
  }

  /// Where that begins what the clues say of each option of a part on a line.
  private mutating func evidence(of part: Int, on line: Int32) -> Int {
    let key = Int(line) * parts.count + part
    if firstEvidence[key] < 0 {
      firstEvidence[key] = evidence.count
      evidence += page.evidence(of: parts[part], on: lines[Int(line)], weights)
    }
    return firstEvidence[key]
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
  private func result(_ index: Int) -> Result {
    let path = kept[index]
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
      if step.mixed > 0 { text.append(ReadingSpelling.invisiblePlus) }
      text += option.text
      switch part.source {
      case .symbol(let index):
        let place = firstEvidence[Int(step.line) * parts.count + Int(step.part)]
        let probability = evidence[place + Int(step.option)].probability
        symbols.append(
          Reading.Symbol(
            text: option.text, probability: probability, candidate: page.symbols[index],
            level: level, reasons: reasons(option, part, step, line)))
        if level == 0 { votes.append((part.box, option.text, probability)) }
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
      text: text, terms: terms[index], score: weights.score(terms[index]), symbols: symbols,
      votes: votes,
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
