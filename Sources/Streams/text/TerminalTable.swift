/// A table for a terminal: no line is wider than it, and no cell is left out.
///
/// What fits is written as it stands. A table that is too wide is turned, so that its rows are columns, or cut
/// into blocks of columns, each with the first column again: whichever takes fewer lines, and turned where
/// that needs no blocks. A cell that is wider than its column goes on below.
struct TerminalTable {
  /// A line of it.
  struct Line: Equatable {
    let text: String
    /// Whether it names the columns.
    let isHeader: Bool
  }

  /// The least width that is heeded: narrower terminals fold lines themselves.
  static let least = 10
  private let grid: TableGrid
  private let indent: Int

  /// A table of rows, the first of which name the columns; the others stand at the right unless they are
  /// among `left`, and before all of them are so many blanks where there is room.
  init(_ rows: [[String]], headers: Int = 1, left: Set<Int> = [0], indent: Int = 0) {
    let count = rows.map(\.count).max() ?? 0
    let cells = rows.map { row in
      row.map(\.shownEscaped) + Array(repeating: "", count: count - row.count)
    }
    grid = TableGrid(cells: cells, headers: min(headers, rows.count), left: left)
    self.indent = indent
  }

  /// The lines, none wider than so many columns.
  func lines(width: Int) -> [Line] {
    guard !grid.cells.isEmpty, grid.count > 0 else { return [] }
    let margin = String(repeating: " ", count: indent)
    let whole = (0..<grid.count).map { grid.widest($0) }
    if whole.reduce(indent, +) + 2 * (grid.count - 1) <= width {
      return grid.lines(Array(grid.cells[0].indices), whole).map {
        Line(text: $0.text.isEmpty ? "" : margin + $0.text, isHeader: $0.isHeader)
      }
    }
    let room = max(width, Self.least)
    let turned = grid.turned.layout(room, keys: room, names: max(12, room / 4))
    if let turned, turned.blocks.count == 1 { return turned.lines }
    // Long names in the first column leave little for the others, and short ones take more lines.
    let layouts = [room, room / 3].map { grid.layout(room, keys: $0, names: room) } + [turned]
    return layouts.compactMap { $0?.lines }.min { $0.count < $1.count } ?? []
  }
}
