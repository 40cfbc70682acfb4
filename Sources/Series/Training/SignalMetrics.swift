import NeuralNet
import Streams

/// Lines of metrics as NDJSON, or as rows of a table on a terminal; and as TensorBoard's events, and curves,
/// where those are asked for.
public final class SignalMetrics {
  private let output: ByteWriter
  private var json: JSONWriter
  private let events: EventFile?
  private let seeds: Int
  private var table: GrowingTable?
  private let curves: TrainingCurves?
  /// The network that the curves came to.
  private var drawn: UInt64?

  /// Metrics go to `output`, into a folder, and into a picture.
  public init(
    _ output: ByteWriter, tensorboard: String?, seeds: Int, curves: TrainingCurves? = nil
  ) throws {
    self.output = output
    self.seeds = seeds
    self.curves = curves
    json = JSONWriter(output)
    if output.isTerminal {
      let header = [
        ["step", "training", "valid", "valid", "valid", "learning", ""],
        ["", "loss", "loss", "IC", "rank IC", "rate", "best"],
      ]
      table = GrowingTable(
        numbers: seeds > 1 ? zip([["seed"], [""]], header).map { $0 + $1 } : header)
    }
    events = try tensorboard.map { try EventFile(folder: $0, seconds: EventFile.now) }
  }

  /// Curves of a training's lines.
  public static func curves(to path: String, _ recipe: SignalRecipe) -> TrainingCurves {
    TrainingCurves(
      to: path, title: "Training of a network that scores instruments",
      across: recipe.seeds > 1
        ? "steps, \(recipe.seeds) networks one after the other" : "steps",
      [
        .init(
          recipe.loss == .mse ? "loss: mean squared error" : "loss: daily correlation, negated",
          ["training", "validation"]),
        .init("validation: daily correlation with the label", ["IC", "rank IC"]),
      ])
  }

  /// Adds a line to the curves, at a step of all networks together.
  public func draw(_ metrics: SeedTraining.Metrics, at step: Int) throws {
    let values = [metrics.trainLoss, metrics.valid.loss, metrics.valid.ic, metrics.valid.rankIC]
    for (curve, value) in values.enumerated() {
      // Networks are not joined.
      if let drawn, drawn != metrics.seed { curves?.add(curve, step, .nan) }
      curves?.add(curve, step, value)
    }
    drawn = metrics.seed
    try curves?.writeNowAndThen()
  }

  private func row(_ metrics: SeedTraining.Metrics) -> [String] {
    func number(_ value: Double) -> String { AlignedTable.number(value) }
    return (seeds > 1 ? ["\(metrics.seed)"] : []) + [
      "\(metrics.step)", number(metrics.trainLoss), number(metrics.valid.loss),
      fixed(metrics.valid.ic, 4), fixed(metrics.valid.rankIC, 4),
      AlignedTable.number(metrics.learningRate.asWritten), metrics.isBest ? "*" : "",
    ]
  }

  /// Writes one line, at once.
  public func write(_ metrics: SeedTraining.Metrics) throws {
    let figures: [(name: String, value: Float)] = [
      ("train_loss", Float(metrics.trainLoss)), ("valid_loss", Float(metrics.valid.loss)),
      ("valid_ic", Float(metrics.valid.ic)), ("valid_rank_ic", Float(metrics.valid.rankIC)),
      ("learning_rate", metrics.learningRate),
    ]
    if table != nil {
      table?.write(row(metrics), output)
    } else {
      writeLine(metrics, figures)
    }
    try output.commit()
    try output.flush()
    let prefix = seeds > 1 ? "seed_\(metrics.seed)/" : ""
    try events?.add(
      figures.filter { $0.value.isFinite }.map { (prefix + $0.name, $0.value) },
      step: metrics.step, seconds: EventFile.now)
  }

  private func writeLine(
    _ metrics: SeedTraining.Metrics, _ figures: [(name: String, value: Float)]
  ) {
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
  }
}
