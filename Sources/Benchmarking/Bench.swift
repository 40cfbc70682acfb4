import Streams
import Tensor

/// Measures problem after problem, shows how far it is, and hands the results over.
public final class Bench {
  private let plan: RunPlan
  private let engine: any Engine
  private let choice: ImplementationChoice
  private let results: ResultOutput
  private let quiet: Bool
  private var progress: Progress
  private var done = 0

  /// A bench whose results go to an output.
  public init(
    _ plan: RunPlan, _ engine: any Engine, _ choice: ImplementationChoice,
    _ results: ResultOutput, quiet: Bool
  ) {
    self.plan = plan
    self.engine = engine
    self.choice = choice
    self.results = results
    self.quiet = quiet
    progress = Progress(total: nil, unit: "problems", quiet: quiet)
    if plan.runs != 0 { results.peak = engine.peak() }
  }

  /// Measures problems of the command line; those that no implementation does are left out.
  public func measure(_ problems: [Problem]) throws {
    progress = Progress(total: problems.count, unit: "problems", quiet: quiet)
    do {
      for problem in problems { try results.write(problem, measurements(problem)) }
      if results.count == 0 { throw noImplementation(problems[0]) }
    } catch let error as ProblemError {
      throw Failure.usage(error.description)
    }
  }

  /// Measures a problem that was read; throws where no implementation does it.
  public func measure(_ problem: Problem, record: JSONValue) throws {
    let measurements = try measurements(problem)
    guard !measurements.isEmpty else { throw noImplementation(problem) }
    try results.write(problem, measurements, record: record)
  }

  private func measurements(_ problem: Problem) throws -> [Measurement] {
    // The machine is measured between problems, as busy as it is for them.
    try results.peak?.measureOperations(seconds: done == 0 ? 0.3 : 0.03)
    let measuring = Measuring(plan, engine) { [progress, done] in
      progress.update(done, note: $0)
    }
    defer {
      done += 1
      // Results may go to the same terminal.
      progress.finish()
    }
    return try measuring.measure(problem, choice.implementations(for: problem))
  }

  private func noImplementation(_ problem: Problem) -> ProblemError {
    .noImplementation(choice.description, "\(problem.operation)")
  }
}
