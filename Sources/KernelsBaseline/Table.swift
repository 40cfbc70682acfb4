import KernelTable

/// The kernels as they are compiled for this module's instruction set; the files of the folders beside
/// this one fill them in.
enum CompiledKernels: KernelTable {}

/// The kernels of this instruction set, which only a processor that has it can run.
public func table() -> any KernelTable.Type { CompiledKernels.self }
