/// lenet-train: trains the network that lenet-infer runs.
import ArgumentParser
import Glyphs
import NeuralNet
import Streams
import Tensor

@main
struct LenetTrain: Tool {
  static let configuration = CommandConfiguration(
    commandName: "lenet-train",
    abstract: "Train the network that lenet-infer runs.",
    usage: "lenet-train [OPTION...] --model FILE [--images IDX --labels IDX]... [INK.ndjson ...]",
    discussion: """
      Learns from pictures of 28×28 (idx or npy, with their labels) and from labelled ink (NDJSON \
      with strokes and label, or expressions with groups), drawn afresh each epoch. Metrics go to \
      standard output, one NDJSON line every 100 steps; errors in them are shares, 0 to 1. A terminal \
      is given a table, with errors in %. --plot draws loss and errors, of the training and of what \
      was kept aside, while it goes on.

      EXAMPLES
        head -12 testdata/ink/drawings.ndjson | lenet-train --model small.safetensors \\
          --arch 'conv 5x5x8, relu, pool 2, fc 24' --epochs 40 --batch 16 --hold-out 1000
        head -12 testdata/ink/drawings.ndjson | lenet-train --model lenet5.safetensors \\
          --recipe lenet5 --epochs 2 --validation 0 --hold-out 1000 | tail -1

      DATA
        MNIST is four files: train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, and the same
        of t10k. PyTorch's copy is at https://ossci-datasets.s3.amazonaws.com/mnist/. Put them into
        data/mnist of the project's folder, or into mnist/ of the folder that CONVOY_DATA names:

          lenet-train --recipe lenet5 --model lenet5.safetensors \\
            --images data/mnist/train-images-idx3-ubyte.gz \\
            --labels data/mnist/train-labels-idx1-ubyte.gz

      SEE ALSO  lenet-infer, strokes2png, center28

      CAVEATS
        All samples are held in memory. Weights are the same with any number of threads, but their
        last digits differ from one instruction set (AVX2, AVX-512) to another.
      """,
    version: convoyVersion)

  @Option(help: ArgumentHelp("File for the trained model.", valueName: "file"))
  var model: String

  @Option(help: ArgumentHelp("Pictures, idx or npy; may be repeated.", valueName: "file"))
  var images: [String] = []

  @Option(help: ArgumentHelp("Their labels, idx or npy; as often as --images.", valueName: "file"))
  var labels: [String] = []

  @Option(
    help: ArgumentHelp(
      """
      Model to start from, instead of weights at random: its layers are kept, and it learns the classes \
      that it lacks.
      """, valueName: "file"))
  var from: String?

  @OptionGroup var options: RecipeOptions
  @OptionGroup var layers: MethodOptions

  @OptionGroup var heldOut: HoldOutOptions

  @Option(
    help: ArgumentHelp("Samples an epoch shows (default: as many as there are).", valueName: "n"))
  var epochSamples: Int?

  @Option(help: ArgumentHelp("Threads (default: one for each core).", valueName: "n"))
  var threads: Int?

  @Option(help: ArgumentHelp("Steps from one line of metrics to the next.", valueName: "n"))
  var interval = 100

  @Option(help: ArgumentHelp("Steps between measurements (default: an epoch).", valueName: "n"))
  var validateEvery: Int?

  @Option(help: ArgumentHelp("Folder for TensorBoard's event files.", valueName: "dir"))
  var tensorboard: String?

  @Option(
    help: ArgumentHelp(
      "Curves of loss and of what is read rightly, over steps; with --checkpoint, of all its runs.",
      valueName: "file.svg"))
  var plot: String?

  @Option(
    help: ArgumentHelp("File to keep the training's state in after each epoch.", valueName: "file"))
  var checkpoint: String?

  @Flag(help: "Go on from --checkpoint where that file exists.")
  var resume = false

  @Option(help: ArgumentHelp("Stop after this epoch, to be resumed.", valueName: "n"))
  var stopAfter: Int?

  @OptionGroup var streams: StreamOptions

  var showsProgress: Bool { true }

  func validate() throws {
    guard images.count == labels.count else {
      throw ValidationError(
        "--images and --labels must come in pairs: \(images.count) and \(labels.count)")
    }
    guard !resume || checkpoint != nil else { throw ValidationError("--resume needs --checkpoint") }
    for (name, value, limit) in [
      ("--epoch-samples", epochSamples, 100_000_000), ("--threads", threads, 1024),
      ("--interval", interval, .max), ("--validate-every", validateEvery, .max),
      ("--stop-after", stopAfter, .max),
    ] {
      guard (1...limit).contains(value ?? 1) else {
        let rule = limit == .max ? "be positive" : "be in 1...\(limit)"
        throw ValidationError("\(name) must \(rule): \(value ?? 0)")
      }
    }
  }

  var writes: [WrittenPath] {
    [
      .file("--model", model), .file("--checkpoint", checkpoint),
      .folder("--tensorboard", tensorboard), .file("--plot", plot),
    ]
  }

  var reads: [String?] { images + labels + [from] }

  var expects: String { "labelled ink (NDJSON)" }

  func run(_ input: ByteReader, _ output: ByteWriter) throws {
    let workers = Workers(threads ?? Workers.cores)
    let lock = try checkpoint.map { try FileLock($0) }
    defer { withExtendedLifetime(lock) {} }
    let start = try from.map { try Model(path: $0) }
    let recipe = try options.changed(startingFrom: start)
    var data = TrainingData()
    for (pictures, names) in zip(images, labels) {
      do {
        try data.add(imagesAt: pictures, labelsAt: names)
      } catch let failure as Failure where failure.status == .inputMissing {
        throw Failure(.inputMissing, "\(failure.description) (\(Self.whereMNISTIs))")
      }
    }
    if images.isEmpty || !streams.files.isEmpty {
      var ink = InkCollection()
      try ink.read(input)
      ink.shareSizes()
      ink.compose(seed: options.seed)
      data.add(ink)
    }
    try data.split(
      validation: recipe.validation, heldOut: heldOut.writers, workers: workers)
    let training = try TrainingRun(
      recipe, data, epochLength: epochSamples, from: start, methods: layers.methods,
      workers: workers)
    let curves = plot.map {
      MetricsOutput.curves(to: $0, stepsPerEpoch: training.stepsPerEpoch)
    }
    if resume, let checkpoint, isFile(checkpoint) {
      try training.resume(from: checkpoint, curves)
    }
    let metrics = try MetricsOutput(output, tensorboard: tensorboard, curves: curves)
    do { try train(training, metrics, curves) } catch {
      // What led to it is to be seen.
      try? curves?.write()
      throw error
    }
    try curves?.write()
    guard training.epoch == recipe.epochs else { return }
    let bytes = try Model.bytes(
      of: training.network, values: training.best, classes: data.classes,
      metadata: [("recipe", recipe.description), ("data", data.fingerprint)])
    try bytes.withUnsafeBytes { try AtomicFile.write($0, to: model) }
    if let table = try training.measure() {
      table.writeReport(output)
      try output.commit()
    }
  }

  private static let whereMNISTIs =
    "MNIST's four files are at https://ossci-datasets.s3.amazonaws.com/mnist/; put them into data/mnist"

  private func train(
    _ training: TrainingRun, _ metrics: MetricsOutput, _ curves: TrainingCurves?
  ) throws {
    let total = training.recipe.epochs * training.stepsPerEpoch
    let progress = Progress(total: total, unit: "steps", quiet: streams.quiet)
    defer { progress.finish() }
    while training.epoch < min(training.recipe.epochs, stopAfter ?? .max) {
      try training.runEpoch(interval: interval, validateEvery: validateEvery) { step, values in
        progress.update(step, note: "epoch \(training.epoch + 1)")
        if let values { try metrics.write(values) }
      }
      if let checkpoint { try training.checkpoint(to: checkpoint, curves) }
    }
  }
}
