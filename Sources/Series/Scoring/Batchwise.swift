import NeuralNet
import Tensor

/// The published network, whose convolutions run over the rows of a batch: one answer for all of them.
enum Batchwise {
  /// The answer for `rows` rows; `row` copies the inputs of one.
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
