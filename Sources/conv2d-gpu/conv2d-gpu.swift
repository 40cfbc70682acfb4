/// conv2d-gpu: the convolution as a filter of npy arrays, on a graphics card.
import ArgumentParser
import Convolving
import Devices
import Streams
import Tensor

@main
struct Conv2DGPU: Tool, ArrayReading, ArrayWriting {
  static let configuration = CommandConfiguration(
    commandName: "conv2d-gpu",
    abstract: "Convolve each array of an npy stream on a device of OpenCL, or take the gradients.",
    discussion: """
      Reads arrays [n, c, h, w], or [c, h, w], of 32-bit floats and writes an array [n, k, h', w'] for
      each, as conv2d does, computed on a device that OpenCL knows: a graphics card, or by PoCL the
      processor. Weights are [k, c / groups, r, s], or for conv1d [k, c / groups, s], which reads
      [n, c, w]. With --backward, a file of gradients of the outputs, it writes the gradients of input,
      weight and bias of each array instead, in this order. --method winograd takes 3x3 windows of stride
      and dilation 1, one group, padding to 2; auto takes whatever is best for the shape.

      Kernels are compiled at first use, some seconds, and kept in ~/.cache/convoy. On one device the
      same input gives the same bytes; other devices, and conv2d, round differently. CONVOY_OPENCL names
      a library to open in place of libOpenCL.so.1.

      EXAMPLES
        conv2d-gpu --list-devices
        conv2d-gpu --weight testdata/npy/conv-weight.npy --bias testdata/npy/conv-bias.npy \\
          testdata/npy/conv-x.npy > y.npy

      SEE ALSO  conv2d, conv-bench-gpu

      CAVEATS
        Every tensor must fit the device: less than 2^31 elements, and what it takes for one buffer.
        Inputs beyond 1e36 may overflow in winograd, not in gemm; a NaN spreads over a tile of outputs.
        It ends 69 where there is no OpenCL or no device, and says what to install.
      """,
    version: convoyVersion)

  @Option(help: ArgumentHelp("Weights, npy.", valueName: "file"), completion: .file())
  var weight: String?

  @Option(help: ArgumentHelp("Bias [k], npy (default: none).", valueName: "file"))
  var bias: String?

  @Option(help: ArgumentHelp("Gradients of the outputs, npy stream.", valueName: "file"))
  var backward: String?

  @OptionGroup var convolution: ConvolutionOptions
  @OptionGroup var devices: DeviceOptions
  @OptionGroup var streams: StreamOptions
  @OptionGroup var demand: SealedOption
  @OptionGroup var sealing: SealOption

  func validate() throws {
    guard devices.listDevices || weight != nil else {
      throw ValidationError("Missing expected argument '--weight <file>'")
    }
  }

  var reads: [String?] { [weight, bias, backward] }

  var expects: String { "tensors (npy)" }

  func run(_ input: ByteReader, _ output: ByteWriter) throws {
    guard !devices.listDevices, let weight else { return try devices.writeList(output) }
    let weights = try oneArray(weight)
    let filter: ConvolutionFilter
    do {
      let session = try devices.session()
      filter = try ConvolutionFilter(
        weight: weights, bias: try bias.map(oneArray), convolution.setting
      ) { shape in
        try HostedConvolution(shape, convolution.method, on: session)
      }
    } catch let error as FilterError {
      throw Failure.badData(error.isOfBias ? bias ?? weight : weight, error.description)
    }
    try filter.run(input, output, gradients: backward)
  }
}
