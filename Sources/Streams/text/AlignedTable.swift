/// Text in columns: the first to the left, the others to the right.
public struct AlignedTable {
  private let rows: [[String]]

  /// A table of rows with as many cells each, the header first.
  public init(_ rows: [[String]]) { self.rows = rows }

  /// Writes the rows, a line each.
  public func write(_ output: ByteWriter) {
    guard let first = rows.first else { return }
    let widths = first.indices.map { column in
      rows.reduce(0) { max($0, $1[column].unicodeScalars.count) }
    }
    for row in rows {
      let cells = row.enumerated().map { column, text in
        let space = String(repeating: " ", count: widths[column] - text.unicodeScalars.count)
        return column == 0 ? text + space : space + text
      }
      // A line does not end in blanks.
      let line = cells.joined(separator: "  ")
      let end = line.utf8.lastIndex { $0 != UInt8(ascii: " ") }.map(line.utf8.index(after:))
      output.write(lines: [String(line[..<(end ?? line.startIndex)])])
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
