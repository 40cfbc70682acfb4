import Mechanics
import NeuralNet
import Tensor

/// Trains a network of series, batch by batch, on several threads.
///
/// A batch is cut into a fixed number of parts; what each adds to the gradient is summed in their order,
/// so that the same bytes come out whatever the number of threads.
public final class SeriesTrainer {
  /// Draws the window of a sample of the batch: its wanted positions, one after the other.
  public typealias Gather = (_ sample: Int, _ target: UnsafeMutablePointer<Float>) -> Void

  /// The network in training.
  public let network: SeriesNetwork
  /// The rule of a step and its state.
  public let optimiser: Optimiser
  private let seed: UInt64
  private let workers: Workers
  private let weights: SeriesWeights
  private var executors: [SeriesExecutor] = []
  private let parts: [SeriesGradient]
  private var answers = FloatBuffer(0)
  private var slopes = FloatBuffer(0)
  private let gradient: FloatBuffer
  private static let partCount = 16

  /// A trainer by Adam with that weight decay (L2).
  public init(_ network: SeriesNetwork, decay: Float, seed: UInt64, workers: Workers) {
    self.network = network
    self.seed = seed
    self.workers = workers
    optimiser = Optimiser(
      .adam(decoupled: false), count: network.values.count,
      decays: [(0..<network.values.count, decay)])
    weights = SeriesWeights(network, training: true)
    parts = (0..<Self.partCount).map { _ in SeriesGradient(network) }
    gradient = FloatBuffer(network.values.count)
    executors = (0..<workers.count).map { _ in SeriesExecutor(network, weights, training: true) }
  }

  /// One step on samples with these targets: their loss before it.
  ///
  /// `groups` holds the sizes of the groups that the loss looks at. `gather` runs on several threads.
  public func step(
    targets: [Float], groups: [Int], loss: SeriesLoss, learningRate: Float, _ gather: Gather
  ) -> Double {
    let result = gradients(targets: targets, groups: groups, loss: loss, gather)
    optimiser.steps += 1
    optimiser.update(
      network.values.start, gradient.start, learningRate: learningRate,
      range: 0..<network.values.count)
    return result
  }

  /// The gradient of the loss, left in `lastGradient`.
  func gradients(
    targets: [Float], groups: [Int], loss: SeriesLoss, _ gather: Gather
  ) -> Double {
    let count = targets.count
    if answers.count < count {
      answers = FloatBuffer(count)
      slopes = FloatBuffer(count)
    }
    weights.update(workers)
    let key = SplitMix64.mix(seed ^ UInt64(optimiser.steps) &* 0x2545_f491_4f6c_dd1d)
    if loss != .mse {
      // A slope depends on the answers of its whole group: all answers come first.
      forEachTile(count) { executor, first, few, _ in
        for sample in 0..<few {
          gather(first + sample, executor.windows + sample * network.windowFloats)
        }
        executor.forward(count: few, dropout: key, first: first, answers.start + first)
      }
      _ = loss.evaluate(answers.start, targets, groups: groups, slopes: slopes.start)
    }
    for part in parts { part.clear() }
    forEachTile(count) { executor, first, few, part in
      for sample in 0..<few {
        gather(first + sample, executor.windows + sample * network.windowFloats)
      }
      executor.forward(count: few, dropout: key, first: first, answers.start + first)
      if loss == .mse {
        for sample in first..<first + few {
          slopes.start[sample] = SeriesLoss.slope(answers.start[sample] - targets[sample], count)
        }
      }
      executor.backward(
        count: few, dropout: true, slopes: slopes.start + first, sums: parts[part])
    }
    network.collect(parts, into: gradient, workers)
    return loss.evaluate(answers.start, targets, groups: groups, slopes: slopes.start)
  }

  private func forEachTile(
    _ count: Int,
    _ body: (_ executor: SeriesExecutor, _ first: Int, _ few: Int, _ part: Int) -> Void
  ) {
    workers.forEach(Self.partCount) { part, worker in
      let executor = executors[worker]
      let end = count * (part + 1) / Self.partCount
      var first = count * part / Self.partCount
      while first < end {
        let few = min(executor.capacity, end - first)
        body(executor, first, few, part)
        first += few
      }
    }
  }

  /// The gradient of the last batch, for tests.
  var lastGradient: FloatBuffer { gradient }
}
