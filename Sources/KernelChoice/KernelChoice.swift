import InstructionSets
import KernelTable
import KernelsAVX2
import KernelsAVX512
import KernelsBaseline

/// The kernels of one instruction set.
public typealias Kernels = any KernelTable.Type

extension CPU {
  /// The kernels compiled for it, which the processor must have.
  public var kernels: Kernels {
    switch self {
    case .baseline: KernelsBaseline.table()
    case .avx2: KernelsAVX2.table()
    case .avx512: KernelsAVX512.table()
    }
  }
}
