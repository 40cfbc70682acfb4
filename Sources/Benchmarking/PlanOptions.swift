import ArgumentParser

/// The options that say how long implementations run.
public struct PlanOptions: ParsableArguments {
  /// Seconds for each implementation.
  @Option(help: ArgumentHelp("Seconds for each implementation, or --runs.", valueName: "s"))
  public var seconds = 1.0

  /// Runs of each, instead of a time.
  @Option(help: ArgumentHelp("Runs of each; 0 checks and times nothing.", valueName: "n"))
  public var runs: Int?

  /// Runs before those that count.
  @Option(
    help: ArgumentHelp("Runs before those (default: for a tenth of --seconds).", valueName: "n"))
  public var warmup: Int?

  /// Options as given on the command line.
  public init() {}

  /// Refuses what is no time.
  public func validate() throws {
    guard seconds > 0, seconds <= 86_400 else {
      throw ValidationError("--seconds must be more than 0 and at most 86400: \(seconds)")
    }
    for (name, value) in [("--runs", runs), ("--warmup", warmup)] {
      guard (0...1_000_000).contains(value ?? 0) else {
        throw ValidationError("\(name) must be in 0...1000000: \(value ?? 0)")
      }
    }
  }

  /// How often, or how long.
  public var plan: RunPlan { RunPlan(seconds: seconds, runs: runs, warmup: warmup) }
}
