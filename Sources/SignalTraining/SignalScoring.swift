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

/// The published network, whose convolutions run over the rows of a batch: one answer for all of them.
enum Batchwise {
  /// The answer for so many rows; `row` copies the inputs of one.
  static func score(
    _ network: SeriesNetwork, _ reader: SeriesReader, rows: Int,
    _ row: (Int, UnsafeMutablePointer<Float>) -> Void
  ) throws -> Float {
    guard rows > 0 else { return .nan }
    let steps = network.architecture.steps
    var (network, reader) = (network, reader)
    if rows < steps {
      // Fewer rows than the convolutions see have zeros before them, layer by layer.
      let wanted = network.architecture
      let fewer = try SeriesNetwork(
        SeriesArchitecture(
          wanted.kind, inputs: wanted.inputs, steps: rows, layers: wanted.layers,
          kernel: wanted.kernel, dropout: wanted.dropout))
      fewer.values.copy(network.values)
      (network, reader) = (fewer, SeriesReader(fewer, workers: Workers(1)))
    }
    let first = rows - network.architecture.steps
    var score: Float = 0
    reader.answers(
      1,
      { _, target in
        for (place, position) in network.windowPositions.enumerated() {
          row(first + position, target + place * network.architecture.inputs)
        }
      }, &score)
    return score
  }
}
