/// Text in columns: the first to the left, the others to the right.
///
/// In a pipe a row is a line, however wide; a terminal gets what fits it.
public struct AlignedTable {
  private let rows: [[String]]
  private let headers: Int
  private let left: Set<Int>
  private let indent: Int

  /// A table of rows, the first of which name the columns; those of `left` stand at the left, and so many
  /// blanks before all of them.
  public init(_ rows: [[String]], headers: Int = 1, left: Set<Int> = [0], indent: Int = 0) {
    (self.rows, self.headers, self.left, self.indent) = (rows, headers, left, indent)
  }

  /// Writes the rows, a line each, or as the terminal has room for them.
  public func write(_ output: ByteWriter) {
    guard let width = output.terminalWidth else { return output.write(lines: lines) }
    let table = TerminalTable(rows, headers: headers, left: left, indent: indent)
    for line in table.lines(width: width) {
      line.isHeader ? output.write(header: line.text) : output.write(line.text + "\n")
    }
  }

  /// The rows, a line each, as a pipe has them.
  public var lines: [String] {
    let count = rows.map(\.count).max() ?? 0
    let widths = (0..<count).map { column in
      rows.reduce(0) { $1.count > column ? max($0, $1[column].unicodeScalars.count) : $0 }
    }
    let margin = String(repeating: " ", count: indent)
    return rows.map { row in
      let cells = row.enumerated().map { column, text in
        let space = String(repeating: " ", count: widths[column] - text.unicodeScalars.count)
        return left.contains(column) ? text + space : space + text
      }
      // A line does not end in blanks.
      let line = margin + cells.joined(separator: "  ")
      let end = line.utf8.lastIndex { $0 != UInt8(ascii: " ") }.map(line.utf8.index(after:))
      return String(line[..<(end ?? line.startIndex)])
    }
  }

  /// A number in five digits; a dash where it is none.
  public static func number(_ value: Double) -> String {
    guard value.isFinite else { return "-" }
    if value == value.rounded(), abs(value) < 1e15 {
      return String(Int(value, within: .min ... .max))
    }
    let magnitude = abs(value)
    guard magnitude >= 1e-4, magnitude < 1e7 else {
      // The shortest text, its digits cut to five.
      let parts = "\(value)".split(separator: "e", omittingEmptySubsequences: false)
      let digits = parts[0].prefix(value < 0 ? 7 : 6)
      return parts.count > 1
        ? "\(digits)e\(parts[1])"
        : String(Int(value.rounded(), within: .min ... .max))
    }
    var decimals = 4
    var bound = 1.0
    while decimals > 0, magnitude >= bound * 10 {
      bound *= 10
      decimals -= 1
    }
    if magnitude < 1 { decimals = magnitude < 0.01 ? 6 : 5 }
    return fixed(value, decimals)
  }
}
