import ArgumentParser
import Convolving
import Tensor
import TensorArguments

/// The options that say which convolution it is, beside its weights.
struct ConvolutionOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Pixels from window to window.", valueName: "n|rxc"))
  var stride: PerAxis = 1

  @Option(help: ArgumentHelp("Zeros put around the input.", valueName: "n|rxc"))
  var padding: PerAxis = 0

  @Option(help: ArgumentHelp("Pixels from one of the kernel's to the next.", valueName: "n|rxc"))
  var dilation: PerAxis = 1

  @Option(help: ArgumentHelp("Groups of channels, each convolved by itself.", valueName: "n"))
  var groups = 1

  @Option(help: "direct, swap, gemm, winograd or auto: how it is computed.")
  var method = ConvolutionMethod.auto

  @Option(
    help: "float, or by gemm bfloat16 or int8: what is multiplied; sums have 32 bits or more.")
  var precision = Precision.float

  /// Options as given on the command line.
  init() {}

  /// Refuses what no convolution has.
  func validate() throws {
    guard precision == .float || [.auto, .gemm].contains(method) else {
      throw ValidationError("--method must be gemm or auto for \(precision): \(method)")
    }
    for (name, value) in [("--stride", stride), ("--dilation", dilation)] {
      guard (1...1 << 24).contains(value.rows), (1...1 << 24).contains(value.columns) else {
        throw ValidationError("\(name) must be in 1...16777216: \(value.defaultValueDescription)")
      }
    }
    guard (0...1 << 24).contains(padding.rows), (0...1 << 24).contains(padding.columns) else {
      throw ValidationError(
        "--padding must be in 0...16777216: \(padding.defaultValueDescription)")
    }
    guard (1...1 << 24).contains(groups) else {
      throw ValidationError("--groups must be in 1...16777216: \(groups)")
    }
  }

  /// The setting of a filter.
  var setting: ConvolutionFilter.Setting {
    var setting = ConvolutionFilter.Setting()
    setting.stride = stride
    setting.padding = padding
    setting.dilation = dilation
    setting.groups = groups
    setting.method = method
    setting.precision = precision
    return setting
  }
}
