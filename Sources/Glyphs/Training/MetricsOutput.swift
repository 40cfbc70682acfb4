import NeuralNet
import Streams

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Lines of metrics as NDJSON, or as rows of a table on a terminal; and as TensorBoard's events, and curves,
/// where those are asked for.
public final class MetricsOutput {
  private let output: ByteWriter
  private var json: JSONWriter
  private var table: GrowingTable?
  private let events: EventFile?
  private let curves: TrainingCurves?
  /// The step of the last measurement that the curves have.
  private var measured = 0

  /// Metrics go to `output`, into a folder, and into a picture.
  public init(_ output: ByteWriter, tensorboard: String?, curves: TrainingCurves? = nil) throws {
    self.output = output
    self.curves = curves
    json = JSONWriter(output)
    if output.isTerminal {
      table = GrowingTable(numbers: [
        ["step", "epoch", "loss", "learning", "training", "validation"],
        ["", "", "nats", "rate", "error %", "error %"],
      ])
    }
    events = try tensorboard.map { try EventFile(folder: $0, seconds: EventFile.now) }
  }

  /// Curves of what `write` is given, for a training with epochs of so many steps.
  public static func curves(to path: String, stepsPerEpoch: Int) -> TrainingCurves {
    TrainingCurves(
      to: path, title: "Training of a network that reads characters",
      across: "steps, \(stepsPerEpoch) an epoch",
      [
        .init("loss, nats", ["training", "validation"]),
        .init("characters read rightly, %", ["training", "validation"]),
      ])
  }

  /// Writes one line, at once.
  public func write(_ metrics: TrainingRun.Metrics) throws {
    writeLine(metrics)
    try output.commit()
    try output.flush()
    var scalars: [(tag: String, value: Float)] = [
      ("loss", Float(metrics.loss)), ("learning_rate", metrics.learningRate),
      ("minibatch_error", Float(metrics.minibatchError)),
    ]
    if let error = metrics.validationError { scalars.append(("validation_error", Float(error))) }
    try events?.add(scalars, step: metrics.step, seconds: EventFile.now)
    try addToCurves(metrics)
  }

  private func addToCurves(_ metrics: TrainingRun.Metrics) throws {
    guard let curves else { return }
    curves.add(0, metrics.step, metrics.loss)
    curves.add(2, metrics.step, 100 * (1 - metrics.minibatchError))
    // Lines repeat what was measured last.
    if let validation = metrics.validation, validation.step > measured {
      measured = validation.step
      curves.add(1, measured, validation.loss)
      curves.add(3, measured, 100 * (1 - validation.error))
    }
    try curves.writeNowAndThen()
  }

  private func writeLine(_ metrics: TrainingRun.Metrics) {
    if table != nil {
      table?.write(
        [
          "\(metrics.step)", fixed(metrics.epoch, 2), fixed(metrics.loss, 4),
          AlignedTable.number(metrics.learningRate.asWritten),
          fixed(100 * metrics.minibatchError, 2),
          metrics.validationError.map { fixed(100 * $0, 2) } ?? "-",
        ], output)
      return
    }
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
  }
}

/// Whether a plain file is there.
public func isFile(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
}
