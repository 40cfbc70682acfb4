import Mechanics
import Streams
import Tensor

/// How long, or how often, implementations run.
public struct RunPlan: Equatable, Sendable {
  /// Seconds for each implementation; at least one run is measured.
  public var seconds = 1.0
  /// Runs for each implementation, instead of a time; 0 checks the results and measures nothing.
  public var runs: Int?
  /// Runs before those that count; else a tenth of the time, at least one.
  public var warmup: Int?

  /// A plan.
  public init(seconds: Double = 1, runs: Int? = nil, warmup: Int? = nil) {
    self.seconds = seconds
    self.runs = runs
    self.warmup = warmup
  }

  /// How often the implementations take turns, so that a machine that slows down slows all of them.
  static let rounds = 10
  /// More runs than this say nothing new.
  static let mostRuns = 1_000_000
}

/// Runs the implementations of a problem in turns and checks what they compute.
public struct Measuring {
  private let plan: RunPlan
  private let engine: any Engine
  private let tick: (String) -> Void

  /// Measures by a plan; `tick` is told what is being done.
  public init(
    _ plan: RunPlan, _ engine: any Engine, tick: @escaping (String) -> Void = { _ in }
  ) {
    self.plan = plan
    self.engine = engine
    self.tick = tick
  }

  /// What each implementation took, in the order given; those that cannot do the problem are left out.
  public func measure(_ problem: Problem, _ implementations: [Implementation]) throws
    -> [Measurement]
  {
    try refuseTooLarge(problem)
    tick("\(problem.name): preparing")
    let tensors = ProblemTensors(problem)
    let check = ResultCheck(problem, tensors, engine.workers)
    let candidates = try implementations.compactMap {
      try engine.candidate($0, problem, tensors)
    }
    for candidate in candidates {
      tick("\(problem.name) \(candidate.implementation.name): checking")
      tensors.invalidateResults()
      try warm(candidate) { candidate.error = (check.worstError, check.count) }
    }
    if plan.runs != 0 {
      for round in 1...RunPlan.rounds {
        for candidate in candidates {
          tick("\(problem.name) \(candidate.implementation.name)")
          try run(candidate, round)
        }
      }
    }
    return candidates.map { Measurement(problem, $0, engine) }
  }

  /// Checks the first run, and runs on until caches and clock rate have settled.
  ///
  /// Packing and transforming are counted here, so that counting does not slow the runs that are timed.
  func warm(_ candidate: Candidate, _ check: () -> Void) throws {
    let preparation = Preparation()
    candidate.count?(preparation)
    let start = monotonicSeconds()
    _ = try candidate.run()
    let first = monotonicSeconds() - start
    try candidate.fetch()
    check()
    guard plan.runs != 0 else { return }
    candidate.prepared = preparation.seconds
    let rest = monotonicSeconds()
    preparation.reset()
    var runs = 0
    while plan.warmup.map({ runs < $0 - 1 })
      ?? (first + monotonicSeconds() - rest < plan.seconds / 10)
    {
      _ = try candidate.run()
      runs += 1
    }
    if runs > 0 { candidate.prepared = preparation.seconds / Double(runs) }
    guard let count = candidate.count else { return candidate.prepared = .nan }
    count(nil)
  }

  /// One turn of a candidate.
  private func run(_ candidate: Candidate, _ round: Int) throws {
    if let runs = plan.runs {
      while candidate.seconds.count < runs * round / RunPlan.rounds { try runOnce(candidate) }
      return
    }
    let until = plan.seconds * Double(round) / Double(RunPlan.rounds)
    while candidate.seconds.isEmpty
      || candidate.total < until && candidate.seconds.count < RunPlan.mostRuns
    { try runOnce(candidate) }
  }

  private func runOnce(_ candidate: Candidate) throws {
    let seconds = try candidate.run()
    candidate.seconds.append(seconds)
    candidate.total += seconds
  }

  private func refuseTooLarge(_ problem: Problem) throws {
    let (needed, memory) = (ProblemTensors.bytes(problem), engine.memory)
    guard needed <= memory else {
      throw ProblemError.memory(needed, memory, engine.isDevice ? "device" : "machine")
    }
  }
}

/// What makes a problem that cannot be measured.
public enum ProblemError: Error, CustomStringConvertible, Equatable {
  /// The tensors do not fit the memory: what they take, what there is, and whose it is.
  case memory(Double, Double, String)
  /// None of the implementations named does it.
  case noImplementation(String, String)

  /// The rule, then the value.
  public var description: String {
    switch self {
    case .memory(let needed, let memory, let owner):
      "problem must fit the \(owner)'s memory of \(MachineMemory.text(memory)): "
        + "it takes \(MachineMemory.text(needed))"
    case .noImplementation(let names, let problem):
      "no implementation named does the problem: \(names) on \(problem)"
    }
  }
}
