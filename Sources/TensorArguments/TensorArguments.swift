import ArgumentParser
import InstructionSets
import Streams
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
extension Precision: ExpressibleByArgument {}

extension Precision {
  /// Refuses numbers that this processor, or what `CONVOY_CPU` leaves of it, does not multiply: 69.
  public func requireProcessor() throws {
    guard !isUsable else { return }
    throw Failure(
      .unavailable,
      "\(rawValue) needs \(instructions), which this processor or CONVOY_CPU has not: \(CPU.current)"
    )
  }
}
