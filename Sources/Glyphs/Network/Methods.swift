import ArgumentParser
import Tensor
import TensorArguments

/// How the layers that cost most are computed.
public struct Methods: Equatable, Sendable {
  /// How convolutions are computed; where a layer cannot be done that way, it is done as by `auto`.
  public var convolution = ConvolutionMethod.auto
  /// How fully connected layers are computed.
  public var linear = LinearMethod.gemm

  /// The fastest of each, or others.
  public init(convolution: ConvolutionMethod = .auto, linear: LinearMethod = .gemm) {
    self.convolution = convolution
    self.linear = linear
  }
}

/// The options that name methods.
public struct MethodOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      How convolutions are computed: by loops, by swap's three convolutions, as a matrix product, by \
      Winograd's filtering or the fastest of them. A layer that cannot be done so (winograd is for \
      2×2 to 5×5) is done as by auto.
      """, valueName: "method"))
  var conv = ConvolutionMethod.auto

  @Option(
    help: ArgumentHelp(
      "How fully connected layers are computed: by loops, or as a matrix product.",
      valueName: "method"))
  var linear = LinearMethod.gemm

  /// Options as given on the command line.
  public init() {}

  /// The methods that the options name.
  public var methods: Methods { Methods(convolution: conv, linear: linear) }
}
