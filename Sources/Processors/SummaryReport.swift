import Statistics
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
      let (linear, ranks) = summary.information ?? (DailyMean(), DailyMean())
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
      rows.append([summary.name] + numbers(summary).map { AlignedTable.number($0.value) })
    }
    AlignedTable(rows).write(output)
  }
}
