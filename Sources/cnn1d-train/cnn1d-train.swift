/// cnn1d-train: trains a network that scores instruments by their factors.
import ArgumentParser
import Days
import Mechanics
import NeuralNet
import Processors
import Series
import Streams
import Tensor

@main
struct CNN1DTrain: Tool, ArrayReading {
  static let configuration = CommandConfiguration(
    commandName: "cnn1d-train",
    abstract: "Train a network that scores instruments by their factors of the last days.",
    usage: "cnn1d-train [OPTION...] --model FILE --train A:B --valid A:B [FILE...]",
    discussion: """
      Reads npy tables, one a day, as alpha158 writes them, normalised and filled: what dropna and
      cs-rank have left to learn from. Rows with a label are samples. A sample's window is its
      instrument's last --step-len days of the input; a day without a row of it takes the row before,
      within the window, or the first one after. Metrics go to standard output, a line of NDJSON an
      evaluation, or a row of a table on a terminal; --plot draws them. The weights that were best on
      the validation days go to --model.

      cnn: convolutions over the days, padded to keep their number, each with ReLU and dropout; the last
      day's channels make the score. tcn: two causal, dilated, weight-normalised convolutions a block
      and a way around them. mlp, linear: the last day alone. cnn-batchwise: the network as it was
      published; it convolves over the rows of a batch, not over days, and keeps one position, so that
      all scores of a day are the same number. It is of use to reproduce what was published, and for
      nothing else.

      A step learns from one batch by Adam. Batches are cut from epochs in random order; what fills no
      batch at an epoch's end is not shown. With --loss ic a batch is of whole days, those whose labels
      differ. The learning rate is halved at the 11th evaluation without a validation loss lower by
      0.01 %, down to 0.00001.

      EXAMPLES
        simbars --days 400 | alpha158 | fillna | dropna | cs-rank > days.npy; cnn1d-train days.npy \\
          --train :2015-12-31 --valid 2016-01-01: --arch linear --model m.safetensors --max-steps 40
        simbars --days 300 | alpha158 | fillna | dropna | cs-rank |
          cnn1d-train --train :2015-12-31 --valid 2016-01-01: --model m.safetensors --max-steps 20 |
          jq -c '[.step,.valid_ic]'

      SEE ALSO  cnn1d-infer, alpha158, robust-zscore, cs-rank

      CAVEATS
        All rows up to the last day wanted are held in memory, as 4 bytes a number. Weights are the same
        with any number of threads, but their last digits differ between AVX-512, AVX2 and others.
      """,
    version: convoyVersion)

  @Option(help: ArgumentHelp("File for the trained model.", valueName: "file"))
  var model: String

  @Option(
    help: ArgumentHelp("Days to learn from, such as 2008-01-01:2014-12-31.", valueName: "span"))
  var train: DaySpan

  @Option(help: ArgumentHelp("Days that choose the best weights.", valueName: "span"))
  var valid: DaySpan

  @Option(help: ArgumentHelp("Field of what is to be predicted.", valueName: "field"))
  var label = "LABEL0"

  @Option(
    help: ArgumentHelp(
      "Fields to read (default: all numbers but LABEL...; tcn: its 20).",
      valueName: "name,name,..."))
  var fields: String?

  @OptionGroup var options: SignalOptions

  @Option(
    help: ArgumentHelp(
      "Parameters of robust-zscore that the input was made with, for the model to carry.",
      valueName: "file"))
  var normalisation: String?

  @Option(help: ArgumentHelp("Threads (default: one for each core).", valueName: "n"))
  var threads: Int?

  @Option(help: ArgumentHelp("Folder for TensorBoard's event files.", valueName: "dir"))
  var tensorboard: String?

  @Option(
    help: ArgumentHelp(
      "Curves of loss and IC over steps; with --checkpoint, of all its runs.",
      valueName: "file.svg"))
  var plot: String?

  @Option(
    help: ArgumentHelp(
      "File to keep the training's state in: each minute and at the end.", valueName: "file"))
  var checkpoint: String?

  @Flag(help: "Go on from --checkpoint where that file exists.")
  var resume = false

  @Option(
    help: ArgumentHelp(
      "Stop at the first evaluation after so many steps of all, to be resumed.", valueName: "n"))
  var stopAfter: Int?

  @OptionGroup var streams: StreamOptions
  @OptionGroup var demand: SealedOption

  var showsProgress: Bool { true }

  func validate() throws {
    guard (1...1024).contains(threads ?? 1) else {
      throw ValidationError("--threads must be in 1...1024: \(threads ?? 0)")
    }
    guard !resume || checkpoint != nil else { throw ValidationError("--resume needs --checkpoint") }
    guard checkpoint != model else {
      throw ValidationError("--checkpoint and --model must be two files: \(model)")
    }
    guard stopAfter == nil || checkpoint != nil else {
      throw ValidationError("--stop-after needs --checkpoint")
    }
    guard stopAfter ?? 1 > 0 else {
      throw ValidationError("--stop-after must be positive: \(stopAfter ?? 0)")
    }
    guard !train.overlaps(valid) else {
      throw ValidationError("--train and --valid must have no day in common: \(train), \(valid)")
    }
    _ = try TableFields(fields, default: .features)
  }

  var writes: [WrittenPath] {
    [
      .file("--model", model), .file("--checkpoint", checkpoint),
      .folder("--tensorboard", tensorboard), .file("--plot", plot),
    ]
  }

  var reads: [String?] { [normalisation] }

  func run(_ input: ByteReader, _ output: ByteWriter) throws {
    let workers = Workers(threads ?? Workers.cores)
    let recipe = try options.recipe
    let lock = try checkpoint.map { try FileLock($0) }
    defer { withExtendedLifetime(lock) {} }
    let normalisation = try normalisation.map { try RobustZScore(path: $0) }
    let table = SampleTable(
      try TableFields(fields ?? SignalRecipe.fields(recipe.kind), default: .features),
      label: label, steps: recipe.windowSteps, spans: [train, valid])
    try input.days { try table.add($0) }
    let data = try SignalData(table, train: train, valid: valid)
    _ = try normalisation?.pairs(table.names)
    let training = try SignalTraining(recipe, data, workers: workers)
    let curves = plot.map {
      SignalMetrics.curves(to: $0, recipe)
    }
    let metrics = try SignalMetrics(
      output, tensorboard: tensorboard, seeds: recipe.seeds, curves: curves)
    if resume, let checkpoint { try training.resume(from: checkpoint, curves) }
    do { try train(training, metrics, curves) } catch {
      // What led to it is to be seen.
      try? curves?.write()
      throw error
    }
    try curves?.write()
    if let checkpoint { try training.checkpoint(to: checkpoint, curves) }
    guard training.isDone else { return }
    try training.model(normalisation).withUnsafeBytes { try AtomicFile.write($0, to: model) }
  }

  private func train(
    _ training: SignalTraining, _ metrics: SignalMetrics, _ curves: TrainingCurves?
  ) throws {
    let progress = Progress(total: training.totalSteps, unit: "steps", quiet: streams.quiet)
    defer { progress.finish() }
    var saved = monotonicSeconds()
    while !training.isDone, training.totalStep < stopAfter ?? .max {
      let line = try training.run { progress.update(training.totalStep) }
      try metrics.write(line)
      try metrics.draw(line, at: training.step(of: line))
      if let checkpoint, monotonicSeconds() - saved > 60 {
        try training.checkpoint(to: checkpoint, curves)
        saved = monotonicSeconds()
      }
    }
  }
}
