import ArgumentParser
import Benchmarking
import Streams
import Tensor
import TensorArguments

/// The options that say how implementations are measured.
struct RunOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Of direct, swap, gemm, winograd, auto (default: all that can; direct up to 4 GFLOP); and of "
        + "bfloat16, int8, forward passes of convolutions by narrower numbers.",
      valueName: "a,b,..."))
  var implementations: String?

  @Option(help: "float, bfloat16 or int8: what auto multiplies in a forward pass.")
  var precision = Precision.float

  @OptionGroup var length: PlanOptions

  @Option(help: ArgumentHelp("Threads.", valueName: "n"))
  var threads = 1

  @Flag(help: "Keep what is made of the weights, as a trained network does.")
  var keepWeights = false

  /// Options as given on the command line.
  init() {}

  /// Refuses what is no measurement.
  func validate() throws {
    if let implementations, choice.named == nil {
      let names = (Implementation.all + Implementation.narrow).map(\.name)
        .joined(separator: ", ")
      throw ValidationError(
        "--implementations must be some of \(names), each once: '\(implementations)'")
    }
    if precision != .float, let named = choice.named, !named.contains(where: { $0.name == "auto" })
    {
      throw ValidationError(
        "--precision is what auto multiplies, and --implementations has no auto: \(precision)")
    }
    guard (1...256).contains(threads) else {
      throw ValidationError("--threads must be in 1...256: \(threads)")
    }
  }

  /// Refuses what this machine cannot do, and says where it has fewer cores than threads.
  func requireMachine() throws {
    let named = choice.implementations.compactMap { Precision(rawValue: $0.name) }
    for precision in [precision] + named { try precision.requireProcessor() }
    let cores = Workers.cores
    if threads > cores {
      diagnose(
        "--threads is more than the \(cores) core\(cores == 1 ? "" : "s") that this process may run "
          + "on, which they share: \(threads)")
    }
  }

  /// How often, or how long.
  var plan: RunPlan { length.plan }

  /// The threads.
  var workers: Workers { Workers(threads) }

  /// How implementations are set up.
  var setting: Candidate.Setting {
    Candidate.Setting(workers: workers, keepsWeights: keepWeights, precision: precision)
  }

  /// The implementations that are measured.
  var choice: ImplementationChoice { ImplementationChoice(implementations) }
}
