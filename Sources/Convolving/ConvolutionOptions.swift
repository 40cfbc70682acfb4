import ArgumentParser
import Tensor
import TensorArguments

/// The options that say which convolution it is, beside its weights.
public struct ConvolutionOptions: ParsableArguments {
  /// Pixels from window to window.
  @Option(help: ArgumentHelp("Pixels from window to window.", valueName: "n|rxc"))
  public var stride: PerAxis = 1

  /// Zeros put around the input.
  @Option(help: ArgumentHelp("Zeros put around the input.", valueName: "n|rxc"))
  public var padding: PerAxis = 0

  /// Pixels from one element of the window to the next.
  @Option(help: ArgumentHelp("Pixels from one of the kernel's to the next.", valueName: "n|rxc"))
  public var dilation: PerAxis = 1

  /// Groups of channels.
  @Option(help: ArgumentHelp("Groups of channels, each convolved by itself.", valueName: "n"))
  public var groups = 1

  /// How it is computed.
  @Option(help: "direct, swap, gemm, winograd or auto: how it is computed.")
  public var method = ConvolutionMethod.auto

  /// Options as given on the command line.
  public init() {}

  /// Refuses what no convolution has.
  public func validate() throws {
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
  public var setting: ConvolutionFilter.Setting {
    var setting = ConvolutionFilter.Setting()
    setting.stride = stride
    setting.padding = padding
    setting.dilation = dilation
    setting.groups = groups
    setting.method = method
    return setting
  }
}
