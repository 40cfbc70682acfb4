import Tensor

/// Answers of a trained network, on several threads.
public final class SeriesReader {
  /// The network.
  public let network: SeriesNetwork
  private let workers: Workers
  private let weights: SeriesWeights
  private let passes: [SeriesPass]

  /// A reader; `update` must follow each change of the network's parameters.
  public init(_ network: SeriesNetwork, workers: Workers) {
    self.network = network
    self.workers = workers
    let weights = SeriesWeights(network, training: false)
    self.weights = weights
    passes = (0..<workers.count).map { _ in SeriesPass(network, weights, training: false) }
    update()
  }

  /// Takes over the network's parameters as they are now.
  public func update() { weights.update(workers) }

  /// The answer for each of `count` windows.
  public func answers(
    _ count: Int, _ gather: SeriesTrainer.Gather, _ answers: UnsafeMutablePointer<Float>
  ) {
    // The same answer wherever a batch is cut, so a thread takes what it can.
    let size = passes[0].capacity
    workers.forEach((count + size - 1) / size) { task, worker in
      let (first, pass) = (task * size, passes[worker])
      let few = min(size, count - first)
      for sample in 0..<few {
        gather(first + sample, pass.windows + sample * network.windowFloats)
      }
      pass.forward(count: few, dropout: nil, first: first, answers + first)
    }
  }
}
