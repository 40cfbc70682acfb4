import InstructionSets
import KernelChoice
import Mechanics
import NeuralNet
import Tensor

/// Trains a network, batch by batch, on several threads.
///
/// A batch is cut into a fixed number of shards; what each adds to the gradient is summed in the
/// shards' order, so that the same bytes come out whatever the number of threads.
public final class Trainer {
  /// The network in training.
  public let network: Network
  /// The rule of a step and its state.
  public let optimiser: Optimiser
  /// Pictures a step.
  public let batch: Int
  /// The moving average of the parameters; nil when it is not wanted.
  public let average: FloatBuffer?
  private let loss: CrossEntropy
  private let averaging: Float
  private let seed: UInt64
  private let workers: Workers
  private let shards: [Range<Int>]
  private let towers: [StageExecutor]
  private let towerWorkspaces: [StageWorkspace]
  private let shardGradients: [FloatBuffer]
  private let head: StageExecutor
  private let headWorkspace: StageWorkspace
  private let pictures, features, featureGradient, logits, logitGradient: FloatBuffer
  private let gradient: FloatBuffer

  /// A trainer; `averaging` in 0 ..< 1 is the share of the old average that a step keeps.
  public init(
    _ network: Network, _ optimiser: Optimiser, batch: Int, loss: CrossEntropy,
    averaging: Float = 0, shards shardCount: Int = 8, seed: UInt64, methods: Methods = Methods(),
    workers: Workers
  ) {
    self.network = network
    self.optimiser = optimiser
    self.batch = batch
    self.loss = loss
    self.averaging = averaging
    self.seed = seed
    self.workers = workers
    let count = min(shardCount, batch)
    let shards = (0..<count).map { batch * $0 / count..<batch * ($0 + 1) / count }
    let largest = shards.map(\.count).max() ?? batch
    self.shards = shards
    towers = shards.map { _ in
      StageExecutor(network, network.tower, capacity: largest, training: true)
    }
    towerWorkspaces = (0..<workers.count).map { _ in
      StageWorkspace(
        network, network.tower, capacity: largest, methods: methods, workers: Workers(1))
    }
    shardGradients = shards.map { _ in FloatBuffer(network.towerParameters) }
    head = StageExecutor(network, network.head, capacity: batch, training: true)
    headWorkspace = StageWorkspace(
      network, network.head, capacity: batch, methods: methods, workers: workers)
    features = FloatBuffer(batch * network.features)
    pictures = network.tower.isEmpty ? features : FloatBuffer(batch * network.pixels)
    featureGradient = FloatBuffer(network.tower.isEmpty ? 0 : batch * network.features)
    logits = FloatBuffer(batch * network.architecture.classes)
    logitGradient = FloatBuffer(batch * network.architecture.classes)
    gradient = FloatBuffer(network.values.count)
    if averaging > 0 {
      let average = FloatBuffer(network.values.count)
      average.copy(network.values)
      self.average = average
    } else {
      average = nil
    }
  }

  /// One step: the mean loss of the batch and the labels it got wrong, before the step.
  ///
  /// `render(position, target)` draws picture `position` of the batch and returns its label; it runs on
  /// several threads at once.
  public func step(
    learningRate: Float, _ render: (_ position: Int, _ target: UnsafeMutablePointer<Float>) -> Int
  ) throws -> (loss: Double, errors: Int) {
    let result = try gradients(render)
    apply(learningRate)
    return result
  }

  /// The gradient of the mean loss, left in `gradient`.
  func gradients(
    _ render: (_ position: Int, _ target: UnsafeMutablePointer<Float>) -> Int
  ) throws -> (loss: Double, errors: Int) {
    for workspace in towerWorkspaces { workspace.weightsChanged() }
    headWorkspace.weightsChanged()
    let key = SplitMix64.mix(seed ^ UInt64(optimiser.steps) &* 0x2545_f491_4f6c_dd1d)
    var labels = [Int](repeating: 0, count: batch)
    try labels.withUnsafeMutableBufferPointer { labels in
      let labels = labels
      try workers.attempt(shards.count) { shard, worker in
        for position in shards[shard] {
          labels[position] = render(position, pictures.start + position * network.pixels)
        }
        try towers[shard].forward(job(shard, key), towerWorkspaces[worker])
      }
    }
    let whole = StageExecutor.Job(
      count: batch, input: features.start, output: logits.start, dropout: key)
    try head.forward(whole, headWorkspace)
    let result = loss.evaluate(
      logits.start, labels: labels, classes: network.architecture.classes,
      gradient: logitGradient.start)
    // Without a tower the gradient of the features is not needed.
    try head.backward(
      whole, headWorkspace, gradOutput: logitGradient.start,
      gradInput: network.tower.isEmpty ? nil : featureGradient.start, gradient: gradient.start)
    try workers.attempt(network.tower.isEmpty ? 0 : shards.count) { shard, worker in
      try towers[shard].backward(
        job(shard, key), towerWorkspaces[worker],
        gradOutput: featureGradient.start + shards[shard].lowerBound * network.features,
        gradInput: nil, gradient: shardGradients[shard].start)
    }
    workers.split(network.towerParameters, grain: 1024) { range, _ in
      let target = gradient.start + range.lowerBound
      target.update(from: shardGradients[0].start + range.lowerBound, count: range.count)
      for shard in shardGradients.dropFirst() {
        CPU.current.kernels.add(range.count, shard.start + range.lowerBound, target)
      }
    }
    return result
  }

  private func job(_ shard: Int, _ key: UInt64) -> StageExecutor.Job {
    let first = shards[shard].lowerBound
    return StageExecutor.Job(
      count: shards[shard].count, first: first, input: pictures.start + first * network.pixels,
      output: features.start + first * network.features, dropout: key)
  }

  /// Parameters that are moved at once: with all that belongs to them they stay in the cache.
  private static let piece = 1 << 14

  /// Moves the parameters and their average.
  private func apply(_ learningRate: Float) {
    optimiser.steps += 1
    // A young average forgets faster, or it would remember the random start.
    let steps = Float(optimiser.steps)
    let kept = min(averaging, (1 + steps) / (10 + steps))
    let (values, count) = (network.values.start, network.values.count)
    workers.forEach((count + Self.piece - 1) / Self.piece) { piece, _ in
      let range = piece * Self.piece..<min(count, (piece + 1) * Self.piece)
      optimiser.update(values, gradient.start, learningRate: learningRate, range: range)
      guard let average = average?.start else { return }
      CPU.current.kernels.approach(
        range.count, values + range.lowerBound, 1 - kept, average + range.lowerBound)
    }
  }

  /// The gradient of the last batch, for tests.
  var lastGradient: FloatBuffer { gradient }
}

extension Optimiser {
  /// An optimiser at rest; `decay` gives each tensor's weight decay.
  public convenience init(_ rule: Rule, _ network: Network, decay: (Parameter) -> Float) {
    self.init(
      rule, count: network.values.count,
      decays: network.parameters.map { ($0.offset..<$0.offset + $0.count, decay($0)) })
  }
}
