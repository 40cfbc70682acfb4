import NeuralNet
import Streams

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Lines of metrics as NDJSON, and as TensorBoard's events where a folder for them is named.
public final class MetricsOutput {
  private let output: ByteWriter
  private var json: JSONWriter
  private let events: EventFile?

  /// Metrics go to `output`, and into a folder.
  public init(_ output: ByteWriter, tensorboard: String?) throws {
    self.output = output
    json = JSONWriter(output)
    events = try tensorboard.map { try EventFile(folder: $0, seconds: EventFile.now) }
  }

  /// Writes one line, at once.
  public func write(_ metrics: TrainingRun.Metrics) throws {
    json.beginObject()
    json.key("step")
    json.value(metrics.step)
    json.key("epoch")
    json.value(Float(metrics.epoch))
    json.key("loss")
    json.value(Float(metrics.loss))
    json.key("learning_rate")
    json.value(metrics.learningRate)
    json.key("minibatch_error")
    json.value(Float(metrics.minibatchError))
    json.key("validation_error")
    if let error = metrics.validationError { json.value(Float(error)) } else { json.null() }
    json.endObject()
    json.endLine()
    try output.commit()
    try output.flush()
    var scalars: [(tag: String, value: Float)] = [
      ("loss", Float(metrics.loss)), ("learning_rate", metrics.learningRate),
      ("minibatch_error", Float(metrics.minibatchError)),
    ]
    if let error = metrics.validationError { scalars.append(("validation_error", Float(error))) }
    try events?.add(scalars, step: metrics.step, seconds: EventFile.now)
  }
}

/// Whether a plain file is there.
public func isFile(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
}
