/// Bytes as they come from a pipe, put together to lines.
struct LineSplitter {
  /// What came of a line that is not whole yet.
  private(set) var rest: [UInt8] = []

  /// The lines that are whole with these bytes, without their ends.
  mutating func add(_ bytes: [UInt8]) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    for (place, piece) in bytes.split(separator: 0x0a, omittingEmptySubsequences: false)
      .enumerated()
    {
      if place > 0 {
        lines.append(rest)
        rest = []
      }
      rest += piece
    }
    return lines
  }
}
