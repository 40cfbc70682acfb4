import Mechanics

/// The kernels that were built for a device in use: compiled, or read from the cache.
final class BuiltKernels {
  private let device: Device
  private let cl: OpenCL
  private let context: OpaquePointer
  private let cache: KernelCache
  /// Programs by what they were built of, and their kernels by name.
  private var programs: [ProgramKey: OpaquePointer] = [:]
  private var kernels: [KernelKey: OpaquePointer] = [:]
  /// Seconds that building has taken so far.
  private(set) var seconds = 0.0

  private struct ProgramKey: Hashable {
    let sources: [KernelSource]
    let options: String
  }

  private struct KernelKey: Hashable {
    let program: ProgramKey
    let name: String
  }

  init(_ device: Device, _ cl: OpenCL, _ context: OpaquePointer) {
    self.device = device
    self.cl = cl
    self.context = context
    cache = KernelCache(device)
  }

  deinit {
    for kernel in kernels.values { _ = cl.releaseKernel(kernel) }
    for program in programs.values { _ = cl.releaseProgram(program) }
  }

  /// A kernel of sources that are compiled one behind the other with these definitions; built once.
  func kernel(
    _ name: String, _ sources: [KernelSource], _ definitions: [(name: String, value: Int)] = []
  ) throws(DeviceError) -> Kernel {
    let options = definitions.map { "-D \($0.name)=\($0.value)" }.joined(separator: " ")
    let program = ProgramKey(sources: [.numbers] + sources, options: options)
    let key = KernelKey(program: program, name: name)
    if let kernel = kernels[key] { return Kernel(handle: kernel, name: name) }
    let built = try self.program(program)
    var code: Int32 = 0
    let kernel = cl.createKernel(built, name, &code)
    try DeviceError.check(code, "clCreateKernel")
    guard let kernel else { throw .call("clCreateKernel", code) }
    kernels[key] = kernel
    return Kernel(handle: kernel, name: name)
  }

  private func program(_ key: ProgramKey) throws(DeviceError) -> OpaquePointer {
    if let program = programs[key] { return program }
    let start = monotonicSeconds()
    defer { seconds += monotonicSeconds() - start }
    let text = key.sources.map(\.text).joined(separator: "\n")
    let entry = cache.entry(text, key.options)
    if let binary = entry?.read(), let program = load(binary) {
      programs[key] = program
      return program
    }
    let program = try compile(text, key.options)
    programs[key] = program
    if let entry, let binary = binary(of: program) { entry.write(binary) }
    return program
  }

  /// A program out of what a driver made of it before; nil where the driver does not take it any more.
  private func load(_ binary: [UInt8]) -> OpaquePointer? {
    var handles: [OpaquePointer?] = [device.handle]
    let code = binary.withUnsafeBufferPointer { bytes -> OpaquePointer? in
      var (starts, sizes) = ([bytes.baseAddress], [bytes.count])
      var (status, code): (Int32, Int32) = (0, 0)
      let program = cl.createProgramWithBinary(
        context, 1, &handles, &sizes, &starts, &status, &code)
      return code == 0 && status == 0 ? program : nil
    }
    guard let program = code else { return nil }
    guard cl.buildProgram(program, 1, &handles, "", nil, nil) == 0 else {
      _ = cl.releaseProgram(program)
      return nil
    }
    return program
  }

  private func compile(_ text: String, _ options: String) throws(DeviceError) -> OpaquePointer {
    var handles: [OpaquePointer?] = [device.handle]
    var code: Int32 = 0
    let program = text.withCString { source in
      var (starts, sizes): ([UnsafePointer<CChar>?], [Int]) = ([source], [text.utf8.count])
      return cl.createProgramWithSource(context, 1, &starts, &sizes, &code)
    }
    try DeviceError.check(code, "clCreateProgramWithSource")
    guard let program else { throw .call("clCreateProgramWithSource", code) }
    let failed = cl.buildProgram(program, 1, &handles, "-cl-std=CL1.2 \(options)", nil, nil)
    guard failed != 0 else { return program }
    defer { _ = cl.releaseProgram(program) }
    guard failed == -11 else { throw .call("clBuildProgram", failed) }
    throw .build(device.name, buildLog(program))
  }

  /// The first line that says what is wrong.
  private func buildLog(_ program: OpaquePointer) -> String {
    let log: UInt32 = 0x1183
    var size = 0
    guard cl.getProgramBuildInfo(program, device.handle, log, 0, nil, &size) == 0, size > 0 else {
      return "its compiler does not say why"
    }
    var bytes = [UInt8](repeating: 0, count: size)
    _ = cl.getProgramBuildInfo(program, device.handle, log, size, &bytes, nil)
    let lines = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self).split(separator: "\n")
    let telling = lines.first { $0.contains("error") } ?? lines.first ?? ""
    return telling.isEmpty ? "its compiler does not say why" : String(telling)
  }

  private func binary(of program: OpaquePointer) -> [UInt8]? {
    let (sizes, binaries): (UInt32, UInt32) = (0x1165, 0x1166)
    var size = 0
    guard cl.getProgramInfo(program, sizes, MemoryLayout<Int>.size, &size, nil) == 0, size > 0
    else { return nil }
    var bytes = [UInt8](repeating: 0, count: size)
    let code = bytes.withUnsafeMutableBufferPointer { buffer in
      var starts = [buffer.baseAddress]
      return cl.getProgramInfo(program, binaries, MemoryLayout<Int>.size, &starts, nil)
    }
    return code == 0 ? bytes : nil
  }
}
