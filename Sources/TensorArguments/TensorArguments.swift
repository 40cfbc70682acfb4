import ArgumentParser
import Tensor

// How the operators' settings are given on the command lines of conv-bench, conv2d and the tools of
// networks.

extension PerAxis: ExpressibleByArgument {
  /// Reads `N` or `RxC`.
  public init?(argument: String) { self.init(argument) }

  /// As it is read.
  public var defaultValueDescription: String { rows == columns ? "\(rows)" : "\(rows)x\(columns)" }
}

extension ConvolutionMethod: ExpressibleByArgument {}
extension LinearMethod: ExpressibleByArgument {}
