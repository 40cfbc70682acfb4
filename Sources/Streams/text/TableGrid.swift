/// Cells in columns, and how they are laid out on a terminal.
struct TableGrid {
  let cells: [[String]]
  let headers: Int
  let left: Set<Int>

  struct Layout {
    let blocks: [[Int]]
    let lines: [TerminalTable.Line]
  }

  /// How many columns it has.
  var count: Int { cells.first?.count ?? 0 }

  /// The widest cell of a column: of its headers, of others, or of all.
  func widest(_ column: Int, isHeader: Bool? = nil) -> Int {
    let rows =
      switch isHeader {
      case true: cells[..<headers]
      case false: cells[headers...]
      case nil: cells[...]
      }
    return rows.reduce(0) { max($0, $1[column].columns) }
  }

  /// How many columns say what a row is: those at the left before the first number.
  var keys: Int { (1..<max(count, 2)).first { !left.contains($0) || $0 == count - 1 } ?? 1 }

  /// The same with rows as columns; what says what a row is becomes their header.
  var turned: TableGrid {
    let rows = (0..<count).map { column in
      let names = cells[..<headers].map { $0[column] }.filter { !$0.isEmpty }
      return [names.joined(separator: " ")] + cells[headers...].map { $0[column] }
    }
    return TableGrid(cells: rows, headers: keys, left: [0])
  }

  /// Blocks of columns that fit into so many; nil where what says what a row is leaves no room.
  ///
  /// That stands in each block, and takes `most` at most where others need the room; names of columns make
  /// none wider than `names`.
  func layout(_ room: Int, keys most: Int, names: Int) -> Layout? {
    let gap = 2
    var widths = (0..<count).map { column in
      let body = widest(column, isHeader: false)
      return column == 0 ? widest(0) : max(body, min(widest(column, isHeader: true), names))
    }
    if count == 1 { widths[0] = min(widths[0], room) }
    if count > 1 {
      let others = widths[keys...].max() ?? 0
      let free = room - gap * keys - widths[1..<keys].reduce(0, +)
      guard keys == 1 || widths[0] + others <= free else { return nil }
      widths[0] = min(widths[0], max(free / 2, free - others), max(most, free / 3))
      for column in keys..<count { widths[column] = min(widths[column], free - widths[0]) }
    }
    let start = Array(0..<min(keys, count))
    let used = start.reduce(gap * (start.count - 1)) { $0 + widths[$1] }
    var (blocks, block, width) = ([[Int]](), start, used)
    for column in start.count..<count {
      if width + gap + widths[column] > room, block.count > start.count {
        blocks.append(block)
        (block, width) = (start, used)
      }
      block.append(column)
      width += gap + widths[column]
    }
    blocks.append(block)
    let parts = blocks.enumerated().map { lines($1, widths, omitsEmpty: $0 > 0) }
    let blank = [TerminalTable.Line(text: "", isHeader: false)]
    return Layout(blocks: blocks, lines: Array(parts.joined(separator: blank)))
  }

  /// The lines of some of the columns; rows that have nothing in them but what they are can be left out.
  func lines(
    _ columns: [Int], _ widths: [Int], omitsEmpty: Bool = false
  ) -> [TerminalTable.Line] {
    cells.enumerated().flatMap { place, row -> [TerminalTable.Line] in
      let isHeader = place < headers
      if omitsEmpty, !isHeader, columns.dropFirst(keys).allSatisfy({ row[$0].isEmpty }) {
        return []
      }
      let pieces = columns.map { row[$0].pieces(of: widths[$0]) }
      let height = pieces.map(\.count).max() ?? 0
      return (0..<height).map { line in
        let texts = zip(columns, pieces).map { column, pieces in
          // Names stand above what they name, and what goes on below what it goes on from.
          let index = isHeader ? line - (height - pieces.count) : line
          let text = pieces.indices.contains(index) ? pieces[index] : ""
          return text.padded(to: widths[column], isLeft: left.contains(column))
        }
        var text = texts.joined(separator: "  ")
        while text.last == " " { text.removeLast() }
        return TerminalTable.Line(text: text, isHeader: isHeader)
      }
    }
  }
}
