/// A function that runs on a device.
struct Kernel {
  let handle: OpaquePointer
  /// Its name in the source.
  let name: String
}

/// What a kernel is given.
enum KernelArgument {
  /// A buffer; nil where a kernel does not look at it.
  case buffer(DeviceBuffer?)
  /// A whole number.
  case int(Int)
  /// A floating number.
  case float(Float)
  /// Whole numbers side by side, as a struct.
  case numbers([Int32])

  /// Gives it to a kernel, as the argument of a number; OpenCL's code.
  func set(_ cl: OpenCL, _ kernel: OpaquePointer, _ index: UInt32) -> Int32 {
    switch self {
    case .buffer(let buffer):
      var handle = buffer?.handle
      return cl.setKernelArg(kernel, index, MemoryLayout<OpaquePointer?>.size, &handle)
    case .int(let value):
      var number = Int32(truncatingIfNeeded: value)
      return cl.setKernelArg(kernel, index, 4, &number)
    case .float(var value): return cl.setKernelArg(kernel, index, 4, &value)
    case .numbers(let list):
      return list.withUnsafeBytes { cl.setKernelArg(kernel, index, $0.count, $0.baseAddress) }
    }
  }
}
