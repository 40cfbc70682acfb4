import Streams

/// What can go wrong between here and a device.
public enum DeviceError: EndingError, CustomStringConvertible, Equatable {
  /// The library is not there.
  case noLibrary(String)
  /// What CONVOY_OPENCL names cannot be opened: it, and why.
  case namedLibrary(String, String)
  /// A library lacks a function, so that it is none of OpenCL 1.2.
  case noFunction(String, String)
  /// The library is there, and none of its platforms has a device.
  case noDevice([String])
  /// None of the devices is the one that is asked for.
  case unknownDevice(String, [String])
  /// More than one is.
  case ambiguousDevice(String, [String])
  /// A device that cannot be used, and what it lacks.
  case unusable(String, String)
  /// The kernels do not compile: the device, and the first line of what its compiler says.
  case build(String, String)
  /// A tensor is larger than what the device can hold: what, its bytes, and the most there may be.
  case tooLarge(String, Double, Double)
  /// The device has no memory left for that many bytes.
  case memory(Int, Int32)
  /// A call failed, with a code of OpenCL.
  case call(String, Int32)

  /// The rule, then the value.
  public var description: String {
    switch self {
    case .noLibrary(let name):
      "OpenCL must be installed: there is no \(name) (Debian: ocl-icd-libopencl1 and the card's "
        + "driver, or pocl-opencl-icd for the processor)"
    case .namedLibrary(let name, let reason):
      "CONVOY_OPENCL must name a library of OpenCL: '\(name)': \(reason)"
    case .noFunction(let function, let place): "\(place) must be OpenCL 1.2: it has no \(function)"
    case .noDevice(let platforms) where !platforms.isEmpty:
      "OpenCL must have a device: none for \(platforms.joined(separator: ", ")) (is the card there, and "
        + "may you use it? PoCL needs a folder to write, POCL_CACHE_DIR)"
    case .noDevice:
      "OpenCL must have a device: install the card's driver (Debian: nvidia-opencl-icd, "
        + "mesa-opencl-icd, intel-opencl-icd), or pocl-opencl-icd for the processor"
        + (Environment.variable("OCL_ICD_VENDORS").map { "; OCL_ICD_VENDORS is set: '\($0)'" } ?? "")
    case .unknownDevice(let name, let devices):
      "--device must be gpu, cpu or one of \(Self.list(devices)), and be there: '\(name)'"
    case .ambiguousDevice(let name, let devices):
      "--device must name one device: '\(name)' is in the names of \(Self.list(devices))"
    case .unusable(let name, let reason): "device \(name) cannot be used: \(reason)"
    case .build(let device, let line): "the kernels do not compile for \(device): \(line)"
    case .tooLarge(let what, let bytes, let most):
      "\(what) must fit the device, which takes \(memoryText(most)) at once: \(memoryText(bytes))"
    case .memory(let bytes, let code):
      "the device has no memory for \(memoryText(Double(bytes))) more (\(openCLName(code)))"
    case .call(let function, let code): "\(function) failed: \(openCLName(code))"
    }
  }

  private static func list(_ devices: [String]) -> String {
    devices.enumerated().map { "\($0) (\($1))" }.joined(separator: ", ")
  }

  /// As a tool ends by it; a tensor that is too large is an error in the input.
  public var failure: Failure? {
    switch self {
    case .noLibrary, .namedLibrary, .noFunction, .noDevice, .unusable:
      Failure(.unavailable, description)
    case .unknownDevice, .ambiguousDevice: Failure(.usage, description)
    case .build, .memory: Failure(.internal, description)
    case .call: Failure(.inputOutput, description)
    case .tooLarge: nil
    }
  }

  /// Throws what a code means, for a call that gave it.
  static func check(_ code: Int32, _ function: String, bytes: Int = 0) throws(DeviceError) {
    guard code != 0 else { return }
    // Out of memory: of the buffer, of the device, of the host. Other calls run out of other resources.
    throw bytes > 0 && [-4, -5, -6].contains(code) ? .memory(bytes, code) : .call(function, code)
  }
}

/// `12.5 GiB`, or in a smaller unit where that is too large to tell.
private func memoryText(_ bytes: Double) -> String {
  let (unit, name) =
    bytes < 0x1p20 ? (0x1p10, "KiB") : bytes < 0x1p30 ? (0x1p20, "MiB") : (0x1p30, "GiB")
  return "\((bytes / unit * 10).rounded() / 10) \(name)"
}

/// OpenCL's name of an error code.
///
/// Source: `cl.h` of OpenCL 1.2, and -1001 of the loader.
func openCLName(_ code: Int32) -> String {
  let names: [Int32: String] = [
    -1: "DEVICE_NOT_FOUND", -2: "DEVICE_NOT_AVAILABLE", -3: "COMPILER_NOT_AVAILABLE",
    -4: "MEM_OBJECT_ALLOCATION_FAILURE", -5: "OUT_OF_RESOURCES", -6: "OUT_OF_HOST_MEMORY",
    -7: "PROFILING_INFO_NOT_AVAILABLE", -8: "MEM_COPY_OVERLAP", -11: "BUILD_PROGRAM_FAILURE",
    -12: "MAP_FAILURE", -14: "EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST",
    -15: "COMPILE_PROGRAM_FAILURE", -16: "LINKER_NOT_AVAILABLE", -17: "LINK_PROGRAM_FAILURE",
    -30: "INVALID_VALUE", -31: "INVALID_DEVICE_TYPE", -32: "INVALID_PLATFORM",
    -33: "INVALID_DEVICE", -34: "INVALID_CONTEXT", -35: "INVALID_QUEUE_PROPERTIES",
    -36: "INVALID_COMMAND_QUEUE", -38: "INVALID_MEM_OBJECT", -42: "INVALID_BINARY",
    -43: "INVALID_BUILD_OPTIONS", -44: "INVALID_PROGRAM", -45: "INVALID_PROGRAM_EXECUTABLE",
    -46: "INVALID_KERNEL_NAME", -47: "INVALID_KERNEL_DEFINITION", -48: "INVALID_KERNEL",
    -49: "INVALID_ARG_INDEX", -50: "INVALID_ARG_VALUE", -51: "INVALID_ARG_SIZE",
    -52: "INVALID_KERNEL_ARGS", -53: "INVALID_WORK_DIMENSION", -54: "INVALID_WORK_GROUP_SIZE",
    -55: "INVALID_WORK_ITEM_SIZE", -57: "INVALID_EVENT_WAIT_LIST", -58: "INVALID_EVENT",
    -59: "INVALID_OPERATION", -61: "INVALID_BUFFER_SIZE", -63: "INVALID_GLOBAL_WORK_SIZE",
    -1001: "PLATFORM_NOT_FOUND_KHR",
  ]
  return names[code].map { "CL_\($0)" } ?? "OpenCL's error \(code)"
}
