import Streams
import Tensor

/// Writes results as they come, as NDJSON or as a table on a terminal, and keeps what a roofline shows.
public final class ResultOutput {
  private let output: ByteWriter
  private let asTable: Bool
  private let comparison: Comparison?
  private var json: JSONWriter
  /// The machine that results are held against; nil where none is measured.
  public var peak: MachinePeak?
  /// How many results there were.
  public private(set) var count = 0
  /// The wrong ones, as the last line names them.
  public private(set) var wrong: [String] = []
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
          problem, measurement.implementation, threads: measurement.threads),
        isCompared: comparison != nil)
    }
    if asTable {
      output.write(ResultTable(problem: problem, records: records).text)
    } else {
      for item in records { item.write(to: &json, record: record) }
    }
    try output.commit()
    try output.flush()
    count += measurements.count
    for measurement in measurements {
      if measurement.isWrong { wrong.append("\(measurement.implementation) on \(problem.name)") }
      points.append(
        Roofline.Point(
          problem: problem.name + (problem.pass == .forward ? "" : ", \(problem.pass.rawValue)"),
          implementation: measurement.implementation,
          intensity: problem.intensity, gflops: measurement.gflops))
    }
  }
}
