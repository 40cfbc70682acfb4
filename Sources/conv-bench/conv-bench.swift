/// conv-bench: measures the tensor operators, and checks what they compute.
import ArgumentParser
import Benchmarking
import Streams
import Tensor

@main
struct ConvBench: Tool {
  static let configuration = CommandConfiguration(
    commandName: "conv-bench",
    abstract: "Time convolutions and linear layers, each implementation beside the others.",
    usage: """
      conv-bench [OPTION...] [FILE...]
      conv-bench peak [--threads N]
      conv-bench check [--shapes N] [--seed N]
      conv-bench --summary [--html page.html] FILE...
      """,
    discussion: """
      Reads problems, one NDJSON object a line, or takes them from --op or --suite:
        {"name","op":"conv2d","n","c","h","w","k","r","s","stride","padding","dilation","groups","pass"}
        {"name","op":"linear","n","inputs","outputs","pass"}
      Runs the implementations in turns and writes one object for each, or a table on a terminal:
      times in ms, GFLOP/s (the padding's zeros not counted) and their share of the measured peak,
      and the largest error against sums in Double, relative to the largest element: of all elements,
      or of a sample ("checked"). Winograd's method can have more than 100 % of the peak: it does with
      fewer multiplications than are counted. prepare is what a run of the warm-up spent on packing
      and transforming, on average; what each thread packs for itself is added up over threads, so
      that it can exceed min.

      An error over 2e-5 (winograd 2e-4, bfloat16 1e-2, int8 3e-2) makes "wrong":true, and the exit
      status is 70.

        peak      what the machine can do: operations and bytes a second (./peak is a file)
        check     gradients of all implementations against finite differences, on random shapes

      --summary reads what all this has written, peak, check and --profile too, and prints it as
      tables; --html makes a page of it, with charts and in words. Where an implementation had a part
      of a problem's pictures only, its time is multiplied. Results of different processors, threads
      or sizes are not compared, nor those that are wrong, and a line says so. A training is a line
        {"network","implementation","threads","samples","epoch_seconds"}
      and the line of lenet-infer --json after it says how well it learned.

      --plot draws the results under the roofs of the machine's peak and its memory; Winograd's method
      has a roof of its own, 5.4 times as high for windows of 3x3.

      EXAMPLES
        conv-bench --suite lenet --runs 20 --warmup 5 --implementations swap,gemm
        conv-bench --profile --runs 1 --implementations gemm --trace step.json --table
        conv-bench --suite classic --seconds 0.1 | conv-bench --summary --html page.html
        conv-bench --op conv2d --n 4 --c 8 --h 9 --w 9 --k 8 --r 3 --s 3 --seconds 0.1 | head -2

      SEE ALSO  conv2d, lenet-train

      CAVEATS
        Times are those of a machine that may do other things meanwhile: compare minima of one run.
        Large problems are checked on a sample of their elements, and direct is left out of them
        unless named.
      """,
    version: convoyVersion)

  @OptionGroup var problem: ProblemOptions
  @OptionGroup var runs: RunOptions

  @Flag(help: "Print the problems of --suite or --op, and measure nothing.")
  var list = false

  @Flag(help: "Where the time of a training step of LeNet goes, operator by operator.")
  var profile = false

  @Option(
    help: ArgumentHelp(
      "Also write a step of each --profile in time, as Perfetto opens it.", valueName: "file.json"))
  var trace: String?

  @Flag(help: "Read results, and print what they come to as tables.")
  var summary = false

  @Option(help: ArgumentHelp("Write --summary as a page too, with charts.", valueName: "file"))
  var html: String?

  @Flag(help: "Write a table, as on a terminal.")
  var table = false

  @Option(help: ArgumentHelp("Draw the results under the machine's roofs.", valueName: "file.svg"))
  var plot: String?

  @Option(
    help: ArgumentHelp("Results of others; \"ratio\" is their time to ours.", valueName: "file"))
  var compare: String?

  @Option(help: ArgumentHelp("Random shapes that check tries of each operator.", valueName: "n"))
  var shapes = 60

  @Option(help: ArgumentHelp("Decides the shapes and numbers of check.", valueName: "n"))
  var seed: UInt64 = 1

  @OptionGroup var streams: StreamOptions

  /// What is asked for beside measuring: one thing at most.
  private var modes: [String] {
    let word = streams.files.first.flatMap { ["peak", "check"].contains($0) ? $0 : nil }
    return [
      word, profile ? "--profile" : nil, list ? "--list" : nil, summary ? "--summary" : nil,
    ].compactMap { $0 }
  }

  func validate() throws {
    guard (1...100_000).contains(shapes) else {
      throw ValidationError("--shapes must be in 1...100000: \(shapes)")
    }
    let isGiven = try problem.problems() != nil
    guard !isGiven || streams.files.isEmpty else {
      throw ValidationError("--suite and --op leave nothing to read: \(streams.files[0])")
    }
    guard html == nil || summary else { throw ValidationError("--html needs --summary") }
    guard trace == nil || profile else { throw ValidationError("--trace needs --profile") }
    guard !list || isGiven else { throw ValidationError("--list needs --suite or --op") }
    if let mode = modes.first {
      var rest = Array(modes.dropFirst())
      if mode != "--summary" { rest += streams.files.filter { $0 != mode } }
      if isGiven, !list { rest.append("--suite or --op") }
      if plot != nil { rest.append("--plot") }
      if compare != nil { rest.append("--compare") }
      guard rest.isEmpty else { throw ValidationError("\(mode) goes by itself: \(rest[0])") }
    }
    let narrow =
      runs.precision != .float
      ? runs.precision.rawValue : runs.choice.named?.first(where: \.isNarrow)?.name
    if let narrow, let mode = modes.first, mode != "--list" {
      throw ValidationError("\(mode) is of floats: \(narrow)")
    }
    if plot != nil, runs.plan.runs == 0 {
      throw ValidationError("--plot needs times, and --runs 0 takes none")
    }
  }

  var writes: [WrittenPath] {
    [.file("--plot", plot), .file("--trace", trace), .file("--html", html)]
  }
  var reads: [String?] { [compare] }
  var showsProgress: Bool { true }

  var expects: String { summary ? "results (NDJSON)" : "problems (NDJSON)" }

  func run(_ input: ByteReader, _ output: ByteWriter) throws {
    try runs.requireMachine()
    let work = BenchWork(problem, runs.choice, asTable: table, quiet: streams.quiet)
    switch modes.first {
    case "peak": PeakReport(runs.workers).write(output, asTable: table)
    case "check":
      try work.check(
        shapes: shapes, seed: seed, on: Candidate.Setting.all(runs.workers), output)
    case "--profile":
      let trace = try trace.map { try StepTrace($0) }
      try StepProfile.write(
        runs.plan, runs.setting, runs.choice.implementations, output, trace: trace,
        asTable: table, quiet: streams.quiet)
      try trace?.finish()
    case "--list": try work.list(output)
    case "--summary": try summarise(input, output)
    default:
      try work.measure(
        runs.plan, on: runs.setting, input, output, beside: compare, plot: plot)
    }
  }

  private func summarise(_ input: ByteReader, _ output: ByteWriter) throws {
    var summary = ExperimentSummary()
    try input.ndjson { try summary.add($0) }
    guard summary.count > 0 else {
      throw Failure.badData(input.name, "there is no record to sum up")
    }
    if let html {
      let page = Array(ExperimentPage(summary).html.utf8)
      try page.withUnsafeBytes { try AtomicFile.write($0, to: html) }
    }
    for note in summary.notes { diagnose(note) }
    summary.write(output)
    try BenchWork.refuse(summary.wrong, of: summary.count, output)
  }
}
