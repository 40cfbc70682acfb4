/// A table whose rows are written as they come: a column is as wide as its widest cell so far.
///
/// All columns are to the left but the last.
public struct GrowingTable {
  private var widths: [Int]
  private let header: [String]
  private var hasHeader = false

  /// A table with a header, which is written before the first row.
  public init(_ header: [String]) {
    self.header = header
    widths = header.map(\.count)
    // Room for most: later rows stand under earlier ones.
    for place in widths.indices.dropLast() { widths[place] = max(widths[place], 16) }
  }

  /// Writes a row of as many cells as the header has.
  public mutating func write(_ cells: [String], _ output: ByteWriter) {
    // A cell may hold what came from outside, which is not to move the terminal's cursor.
    let cells = cells.map(oneLine)
    if !hasHeader {
      hasHeader = true
      write(header, output)
    }
    for (place, cell) in cells.enumerated() { widths[place] = max(widths[place], cell.count) }
    let padded = cells.enumerated().map { place, cell in
      let blanks = String(repeating: " ", count: widths[place] - cell.count)
      return place == cells.count - 1 ? blanks + cell : cell + blanks
    }
    output.write(padded.joined(separator: "  ") + "\n")
  }
}
