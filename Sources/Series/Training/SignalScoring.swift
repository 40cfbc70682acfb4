import NeuralNet
import Tensor

/// Scores of days of a table by one network.
final class SignalScoring {
  private let network: SeriesNetwork
  private let reader: SeriesReader
  private let windows: SampleWindows
  private let workers: Workers

  init(_ network: SeriesNetwork, _ windows: SampleWindows, workers: Workers) {
    self.network = network
    self.windows = windows
    self.workers = workers
    reader = SeriesReader(network, workers: workers)
  }

  /// The scores of the samples of each day, with the parameters as they are now.
  func scores(_ days: [[Int32]]) throws -> [[Float]] {
    reader.update()
    guard network.architecture.kind == .cnnBatchwise else {
      let samples = days.flatMap { $0 }
      let (positions, windows) = (network.windowPositions, windows)
      var scores = [Float](repeating: 0, count: samples.count)
      scores.withUnsafeMutableBufferPointer { scores in
        guard let scores = scores.baseAddress else { return }
        reader.answers(
          samples.count, { windows.gather(samples[$0], positions, $1) }, scores)
      }
      var first = 0
      return days.map { day in
        defer { first += day.count }
        return Array(scores[first..<first + day.count])
      }
    }
    return try days.map { day in
      let score = try Batchwise.score(network, reader, rows: day.count) { row, target in
        windows.copy(day[row], target)
      }
      return [Float](repeating: score, count: day.count)
    }
  }
}
