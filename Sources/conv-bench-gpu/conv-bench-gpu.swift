/// conv-bench-gpu: measures the tensor operators on a graphics card, and checks what they compute.
import ArgumentParser
import Benchmarking
import Devices
import Streams
import Tensor

@main
struct ConvBenchGPU: Tool {
  static let configuration = CommandConfiguration(
    commandName: "conv-bench-gpu",
    abstract: "Time convolutions and linear layers on a device of OpenCL.",
    usage: """
      conv-bench-gpu [OPTION...] [FILE...]
      conv-bench-gpu peak
      conv-bench-gpu check [--shapes N] [--seed N]
      conv-bench-gpu --list-devices
      """,
    discussion: """
      Reads the problems that conv-bench reads, or takes them from --op or --suite, and writes results
      like its own, with "device" in place of "cpu" and "threads". Tensors are copied to the device once
      and stay there; results are checked before anything is timed. Times in ms:

        min, median  of the device: from the beginning of a run's first kernel to the end of its last;
                     spread is from the first quartile to the third
        wall         the shortest, from the call to the end, as who calls sees it
        copy         what the problem is given, to the device
        build        compiling kernels, or reading those that were compiled before (~/.cache/convoy)
        first        the first run, in which some drivers compile too

      direct is plain loops, an item a number; gemm a matrix product by tiles that is never written out;
      winograd F(4x4, 3x3), for 3x3 windows of stride and dilation 1, one group and padding to 2, its
      gradient of the weights that of gemm; swap
      goes backward by two more forward convolutions; auto is winograd or gemm.

        peak      what the device can do: operations and bytes a second
        check     gradients of all implementations against finite differences, on random shapes

      An error over 2e-5 (winograd 2e-4) makes "wrong":true, and the exit status is 70.

      EXAMPLES
        conv-bench-gpu --list-devices
        conv-bench-gpu --op conv2d --n 2 --c 3 --h 9 --w 9 --k 4 --r 3 --s 3 --runs 3 --table

      SEE ALSO  conv-bench, conv2d-gpu

      CAVEATS
        By PoCL the device is the processor: kernels are right there, and slow. CONVOY_OPENCL names a
        library to open in place of libOpenCL.so.1. Without OpenCL or a device it ends 69.
      """,
    version: convoyVersion)

  @OptionGroup var problem: ProblemOptions

  @Option(
    help: ArgumentHelp(
      "Of direct, swap, gemm, winograd, auto (default: all that can; direct up to 4 GFLOP).",
      valueName: "a,b,..."))
  var implementations: String?

  @OptionGroup var length: PlanOptions
  @OptionGroup var devices: DeviceOptions

  @Flag(help: "Print the problems of --suite or --op, and measure nothing.")
  var list = false

  @Flag(help: "Write a table, as on a terminal.")
  var table = false

  @Option(help: ArgumentHelp("Draw the results under the device's roofs.", valueName: "file.svg"))
  var plot: String?

  @Option(
    help: ArgumentHelp("Results of others; \"ratio\" is their time to ours.", valueName: "file"))
  var compare: String?

  @Option(help: ArgumentHelp("Random shapes that check tries of each operator.", valueName: "n"))
  var shapes = 60

  @Option(help: ArgumentHelp("Decides the shapes and numbers of check.", valueName: "n"))
  var seed: UInt64 = 1

  @OptionGroup var streams: StreamOptions

  private var choice: ImplementationChoice { ImplementationChoice(implementations) }

  /// What is asked for beside measuring: one thing at most.
  private var modes: [String] {
    let word = streams.files.first.flatMap { ["peak", "check"].contains($0) ? $0 : nil }
    return [word, devices.listDevices ? "--list-devices" : nil, list ? "--list" : nil]
      .compactMap { $0 }
  }

  func validate() throws {
    if let implementations {
      let names = Implementation.all.map(\.name).joined(separator: ", ")
      guard let named = choice.named, !named.contains(where: \.isNarrow) else {
        throw ValidationError(
          "--implementations must be some of \(names), each once: '\(implementations)'")
      }
    }
    guard (1...100_000).contains(shapes) else {
      throw ValidationError("--shapes must be in 1...100000: \(shapes)")
    }
    let isGiven = try problem.problems() != nil
    guard !isGiven || streams.files.isEmpty else {
      throw ValidationError("--suite and --op leave nothing to read: \(streams.files[0])")
    }
    guard !list || isGiven else { throw ValidationError("--list needs --suite or --op") }
    if let mode = modes.first {
      var rest = modes.dropFirst() + streams.files.filter { $0 != mode }
      if isGiven, !list { rest.append("--suite or --op") }
      if plot != nil { rest.append("--plot") }
      if compare != nil { rest.append("--compare") }
      guard rest.isEmpty else { throw ValidationError("\(mode) goes by itself: \(rest[0])") }
    }
    if plot != nil, length.plan.runs == 0 {
      throw ValidationError("--plot needs times, and --runs 0 takes none")
    }
  }

  var writes: [WrittenPath] { [.file("--plot", plot)] }
  var reads: [String?] { [compare] }
  var showsProgress: Bool { true }

  var expects: String { "problems (NDJSON)" }

  func run(_ input: ByteReader, _ output: ByteWriter) throws {
    let work = BenchWork(problem, choice, asTable: table, quiet: streams.quiet)
    switch modes.first {
    case "--list-devices": try devices.writeList(output)
    case "--list": try work.list(output)
    case "peak":
      try DevicePeakReport(DevicePeak(devices.session())).write(output, asTable: table)
    case "check":
      try work.check(
        shapes: shapes, seed: seed, on: [DeviceEngine(devices.session())], output)
    default:
      try work.measure(
        length.plan, on: DeviceEngine(devices.session()), input, output, beside: compare,
        plot: plot)
    }
  }
}
