/// The lines of a drawing, from top to bottom and from left to right, without what is no writing.
extension InkPage {
  /// The widest gap along x between parts of one expression, in writing sizes; half of it is common.
  private static let columnGap = 2.5

  /// The strokes of each line, in the pieces of it that stand far apart.
  func lines() -> [[[Int]]] {
    let strokes = writing()
    guard strokes.count <= StrokeCover.reach else { return [[strokes]] }
    let units = units(of: strokes)
    let blocks = joined(units).map { block in block.flatMap { units[$0] }.sorted() }
    var lines: [[[Int]]] = []
    // From the top; what stands beside a line belongs to it.
    for block in blocks.sorted(by: { (box($0).y0, $0[0]) < (box($1).y0, $1[0]) }) {
      let place = lines.firstIndex { line in
        !line.contains { isOver(box($0), box(block)) }
          && line.contains { isBeside(box($0), box(block)) }
      }
      if let place { lines[place].append(block) } else { lines.append([block]) }
    }
    return lines.map(columns)
  }

  /// The strokes without specks far from all else, and without lines drawn under, over or around it.
  private func writing() -> [Int] {
    let all = Array(boxes.indices)
    guard all.count > 2, all.count <= StrokeCover.reach else { return all }
    var kept = all.filter { stroke in
      let box = boxes[stroke]
      guard max(box.width, box.height) < 0.15 * size else { return true }
      return all.contains { $0 != stroke && distance(boxes[$0], box) < 1.2 * size }
    }
    var rules = kept.filter { isRule($0, among: kept) }
    if rules.count == 1, kept.count == 2 { rules = [] }
    kept.removeAll { rules.contains($0) }
    // Where nothing else is left, what was left out is what was written.
    return kept.isEmpty ? all : kept
  }

  /// Whether a stroke is a line drawn under or over everything, or a frame around it.
  private func isRule(_ stroke: Int, among all: [Int]) -> Bool {
    let others = all.filter { $0 != stroke }
    let (own, rest) = (boxes[stroke], box(others))
    let isFlat = own.height < 0.2 * own.width && own.width > 2 * size
    if isFlat, own.width > 0.8 * rest.width, others.count >= 3 {
      let margin = 0.1 * size
      if rest.y1 < own.y0 + margin || rest.y0 > own.y1 - margin { return true }
    }
    // Left of what is in a root stands its hook.
    return others.count >= 2 && own.x0 < rest.x0 && own.y0 < rest.y0 && own.x1 > rest.x1
      && own.y1 > rest.y1 + 0.05 * own.height && rest.x0 - own.x0 < 0.3 * own.height
  }

  /// What bars and roots span, and each other stroke, by itself.
  private func units(of strokes: [Int]) -> [[Int]] {
    var units: [[Int]] = []
    var spanned: Set<Int> = []
    for forms in structures(of: strokes) {
      guard let widest = forms.first, spanned.isDisjoint(with: widest.strokes),
        !isDivisionSign(members[widest.sign][0])
      else { continue }
      units.append(widest.strokes)
      spanned.formUnion(widest.strokes)
    }
    return units + strokes.filter { !spanned.contains($0) }.map { [$0] }
  }

  /// Whether a stroke is the bar of a ÷ for all that is known, and no bar with lines over and under it.
  private func isDivisionSign(_ stroke: Int) -> Bool {
    symbols.indices.contains { index in
      members[index].count > 1 && members[index].contains(stroke)
        && symbols[index].top.first.map { $0.text == "÷" && $0.probability > 0.5 } ?? false
    }
  }

  /// Blocks of units that stand beside each other, or are one character.
  private func joined(_ units: [[Int]]) -> [[Int]] {
    var block = Array(units.indices)
    func root(_ unit: Int) -> Int {
      var unit = unit
      while block[unit] != unit { unit = block[unit] }
      return unit
    }
    var unit = [Int: Int]()
    for (index, strokes) in units.enumerated() { for stroke in strokes { unit[stroke] = index } }
    for (index, symbol) in symbols.enumerated() where members[index].count > 1 {
      let isCharacter =
        (symbol.top.first.map { $0.text != "none" && $0.probability > 0.5 }) ?? false
      guard isCharacter, let first = unit[members[index][0]] else { continue }
      for stroke in members[index].dropFirst() {
        if let other = unit[stroke] { block[root(other)] = root(first) }
      }
    }
    let boxes = units.map { box($0) }
    for one in units.indices {
      for other in units.indices where other > one {
        let (a, b) = (boxes[one], boxes[other])
        let across = max(a.x0, b.x0) - min(a.x1, b.x1)
        let down = max(a.y0, b.y0) - min(a.y1, b.y1)
        let isStacked = -across >= 0.5 * min(a.width, b.width) && down > 0
        if across <= 0.8 * size, down <= 0.4 * size, !isStacked {
          block[root(other)] = root(one)
        }
      }
    }
    return Dictionary(grouping: units.indices, by: root).sorted { $0.key < $1.key }.map(\.value)
  }

  /// Whether one block stands above another.
  private func isOver(_ one: Box, _ other: Box) -> Bool {
    let shared = min(one.x1, other.x1) - max(one.x0, other.x0)
    return shared > 0.3 * min(one.width, other.width) && other.y0 > one.y1 - 0.1 * size
  }

  /// Whether two blocks could be parts of one line: an exponent of nothing but itself shares no height.
  private func isBeside(_ one: Box, _ other: Box) -> Bool {
    let down = max(one.y0, other.y0) - min(one.y1, other.y1)
    let across = max(one.x0, other.x0) - min(one.x1, other.x1)
    return down < 0.1 * size || down < 0.6 * size && across < 2 * size
      || down < size && across > -0.3 * size && across < size
  }

  /// A line in pieces that stand far apart.
  private func columns(_ blocks: [[Int]]) -> [[Int]] {
    var columns: [[Int]] = []
    for block in blocks.sorted(by: { (box($0).x0, $0[0]) < (box($1).x0, $1[0]) }) {
      if let last = columns.last, box(block).x0 - box(last).x1 < Self.columnGap * size {
        columns[columns.count - 1] = (last + block).sorted()
      } else {
        columns.append(block)
      }
    }
    return columns
  }

  private func distance(_ one: Box, _ other: Box) -> Double {
    let across = max(0, max(one.x0, other.x0) - min(one.x1, other.x1))
    let down = max(0, max(one.y0, other.y0) - min(one.y1, other.y1))
    return (across * across + down * down).squareRoot()
  }
}
