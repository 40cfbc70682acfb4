import Streams

/// What the benches do alike, on the processor or on a device: measure, check, list.
public struct BenchWork {
  private let problems: ProblemOptions
  private let choice: ImplementationChoice
  private let asTable: Bool
  private let quiet: Bool

  /// Work on the problems of the options, or on those that are read.
  public init(
    _ problems: ProblemOptions, _ choice: ImplementationChoice, asTable: Bool, quiet: Bool
  ) {
    self.problems = problems
    self.choice = choice
    self.asTable = asTable
    self.quiet = quiet
  }

  /// Times the implementations of each problem, beside the results of others in a file, and draws them
  /// under the machine's roofs; throws at the end where some were wrong.
  public func measure(
    _ plan: RunPlan, on engine: any Engine, _ input: ByteReader, _ output: ByteWriter,
    beside others: String?, plot: String?
  ) throws {
    let results = ResultOutput(
      output, asTable: asTable, comparison: try others.map { try Comparison(path: $0) })
    let bench = Bench(plan, engine, choice, results, quiet: quiet)
    if let problems = try problems.problems() {
      try bench.measure(problems)
    } else {
      try input.ndjson { try bench.measure(Problem($0), record: $0) }
    }
    results.finish()
    for note in results.notes { diagnose(note) }
    if let plot, let peak = results.peak {
      try peak.measureBandwidth(seconds: 0.5)
      try Roofline(results.points, Roofline.Roof(peak)).draw(to: plot)
    }
    try Self.refuse(results.wrong, of: results.count, output)
  }

  /// Checks gradients against finite differences, on so many random shapes; throws at the end where some
  /// were wrong.
  public func check(
    shapes: Int, seed: UInt64, on engines: [any Engine], _ output: ByteWriter
  ) throws {
    let progress = Progress(total: shapes, unit: "shapes", quiet: quiet)
    let check = GradientCheck(seed: seed, engines, choice.implementations)
    let findings = try check.run(shapes: shapes) { progress.update($0) }
    progress.finish()
    let report = CheckReport(findings, seed: seed)
    report.write(output, asTable: asTable)
    try Self.refuse(report.wrong, of: findings.count, output)
  }

  /// Writes the problems of the options.
  public func list(_ output: ByteWriter) throws {
    var json = JSONWriter(output)
    for problem in try problems.problems() ?? [] {
      json.beginObject()
      problem.write(to: &json)
      json.endObject()
      json.endLine()
    }
  }

  /// What is wrong has been written, marked as such; the exit status says so too.
  public static func refuse(_ wrong: [String], of count: Int, _ output: ByteWriter) throws {
    guard let first = wrong.first else { return }
    try output.finish()
    throw Failure(.internal, "error out of bounds in \(wrong.count) of \(count) results: \(first)")
  }
}
