import NeuralNet
import Tensor

/// The training of one network, from the first step to the last.
public final class SeedTraining {
  /// What one line of metrics says.
  public struct Metrics: Sendable {
    /// The seed.
    public var seed: UInt64
    /// Steps done.
    public var step: Int
    /// The mean loss of the steps since the line before.
    public var trainLoss: Double
    /// The scores over the validation days.
    public var valid: Evaluation
    /// The learning rate of these steps.
    public var learningRate: Float
    /// Whether these weights are the best so far.
    public var isBest: Bool
  }

  /// Where a training stands, but for its tensors.
  struct Standing {
    var step = 0
    var best = Double.infinity
    var bestStep = 0
    /// Evaluations since the best.
    var waited = 0
    var plateau: Plateau
  }

  let recipe: SignalRecipe
  let seed: UInt64
  let network: SeriesNetwork
  let trainer: SeriesTrainer
  /// The best parameters so far.
  let best: FloatBuffer
  var standing: Standing
  var order: BatchOrder
  private let data: SignalData
  private let scoring: SignalScoring
  /// Steps between evaluations.
  let interval: Int
  /// Steps at most.
  public let maxSteps: Int

  init(_ recipe: SignalRecipe, _ data: SignalData, seed: UInt64, workers: Workers) throws {
    self.recipe = recipe
    self.seed = seed
    self.data = data
    network = try SeriesNetwork(
      recipe.architecture(inputs: data.table.names.count, samples: data.trainCount))
    network.initialise(seed: seed)
    trainer = SeriesTrainer(network, decay: recipe.decay, seed: seed, workers: workers)
    best = FloatBuffer(network.values.count)
    scoring = SignalScoring(network, data.windows, workers: workers)
    if recipe.loss == .ic || recipe.choice != .loss { try data.requireValidDayThatDiffers() }
    order = BatchOrder(
      recipe.loss == .ic ? try data.trainDaysThatDiffer() : data.train, size: recipe.batch,
      isByDay: recipe.loss == .ic, seed: seed)
    interval = recipe.evaluateEvery ?? order.batches
    maxSteps = recipe.maxSteps ?? 200 * order.batches
    standing = Standing(plateau: Plateau(rate: recipe.learningRate))
  }

  /// Whether nothing is left to do.
  public var isDone: Bool { standing.step >= maxSteps || standing.waited >= recipe.earlyStop }
  /// Steps done.
  public var step: Int { standing.step }

  /// Trains up to the next evaluation, and evaluates; `didStep` hears of every step.
  public func run(_ didStep: (Int) -> Void) throws -> Metrics {
    let rate = standing.plateau.rate
    let end = min(maxSteps, standing.step + interval)
    let first = standing.step
    var sum = 0.0
    while standing.step < end {
      let loss = step(order.next(), rate)
      guard loss.isFinite else {
        throw TrainingError.diverged(step: standing.step + 1, rate: rate)
      }
      sum += loss
      standing.step += 1
      didStep(standing.step)
    }
    let valid = Evaluation(
      try scoring.scores(data.valid), labels: data.validLabels, loss: recipe.loss)
    let figure = valid.figure(recipe.choice)
    let isBest = figure < standing.best
    standing.waited = isBest ? 0 : standing.waited + 1
    if isBest {
      (standing.best, standing.bestStep) = (figure, standing.step)
      best.copy(network.values)
    }
    standing.plateau.add(valid.loss)
    guard !isDone || standing.best.isFinite else { throw TrainingError.noneBest(recipe.choice) }
    return Metrics(
      seed: seed, step: standing.step, trainLoss: sum / Double(end - first), valid: valid,
      learningRate: rate, isBest: isBest)
  }

  private func step(_ batch: BatchOrder.Batch, _ rate: Float) -> Double {
    let (windows, positions) = (data.windows, network.windowPositions)
    let targets = batch.samples.map { data.table.labels[Int($0)] }
    guard recipe.kind == .cnnBatchwise else {
      return trainer.step(
        targets: targets, groups: batch.groups, loss: recipe.loss, learningRate: rate
      ) { windows.gather(batch.samples[$0], positions, $1) }
    }
    // All samples get one answer, so the gradient of the mean squared difference is that of the squared
    // difference to the mean of the targets.
    let mean = targets.reduce(0.0) { $0 + Double($1) } / Double(targets.count)
    let spread = targets.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
    let first = batch.samples.count - network.architecture.steps
    let loss = trainer.step(
      targets: [Float(mean)], groups: [1], loss: .mse, learningRate: rate
    ) { _, target in
      for (place, position) in positions.enumerated() {
        windows.copy(batch.samples[first + position], target + place * windows.inputs)
      }
    }
    return loss + spread / Double(targets.count)
  }
}
