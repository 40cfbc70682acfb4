import NeuralNet
import Streams

/// Lines of metrics as NDJSON, and as TensorBoard's events where a folder for them is named.
public final class SignalMetrics {
  private let output: ByteWriter
  private var json: JSONWriter
  private let events: EventFile?
  private let seeds: Int

  /// Metrics go to `output`, and into a folder.
  public init(_ output: ByteWriter, tensorboard: String?, seeds: Int) throws {
    self.output = output
    self.seeds = seeds
    json = JSONWriter(output)
    events = try tensorboard.map { try EventFile(folder: $0, seconds: EventFile.now) }
  }

  /// Writes one line, at once.
  public func write(_ metrics: SeedTraining.Metrics) throws {
    let figures: [(name: String, value: Float)] = [
      ("train_loss", Float(metrics.trainLoss)), ("valid_loss", Float(metrics.valid.loss)),
      ("valid_ic", Float(metrics.valid.ic)), ("valid_rank_ic", Float(metrics.valid.rankIC)),
      ("learning_rate", metrics.learningRate),
    ]
    json.beginObject()
    json.key("seed")
    json.value(Int(clamping: metrics.seed))
    json.key("step")
    json.value(metrics.step)
    for (name, value) in figures {
      json.key(name)
      json.value(value)
    }
    json.key("best")
    json.value(metrics.isBest)
    json.endObject()
    json.endLine()
    try output.commit()
    try output.flush()
    let prefix = seeds > 1 ? "seed_\(metrics.seed)/" : ""
    try events?.add(
      figures.filter { $0.value.isFinite }.map { (prefix + $0.name, $0.value) },
      step: metrics.step, seconds: EventFile.now)
  }
}
