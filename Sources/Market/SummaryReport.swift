import Streams

/// Summaries of fields as NDJSON or as a table.
public struct SummaryReport {
  private let summaries: [FieldSummary]
  private let hasLabel: Bool
  private static let quantiles =
    ["min"] + ["q01", "q05", "q25", "q50", "q75", "q95", "q99"] + ["max"]

  /// A report of these.
  public init(_ summaries: [FieldSummary], hasLabel: Bool) {
    self.summaries = summaries
    self.hasLabel = hasLabel
  }

  /// The numbers of a summary, by name.
  private func numbers(_ summary: FieldSummary) -> [(name: String, value: Double)] {
    var numbers: [(name: String, value: Double)] = [
      ("count", Double(summary.count)), ("nan", Double(summary.missing)),
      ("inf", Double(summary.infinite)), ("mean", summary.mean), ("std", summary.deviation),
    ]
    for (place, name) in Self.quantiles.enumerated() {
      numbers.append((name, summary.quantiles.isEmpty ? .nan : summary.quantiles[place]))
    }
    if hasLabel {
      let (linear, ranks) = summary.information ?? (DailyCorrelation(), DailyCorrelation())
      numbers += [
        ("ic", linear.mean), ("icir", linear.ratio), ("rank_ic", ranks.mean),
        ("rank_icir", ranks.ratio), ("days", Double(linear.days)),
      ]
    }
    return numbers
  }

  /// A line a field; what is not defined is null.
  public func writeJSON(_ output: ByteWriter) {
    var json = JSONWriter(output)
    for summary in summaries {
      json.beginObject()
      json.key("field")
      json.value(summary.name)
      for (name, value) in numbers(summary) {
        json.key(name)
        json.value(value)
      }
      json.endObject()
      json.endLine()
    }
  }

  /// A table with columns aligned, five digits a number.
  public func writeTable(_ output: ByteWriter) {
    guard let first = summaries.first else { return }
    var rows = [["field"] + numbers(first).map(\.name)]
    for summary in summaries {
      rows.append([summary.name] + numbers(summary).map { Self.text($0.value) })
    }
    let widths = rows[0].indices.map { column in
      rows.reduce(0) { max($0, $1[column].unicodeScalars.count) }
    }
    for row in rows {
      let cells = row.enumerated().map { column, text in
        let space = String(repeating: " ", count: widths[column] - text.unicodeScalars.count)
        return column == 0 ? text + space : space + text
      }
      output.write(cells.joined(separator: "  ") + "\n")
    }
  }

  /// A number in five digits.
  private static func text(_ value: Double) -> String {
    guard value.isFinite else { return "-" }
    if value == value.rounded(), abs(value) < 1e15 { return String(Int(value)) }
    let magnitude = abs(value)
    guard magnitude >= 1e-4, magnitude < 1e7 else {
      // The shortest text, its digits cut to five.
      let parts = "\(value)".split(separator: "e", omittingEmptySubsequences: false)
      let digits = parts[0].prefix(value < 0 ? 7 : 6)
      return parts.count > 1 ? "\(digits)e\(parts[1])" : String(Int(value.rounded()))
    }
    var decimals = 4
    var bound = 1.0
    while decimals > 0, magnitude >= bound * 10 {
      bound *= 10
      decimals -= 1
    }
    if magnitude < 1 { decimals = magnitude < 0.01 ? 6 : 5 }
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let whole = Int((magnitude * scale).rounded())
    let unit = Int(scale)
    let fraction = String(whole % unit)
    let text =
      decimals == 0
      ? "\(whole)"
      : "\(whole / unit).\(String(repeating: "0", count: decimals - fraction.count))\(fraction)"
    return value < 0 ? "-\(text)" : text
  }
}
