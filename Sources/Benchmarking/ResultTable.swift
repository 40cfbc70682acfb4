import Streams
import Tensor

/// Results as a terminal wants them: a title for each problem, and a row for each implementation.
struct ResultTable {
  let problem: Problem
  let records: [ResultRecord]

  /// The lines, and the table among them.
  var parts: [ShownPart] {
    let name = problem.name == problem.operation.description ? "" : "\(problem.name): "
    var lines: [ShownPart] = [
      "\(name)\(problem.operation)",
      .line(
        "\(problem.pass.rawValue), \(prefixed(problem.work))FLOP, "
          + "\(prefixed(Double(problem.bytes)))B, "
          + "\(short(problem.intensity)) operations a byte"
          + (records.first.map {
            "; \($0.measurement.placeText)"
          } ?? "")),
    ]
    guard !records.isEmpty else {
      return lines + ["  none of the implementations named does it", ""]
    }
    // A device tells of its copies and compiling, the processor of its packing.
    let extras = records[0].measurement.extras.map { $0.key.replacing("_ms", with: "") }
    let parts = records[0].measurement.isDevice ? extras : ["prepare"]
    var rows = [
      ["", "min", "median", "spread"] + parts + ["speed", "peak", "error"],
      ["", "ms", "ms", "ms"] + parts.map { _ in "ms" } + ["GFLOP/s", "%", "relative"],
    ]
    let isCompared = records.contains { $0.isCompared }
    if isCompared {
      rows[0] += ["ratio", ""]
      rows[1] += ["times", ""]
    }
    for record in records {
      let m = record.measurement
      let auto = m.method == m.implementation ? "" : " (\(m.method))"
      var row = [
        m.implementation + auto, short(m.minimum), short(m.median), short(m.spread),
      ]
      row += m.isDevice ? m.extras.map { short($0.milliseconds) } : [short(m.preparation)]
      row += [
        short(m.gflops), record.share.map { short(100 * $0) } ?? "-",
        "\(m.error.rounded(significant: 2))" + (m.isWrong ? " WRONG" : ""),
      ]
      if isCompared {
        row.append(record.other.map { short($0.minimum / m.minimum) } ?? "-")
        row.append(record.other.map { "to \($0.implementation)" } ?? "")
      }
      rows.append(row)
    }
    lines.append(aligned(rows, left: isCompared ? [0, rows[0].count - 1] : [0], headers: 2))
    return lines + [""]
  }
}

/// A table as the benches print them: two blanks before it, and units below the names of its columns where
/// it has two headers.
func aligned(_ rows: [[String]], left: Set<Int> = [0], headers: Int = 1) -> ShownPart {
  .table(AlignedTable(rows, headers: headers, left: left, indent: 2))
}

/// A number with three digits or more: `0.0213`, `3.14`, `172`; `-` for none.
func short(_ value: Double) -> String {
  guard value.isFinite else { return "-" }
  // Below a ten-millionth nothing is left to see.
  var (digits, scale) = (0, 1.0)
  while abs(value) * scale < 99.95, digits < 7 {
    digits += 1
    scale *= 10
  }
  return (value * scale).rounded() == 0 ? "0" : fixed(value, digits)
}

/// A number before a unit: `24.9 M`.
func prefixed(_ value: Double) -> String {
  for (size, prefix) in [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")] where value >= size {
    return "\(short(value / size)) \(prefix)"
  }
  return "\(short(value)) "
}
