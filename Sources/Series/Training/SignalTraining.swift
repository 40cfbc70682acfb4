import Days
import NeuralNet
import Processors
import Streams
import Tensor

/// The training of a model: a network for each seed, one after the other.
public final class SignalTraining {
  /// The recipe.
  public let recipe: SignalRecipe
  private let data: SignalData
  private let workers: Workers
  /// The best weights of the networks that are trained.
  var finished: [FloatBuffer] = []
  /// The training that goes on.
  private(set) var current: SeedTraining
  /// The results of the networks trained so far, a text each.
  var results: [String] = []

  /// A training that has not begun.
  public init(_ recipe: SignalRecipe, _ data: SignalData, workers: Workers) throws {
    guard data.table.names.allSatisfy({ !$0.contains(",") }) else {
      throw DayError.rule("a field's name must have no comma: \(data.table.names)")
    }
    self.recipe = recipe
    self.data = data
    self.workers = workers
    current = try SeedTraining(recipe, data, seed: recipe.seed, workers: workers)
  }

  /// Whether all networks are trained.
  public var isDone: Bool { finished.count == recipe.seeds }
  /// Steps that all networks take at most.
  public var totalSteps: Int { recipe.seeds * current.maxSteps }
  /// Steps done by all, where what was stopped early counts whole.
  public var totalStep: Int { finished.count * current.maxSteps + current.step }
  /// The step of all networks that a line of metrics is of.
  public func step(of metrics: SeedTraining.Metrics) -> Int {
    Int(metrics.seed &- recipe.seed) * current.maxSteps + metrics.step
  }
  /// A line that says what is trained.
  public var fingerprint: String {
    "\(current.network.architecture), fields \(data.table.names.joined(separator: ",")), "
      + "label \(data.table.label), \(recipe.description), seeds \(recipe.seed) + \(recipe.seeds), "
      + data.fingerprint
  }

  /// Trains up to the next evaluation.
  public func run(_ didStep: () -> Void) throws -> SeedTraining.Metrics {
    let metrics = try current.run { _ in didStep() }
    if current.isDone {
      finished.append(current.best)
      results.append(
        "seed \(current.seed): step \(current.standing.bestStep), \(recipe.choice.rawValue) "
          + "\(current.standing.best)")
      if !isDone { try begin() }
    }
    return metrics
  }

  /// Begins with the next network.
  func begin() throws {
    current = try SeedTraining(
      recipe, data, seed: recipe.seed &+ UInt64(finished.count), workers: workers)
  }

  /// The model of the best weights.
  public func model(_ normalisation: RobustZScore?) throws -> [UInt8] {
    try SignalModel.bytes(
      current.network, values: finished, fields: data.table.names, normalisation: normalisation,
      texts: [
        ("label", data.table.label), ("recipe", recipe.description), ("data", data.fingerprint),
        ("best", results.joined(separator: "; ")),
      ])
  }
}
