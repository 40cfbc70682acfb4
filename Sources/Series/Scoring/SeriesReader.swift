import Tensor

/// Answers of a trained network, on several threads.
public final class SeriesReader {
  /// The network.
  public let network: SeriesNetwork
  private let workers: Workers
  private let weights: SeriesWeights
  private let executors: [SeriesExecutor]

  /// A reader; `update` must follow each change of the network's parameters.
  public init(_ network: SeriesNetwork, workers: Workers) {
    self.network = network
    self.workers = workers
    let weights = SeriesWeights(network, training: false)
    self.weights = weights
    executors = (0..<workers.count).map { _ in SeriesExecutor(network, weights, training: false) }
    update()
  }

  /// Takes over the network's parameters as they are now.
  public func update() { weights.update(workers) }

  /// The answer for each of `count` windows.
  public func answers(
    _ count: Int, _ gather: SeriesTrainer.Gather, _ answers: UnsafeMutablePointer<Float>
  ) {
    // Answers do not depend on where a batch is cut, so a task is as large as the buffers allow.
    let size = executors[0].capacity
    workers.forEach((count + size - 1) / size) { task, worker in
      let (first, executor) = (task * size, executors[worker])
      let few = min(size, count - first)
      for sample in 0..<few {
        gather(first + sample, executor.windows + sample * network.windowFloats)
      }
      executor.forward(count: few, dropout: nil, first: first, answers + first)
    }
  }
}
