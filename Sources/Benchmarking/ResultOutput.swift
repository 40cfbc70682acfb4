import Streams
import Tensor

/// Writes results as they come, as NDJSON or as a table on a terminal, and keeps what a roofline shows.
public final class ResultOutput {
  private let output: ByteWriter
  private let asTable: Bool
  private let comparison: Comparison?
  private var json: JSONWriter
  /// The machine that results are held against; nil where none is measured.
  public var peak: (any Peak)?
  /// How many results there were.
  public private(set) var count = 0
  /// The wrong ones, as the last line names them.
  public private(set) var wrong: [String] = []
  /// Results that stand beside one of others, and why the first that does not has none.
  private var compared = 0
  private var obstacle: String?
  /// What is different about the first that is compared all the same.
  private var difference: String?
  /// What the lines below all tables say.
  private var isPreparedLonger = false
  private var abovePeak = AbovePeak()
  /// What a roofline shows.
  public private(set) var points: [Roofline.Point] = []

  /// An output; a table where that is wanted, or where a terminal reads.
  public init(_ output: ByteWriter, asTable: Bool, comparison: Comparison?) {
    self.output = output
    self.asTable = asTable || output.isTerminal
    self.comparison = comparison
    json = JSONWriter(output)
  }

  /// Writes the results of a problem; `record` is the problem as it was read.
  public func write(
    _ problem: Problem, _ measurements: [Measurement], record: JSONValue? = nil
  ) throws {
    let records = measurements.map { measurement in
      ResultRecord(
        problem: problem, measurement: measurement, peak: peak?.gflops,
        other: comparison?.other(
          problem, measurement.implementation,
          threads: measurement.isDevice ? nil : measurement.threads),
        isCompared: comparison != nil)
    }
    if asTable {
      output.write(parts: ResultTable(problem: problem, records: records).parts)
    } else {
      for item in records { item.write(to: &json, record: record) }
    }
    try output.commit()
    try output.flush()
    count += measurements.count
    for record in records {
      if record.other != nil { compared += 1 }
      abovePeak.add(record.share, record.measurement.method)
      if let other = record.other {
        difference = difference ?? comparison?.difference(other, record.measurement)
      }
    }
    for measurement in measurements {
      obstacle =
        obstacle
        ?? comparison?.obstacle(
          problem, threads: measurement.isDevice ? nil : measurement.threads)
      isPreparedLonger = isPreparedLonger || measurement.preparation > measurement.minimum
      if measurement.isWrong { wrong.append("\(measurement.implementation) on \(problem.name)") }
      points.append(
        Roofline.Point(
          problem, by: measurement.look, method: measurement.method,
          gflops: measurement.gflops))
    }
  }

  /// What is odd about the comparison, a line each.
  public var notes: [String] {
    guard let comparison, count > 0 else { return [] }
    let notes = difference.map { ["\(comparison.path): \($0)"] } ?? []
    if let obstacle { return notes + ["\(comparison.path): \(obstacle): it is not compared"] }
    return compared > 0
      ? notes : ["\(comparison.path): names none of these problems: nothing is compared"]
  }

  /// Writes what tables need to be understood: once, below the last.
  public func finish() {
    guard asTable, count > 0 else { return }
    var lines = [
      "ms, error: lower is better. GFLOP/s, %\(comparison == nil ? "" : ", ratio"): higher is better."
    ]
    lines += abovePeak.reasons
    if isPreparedLonger {
      lines.append("prepare exceeds min where threads, each packing for itself, are added up, or a")
      lines.append("warm-up run, in which it is counted, took longer than the shortest run.")
    }
    output.write(lines: lines)
  }
}
