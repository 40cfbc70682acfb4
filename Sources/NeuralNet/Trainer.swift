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
  private let towers: [TowerPass]
  private let shardGradients: [FloatBuffer]
  private let scratch: [Scratch]
  private let head: HeadPass
  private let gradient: FloatBuffer

  /// A trainer; `averaging` in 0 ..< 1 is the share of the old average that a step keeps.
  public init(
    _ network: Network, _ optimiser: Optimiser, batch: Int, loss: CrossEntropy,
    averaging: Float = 0, shards shardCount: Int = 8, seed: UInt64, workers: Workers
  ) {
    self.network = network
    self.optimiser = optimiser
    self.batch = batch
    self.loss = loss
    self.averaging = averaging
    self.seed = seed
    self.workers = workers
    let count = min(shardCount, batch)
    shards = (0..<count).map { batch * $0 / count..<batch * ($0 + 1) / count }
    towers = shards.map { TowerPass(network, capacity: $0.count, training: true) }
    shardGradients = shards.map { _ in FloatBuffer(network.towerParameters) }
    scratch = (0..<workers.count).map { _ in Scratch() }
    head = HeadPass(network, capacity: batch, training: true, workers: workers)
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
    let pixels = network.architecture.height * network.architecture.width
    var labels = [Int](repeating: 0, count: batch)
    try labels.withUnsafeMutableBufferPointer { labels in
      let labels = labels
      try attempt(shards.count) { shard, worker in
        let (tower, range) = (towers[shard], shards[shard])
        for position in range {
          let target = tower.input.start + (position - range.lowerBound) * pixels
          labels[position] = render(position, target)
        }
        try tower.forward(range.count, scratch: scratch[worker])
        tower.scatter(range.count, to: head.input, first: range.lowerBound, columns: batch)
      }
    }
    let key = RandomNumbers.mix(seed ^ UInt64(optimiser.steps) &* 0x2545_f491_4f6c_dd1d)
    head.forward(batch, dropout: key)
    let result = loss.evaluate(
      head.logits.start, labels: labels, classes: network.architecture.classes,
      gradient: head.logitsGradient.start)
    head.backward(batch, gradient: gradient, dropout: key)
    guard let features = head.inputGradient, !network.tower.isEmpty else { return result }
    workers.forEach(shards.count) { shard, worker in
      let (tower, range) = (towers[shard], shards[shard])
      tower.gather(range.count, from: features, first: range.lowerBound, columns: batch)
      shardGradients[shard].clear()
      tower.backward(range.count, gradient: shardGradients[shard], scratch: scratch[worker])
    }
    workers.split(network.towerParameters, grain: 1024) { range, _ in
      let target = gradient.start + range.lowerBound
      target.update(repeating: 0, count: range.count)
      for shard in shardGradients {
        add(shard.start + range.lowerBound, to: target, count: range.count)
      }
    }
    return result
  }

  /// Moves the parameters and their average.
  private func apply(_ learningRate: Float) {
    optimiser.steps += 1
    // A young average forgets faster, or it would remember the random start.
    let steps = Float(optimiser.steps)
    let kept = min(averaging, (1 + steps) / (10 + steps))
    let values = network.values.start
    workers.split(network.values.count, grain: 4096) { range, _ in
      optimiser.update(values, gradient.start, learningRate: learningRate, range: range)
      guard let average = average?.start else { return }
      for i in range { average[i] += (1 - kept) * (values[i] - average[i]) }
    }
  }

  /// Runs tasks that may fail, and throws what the first of them threw.
  private func attempt(_ tasks: Int, _ body: (Int, Int) throws -> Void) throws {
    var failures = [Error?](repeating: nil, count: tasks)
    failures.withUnsafeMutableBufferPointer { failures in
      let failures = failures
      workers.forEach(tasks) { task, worker in
        do { try body(task, worker) } catch { failures[task] = error }
      }
    }
    if let failure = failures.lazy.compactMap({ $0 }).first { throw failure }
  }

  /// The gradient of the last batch, for tests.
  var lastGradient: FloatBuffer { gradient }
}
