/// A table whose rows are written as they come: a column is as wide as its widest cell so far.
///
/// Where a terminal has no room for that, texts go on below in their columns; and where numbers alone are too
/// many, a row takes several lines, as the header does.
public struct GrowingTable {
  private let header: [[String]]
  private let left: Set<Int>
  /// The widths of columns that there is room for, so that later rows stand under earlier ones.
  private let usual: Int
  private var widest: [Int]
  private var hasHeader = false

  /// A table of texts with a header, which is written before the first row, and at the right a number.
  public init(_ header: [String]) {
    self.init([header], left: Set(header.indices.dropLast()), usual: 16)
  }

  /// A table of numbers, named by a line, or by one and that of their units.
  public init(numbers header: [[String]]) { self.init(header, left: [], usual: 8) }

  private init(_ header: [[String]], left: Set<Int>, usual: Int) {
    (self.header, self.left, self.usual) = (header, left, usual)
    widest = (header.first ?? []).indices.map { column in
      header.reduce(0) { max($0, $1[column].columns) }
    }
  }

  /// Writes a row of as many cells as the header has.
  public mutating func write(_ cells: [String], _ output: ByteWriter) {
    for line in lines(cells, width: output.terminalWidth ?? .max) {
      line.isHeader ? output.write(header: line.text) : output.write(line.text + "\n")
    }
  }

  /// The lines of a row, behind those of the header where it is the first.
  mutating func lines(_ cells: [String], width: Int) -> [TerminalTable.Line] {
    // A cell may hold what came from outside, which is not to move the terminal's cursor.
    let cells = cells.map(\.shownEscaped)
    for (place, cell) in cells.enumerated() { widest[place] = max(widest[place], cell.columns) }
    let layout = layout(width)
    defer { hasHeader = true }
    return (hasHeader ? [] : lines(header, headers: header.count, layout))
      + lines([cells], headers: 0, layout)
  }

  /// The columns of each line that a row takes, and their widths.
  private typealias Layout = (lines: [[Int]], widths: [Int])

  private func layout(_ room: Int) -> Layout {
    let all = Array(widest.indices)
    let gaps = 2 * (all.count - 1)
    let spacious = all.map {
      left.contains($0) || left.isEmpty ? max(widest[$0], usual) : widest[$0]
    }
    if spacious.reduce(gaps, +) <= room { return ([all], spacious) }
    var widths = widest
    let needed = widths.reduce(gaps, +)
    if needed <= room {
      // What is left over is for the rows to come.
      var slack = room - needed
      for (place, column) in left.sorted().enumerated() {
        let more = min(slack / (left.count - place), max(usual - widths[column], 0))
        widths[column] += more
        slack -= more
      }
      return ([all], widths)
    }
    var rest = room - gaps - all.reduce(0) { left.contains($1) ? $0 : $0 + widths[$1] }
    if !left.isEmpty, rest >= 8 * left.count {
      // The narrow ones have what they need, and the others share what is left.
      let texts = left.sorted { (widths[$0], $0) < (widths[$1], $1) }
      for (place, column) in texts.enumerated() {
        widths[column] = min(widths[column], rest / (texts.count - place))
        rest -= widths[column]
      }
      return ([all], widths)
    }
    let margin = 2
    widths = widths.map { min($0, max(room, TerminalTable.least) - margin) }
    var (lines, line, used) = ([[Int]](), [Int](), 0)
    for column in all {
      if !line.isEmpty, used + 2 + widths[column] > room {
        lines.append(line)
        (line, used) = ([], margin)
      }
      used += widths[column] + (line.isEmpty ? 0 : 2)
      line.append(column)
    }
    return (lines + [line], widths)
  }

  private func lines(_ rows: [[String]], headers: Int, _ layout: Layout) -> [TerminalTable.Line] {
    let grid = TableGrid(cells: rows, headers: headers, left: left)
    return layout.lines.enumerated().flatMap { place, columns in
      grid.lines(columns, layout.widths).map { line in
        let margin = place == 0 || line.text.isEmpty ? "" : "  "
        return TerminalTable.Line(text: margin + line.text, isHeader: line.isHeader)
      }
    }
  }
}
