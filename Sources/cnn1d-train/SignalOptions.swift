import ArgumentParser
import Series

/// The options that change a recipe.
struct SignalOptions: ParsableArguments {
  @Option(
    name: [.customLong("arch"), .long],
    help: ArgumentHelp("Family of the network: cnn, cnn-batchwise, tcn, linear or mlp."))
  var architecture = SeriesArchitecture.Kind.cnn

  @Option(
    help: ArgumentHelp(
      "Channels of each layer (default: 64,16,4; tcn: 32 five times; mlp: 256).",
      valueName: "n,n,..."))
  var layers: String?

  @Option(
    help: ArgumentHelp("Days that a convolution sees at once (default: 3; tcn: 7).", valueName: "n")
  )
  var kernelSize: Int?

  @Option(help: ArgumentHelp("Days of a window, for cnn and tcn.", valueName: "n"))
  var stepLen = 20

  @Option(
    help: ArgumentHelp(
      "Share of values that is 0 while training (default: 0.05; tcn: 0.5).", valueName: "share"))
  var dropout: Float?

  @Option(help: ArgumentHelp("Samples a step (default: 8196; tcn: 2000).", valueName: "n"))
  var batch: Int?

  @Option(
    help: ArgumentHelp(
      "Learning rate at first; halved at the 11th evaluation without gain (default: 0.002; tcn: 0.0001).",
      valueName: "rate"))
  var learningRate: Float?

  @Option(
    help: ArgumentHelp("Weight decay, L2 as Adam has it (default: 0.0002; tcn: 0).", valueName: "λ")
  )
  var weightDecay: Float?

  @Option(help: ArgumentHelp("Steps at most (default: 4000; tcn: 200 epochs).", valueName: "n"))
  var maxSteps: Int?

  @Option(
    help: ArgumentHelp("Steps between evaluations (default: 20; tcn: an epoch).", valueName: "n"))
  var evaluateEvery: Int?

  @Option(
    help: ArgumentHelp(
      "Stop after so many evaluations without a better one (default: 50; tcn: 20).", valueName: "n")
  )
  var earlyStop: Int?

  @Option(help: "mse: mean squared error. ic: daily correlation with the label, negated.")
  var loss = SeriesLoss.mse

  @Option(help: "Figure of the validation days by which the best weights are chosen.")
  var select = SignalRecipe.Choice.loss

  @Option(help: "Decides every random number.")
  var seed: UInt64 = 1

  @Option(
    help: ArgumentHelp(
      "Train so many networks, from seeds that follow each other; their scores are averaged.",
      valueName: "n"))
  var seeds = 1

  /// Refuses values that no training can have.
  func validate() throws {
    for (name, value, limit) in [
      ("--batch", batch, 1 << 24), ("--max-steps", maxSteps, 100_000_000),
      ("--evaluate-every", evaluateEvery, 100_000_000), ("--early-stop", earlyStop, 100_000_000),
      ("--seeds", seeds, 1000), ("--step-len", stepLen, 1024),
    ] {
      guard (1...limit).contains(value ?? 1) else {
        throw ValidationError("\(name) must be in 1...\(limit): \(value ?? 0)")
      }
    }
    for (name, value) in [("--learning-rate", learningRate), ("--weight-decay", weightDecay)] {
      guard let value else { continue }
      guard value >= 0, value.isFinite else {
        throw ValidationError("\(name) must be a number from 0 up: \(value)")
      }
    }
    for (option, isCorrelation) in [
      ("--loss \(loss.rawValue)", loss == .ic), ("--select \(select.rawValue)", select != .loss),
    ] where isCorrelation && architecture == .cnnBatchwise {
      throw ValidationError("\(option) needs scores that differ within a day, unlike cnn-batchwise")
    }
    guard seed <= UInt64(Int.max - seeds) else {
      throw ValidationError("--seed must be in 0...\(Int.max - seeds): \(seed)")
    }
    do { _ = try recipe.architecture(inputs: 1, samples: 1 << 20) } catch {
      throw ValidationError("\(error)")
    }
  }

  /// The recipe of the family with its changes.
  var recipe: SignalRecipe {
    get throws {
      var result = SignalRecipe(architecture)
      if let layers {
        result.layers = try layers.split(separator: ",", omittingEmptySubsequences: false).map {
          guard let count = Int($0) else {
            throw ValidationError("--layers must be numbers separated by commas: \(layers)")
          }
          return count
        }
      }
      result.kernel = kernelSize ?? result.kernel
      result.steps = stepLen
      result.dropout = dropout ?? result.dropout
      result.batch = batch ?? result.batch
      result.learningRate = learningRate ?? result.learningRate
      result.decay = weightDecay ?? result.decay
      result.maxSteps = maxSteps ?? result.maxSteps
      result.evaluateEvery = evaluateEvery ?? result.evaluateEvery
      result.earlyStop = earlyStop ?? result.earlyStop
      (result.loss, result.choice) = (loss, select)
      (result.seed, result.seeds) = (seed, seeds)
      return result
    }
  }
}

extension SeriesArchitecture.Kind: ExpressibleByArgument {}
extension SeriesLoss: ExpressibleByArgument {}
extension SignalRecipe.Choice: ExpressibleByArgument {}
