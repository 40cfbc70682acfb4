import Ink
import NeuralNet
import Streams
import Tensor

/// One training from the first step, or from a checkpoint, to the last.
public final class TrainingRun {
  /// What one line of metrics says.
  public struct Metrics: Sendable {
    /// Steps done.
    public var step: Int
    /// Epochs done, with the part of the current one.
    public var epoch: Double
    /// The mean loss since the line before, without weight decay.
    public var loss: Double
    /// The learning rate of the last step.
    public var learningRate: Float
    /// The share of wrong answers since the line before, in training.
    public var minibatchError: Double
    /// The share of wrong answers over what was kept aside, when it was last measured.
    public var validationError: Double? { validation?.error }
    /// That measurement.
    var validation: Validation?
  }

  /// What was kept aside, read by the weights of a step.
  struct Validation: Sendable {
    let step: Int
    /// The share of wrong answers.
    let error: Double
    /// The mean loss, without weight decay, as the training's.
    let loss: Double
  }

  /// The recipe.
  public let recipe: Recipe
  /// The network; its weights are those of the last step.
  public let network: Network
  /// The samples to learn from and to measure by.
  public let data: TrainingData
  /// Steps of an epoch.
  public let stepsPerEpoch: Int
  /// Epochs done.
  public private(set) var epoch = 0
  private let trainer: Trainer
  private let plan: EpochPlan
  private let workers: Workers
  private let methods: Methods
  private let averaged: Network
  private var validation: Validation?

  /// A training that has not begun; throws where the network does not fit the data.
  ///
  /// `epochLength` is how many samples an epoch shows, all of them where it is nil. The weights are
  /// those of `start`, which must have the same layers, or drawn at random; so are those of classes that
  /// `start` does not have.
  public init(
    _ recipe: Recipe, _ data: TrainingData, epochLength: Int?, from start: Model? = nil,
    methods: Methods = Methods(), workers: Workers
  ) throws {
    self.recipe = recipe
    self.data = data
    self.methods = methods
    self.workers = workers
    let architecture = try recipe.layers(classes: data.classes.count)
    guard (architecture.height, architecture.width) == (Glyph.side, Glyph.side),
      architecture.classes == data.classes.count
    else {
      throw NetworkError.model(
        "architecture must read 28×28 and end in fc \(data.classes.count): '\(architecture)'")
    }
    network = try Network(architecture)
    network.initialise(recipe.initialisation, seed: recipe.seed)
    if let start {
      guard network.take(start, classes: data.classes) else {
        throw Failure.usage(
          "--from must have the layers '\(architecture)': '\(start.network.architecture)'")
      }
    }
    averaged = try Network(architecture)
    let network = network
    let optimiser = Optimiser(recipe.rule, network) { parameter in
      let isDecayed =
        recipe.decaysLinear ? network.isLinear(parameter) : parameter.shape.count > 1
      return isDecayed ? recipe.decay : 0
    }
    trainer = Trainer(
      network, optimiser, batch: recipe.batch, loss: CrossEntropy(smoothing: recipe.smoothing),
      averaging: recipe.averaging, seed: recipe.seed, methods: methods, workers: workers)
    plan = EpochPlan(
      data.training, length: epochLength ?? data.count, balanced: recipe.balanced,
      digitWeight: recipe.digitWeight,
      seed: recipe.seed)
    stepsPerEpoch = plan.length / recipe.batch
    guard stepsPerEpoch > 0 else {
      throw Failure.usage(
        "--batch must not exceed the samples of an epoch: \(recipe.batch) of \(plan.length)")
    }
  }

  private var fingerprint: String {
    "\(data.fingerprint), \(plan.length) an epoch, \(recipe.description)"
  }

  /// Goes on from a checkpoint of this very training, and with the curves that it has.
  public func resume(from path: String, _ curves: TrainingCurves? = nil) throws {
    let checkpoint = try Checkpoint(
      path: path, into: trainer, fingerprint: fingerprint, epochs: recipe.epochs,
      stepsPerEpoch: stepsPerEpoch)
    epoch = checkpoint.epoch
    try curves?.resume(checkpoint.curves, at: epoch * stepsPerEpoch)
  }

  /// Writes where the training stands, with its curves if they are drawn; only between epochs.
  public func checkpoint(to path: String, _ curves: TrainingCurves? = nil) throws {
    try Checkpoint.write(
      trainer, epoch: epoch, fingerprint: fingerprint, curves: curves?.text, to: path)
  }

  /// Trains one epoch; `report` hears of every step, and gets metrics every `interval` steps.
  public func runEpoch(
    interval: Int, validateEvery: Int?, _ report: (_ step: Int, _ metrics: Metrics?) throws -> Void
  ) throws {
    let order = plan.order(epoch: epoch)
    let key = UInt64(epoch)
    let normalisation = network.architecture.normalisation
    var (loss, errors, steps) = (0.0, 0, 0)
    for step in 0..<stepsPerEpoch {
      let number = epoch * stepsPerEpoch + step
      let rate = recipe.schedule.rate(
        step: number, stepsPerEpoch: stepsPerEpoch, epochs: recipe.epochs)
      let result = try trainer.step(learningRate: rate) { position, target in
        let place = step * recipe.batch + position
        var random = RandomNumbers(recipe.seed, key, UInt64(place))
        return data.draw(
          data.training[order[place]], recipe.augmentation, normalisation, &random, target)
      }
      guard result.loss.isFinite else {
        throw Failure(
          .badData,
          "training has diverged: loss of step \(number + 1) is not finite at learning rate \(rate); "
            + "try a lower --learning-rate")
      }
      loss += result.loss
      errors += result.errors
      steps += 1
      let done = number + 1
      let isLast = step == stepsPerEpoch - 1
      if isLast || validateEvery.map({ done % $0 == 0 }) ?? false {
        validation = try read().map {
          Validation(step: done, error: $0.table.errorRate(), loss: $0.loss)
        }
      }
      guard done % interval == 0 || isLast else {
        try report(done, nil)
        continue
      }
      try report(
        done,
        Metrics(
          step: done, epoch: Double(done) / Double(stepsPerEpoch), loss: loss / Double(steps),
          learningRate: rate, minibatchError: Double(errors) / Double(steps * recipe.batch),
          validation: validation))
      (loss, errors, steps) = (0, 0, 0)
    }
    epoch += 1
  }

  /// The weights to be kept: the averaged ones where there are.
  public var best: FloatBuffer { trainer.average ?? network.values }

  /// Reads all that was kept aside; nil where nothing was.
  public func measure() throws -> ConfusionTable? { try read()?.table }

  /// The same, with the mean loss.
  private func read() throws -> (table: ConfusionTable, loss: Double)? {
    let labels = data.validationLabels
    guard !labels.isEmpty else { return nil }
    averaged.values.copy(best)
    let classes = data.classes.count
    let normalisation = network.architecture.normalisation
    let classifier = Classifier(averaged, methods: methods, workers: workers)
    let probabilities = try data.validationImages.withUnsafeBufferPointer { images in
      try classifier.probabilities(labels.count) { index, target in
        guard let start = images.baseAddress else { return }
        normalisation.apply(start + index * Glyph.count, target, count: Glyph.count)
      }
    }
    var table = ConfusionTable(data.classes)
    let entropy = CrossEntropy(smoothing: recipe.smoothing)
    var loss = 0.0
    for (index, label) in labels.enumerated() {
      let row = probabilities[index * classes..<(index + 1) * classes]
      table.add(truth: label, reading: ConfusionTable.best(row))
      loss += entropy.loss(of: row, label: label)
    }
    return (table, loss / Double(labels.count))
  }
}
