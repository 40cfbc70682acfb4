/// conv2d: the convolution as a filter of npy arrays.
import ArgumentParser
import Convolving
import Streams
import Tensor

@main
struct Conv2D: Tool, ArrayReading, ArrayWriting {
  static let configuration = CommandConfiguration(
    commandName: "conv2d",
    abstract: "Convolve each array of an npy stream with weights, or take the gradients.",
    discussion: """
      Reads arrays [n, c, h, w], or [c, h, w], of 32-bit floats and writes an array [n, k, h', w']
      for each, as conv2d of PyTorch does (a cross-correlation). Weights are [k, c / groups, r, s];
      weights [k, c / groups, s] make it conv1d, which reads [n, c, w]. Each file holds one array.

      With --backward, a file of gradients of the outputs, one array for each input, it writes three
      arrays for each input instead, in this order: the gradients of input, weight and bias.

      EXAMPLES
        conv2d --weight testdata/npy/conv-weight.npy --bias testdata/npy/conv-bias.npy \\
          testdata/npy/conv-x.npy > y.npy
        conv2d --weight testdata/npy/conv-weight.npy --backward testdata/npy/conv-grad.npy \\
          --method direct testdata/npy/conv-x.npy > gradients.npy

      SEE ALSO  conv-bench

      CAVEATS
        NaN and infinities spread to what they are multiplied with; the methods differ in whether
        that includes the zeros of the padding, and winograd spreads them over a tile of outputs. Its
        sums are of larger numbers: inputs beyond 1e36 may overflow in it, not in gemm.
        --precision is of outputs: gradients are those of floats. CONVOY_CPU names an instruction set.
      """,
    version: convoyVersion)

  @Option(help: ArgumentHelp("Weights, npy.", valueName: "file"), completion: .file())
  var weight: String

  @Option(help: ArgumentHelp("Bias [k], npy (default: none).", valueName: "file"))
  var bias: String?

  @Option(help: ArgumentHelp("Gradients of the outputs, npy stream.", valueName: "file"))
  var backward: String?

  @OptionGroup var convolution: ConvolutionOptions

  @Option(
    help: "float, or by gemm bfloat16 or int8: what is multiplied; sums have 32 bits or more.")
  var precision = Precision.float

  @Option(help: ArgumentHelp("Threads (default: one for each core).", valueName: "n"))
  var threads: Int?

  @OptionGroup var streams: StreamOptions
  @OptionGroup var demand: SealedOption
  @OptionGroup var sealing: SealOption

  func validate() throws {
    guard precision == .float || [.auto, .gemm].contains(convolution.method) else {
      throw ValidationError(
        "--method must be gemm or auto for \(precision): \(convolution.method)")
    }
    guard (1...1024).contains(threads ?? 1) else {
      throw ValidationError("--threads must be in 1...1024: \(threads ?? 0)")
    }
  }

  var reads: [String?] { [weight, bias, backward] }

  var expects: String { "tensors (npy)" }

  func run(_ input: ByteReader, _ output: ByteWriter) throws {
    try precision.requireProcessor()
    let weights = try oneArray(weight)
    let filter: ConvolutionFilter
    do {
      var setting = convolution.setting
      setting.precision = precision
      filter = try ConvolutionFilter(
        weight: weights, bias: try bias.map(oneArray), setting,
        workers: Workers(threads ?? Workers.cores))
    } catch let error as FilterError {
      throw Failure.badData(error.isOfBias ? bias ?? weight : weight, error.description)
    }
    try filter.run(input, output, gradients: backward)
  }
}
