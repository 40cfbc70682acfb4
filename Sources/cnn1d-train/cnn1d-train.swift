/// cnn1d-train: trains a network that scores instruments by their factors.
import ArgumentParser
import Market
import NeuralNet
import SignalTraining
import Streams
import Tensor

@main
struct CNN1DTrain: Tool {
  static let configuration = CommandConfiguration(
    commandName: "cnn1d-train",
    abstract: "Train a network that scores instruments by their factors of the last days.",
    usage: "cnn1d-train [OPTION...] --model FILE --train A:B --valid A:B [FILE...]",
    discussion: """
      Reads npy tables, one a day, as alpha158 writes them, normalised and filled. Metrics go to standard
      output, a line of NDJSON an evaluation; the weights that were best on the validation days go to
      --model.

      EXAMPLES
        pipelines/qlib-features f; cnn1d-train f/train.npy f/valid.npy --model m.safetensors \\
          --train 2008-01-01:2014-12-31 --valid 2015-01-01:2016-12-31 --max-steps 40 | jq .valid_ic

      SEE ALSO  cnn1d-infer, alpha158, robust-zscore, cs-rank
      """,
    version: convoyVersion)

  @Option(help: ArgumentHelp("File for the trained model.", valueName: "file"))
  var model: String

  @Option(help: ArgumentHelp("Days to learn from, such as 2008-01-01:2014-12-31.", valueName: "span"))
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

  @OptionGroup var streams: StreamOptions

  var showsProgress: Bool { true }

  func validate() throws {
    guard (1...1024).contains(threads ?? 1) else {
      throw ValidationError("--threads must be in 1...1024: \(threads ?? 0)")
    }
    _ = try TableFields(fields, default: .features)
  }

  func run(_ input: ByteReader, _ output: ByteWriter) throws {
    let workers = Workers(threads ?? Workers.cores)
    let recipe = try options.recipe
    // A file that cannot be read or written is found out now, not after hours of training.
    _ = try AtomicFile(model)
    let normalisation = try normalisation.map { try RobustZScore(path: $0) }
    let table = SampleTable(
      try TableFields(fields ?? SignalRecipe.fields(recipe.kind), default: .features),
      label: label, steps: recipe.windowSteps, spans: [train, valid])
    try input.arrays { try table.add($0) }
    let data = try SignalData(table, train: train, valid: valid)
    _ = try normalisation?.pairs(table.names)
    let training = try SignalTraining(recipe, data, workers: workers)
    let metrics = try SignalMetrics(output, tensorboard: tensorboard, seeds: recipe.seeds)
    let progress = Progress(total: training.totalSteps, unit: "steps", quiet: streams.quiet)
    defer { progress.finish() }
    while !training.isDone {
      try metrics.write(training.run { progress.update(training.totalStep) })
    }
    try training.model(normalisation).withUnsafeBytes { try AtomicFile.write($0, to: model) }
  }
}
