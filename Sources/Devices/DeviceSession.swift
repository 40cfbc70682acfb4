import Mechanics
import Streams

/// A device in use: its queue, and the kernels that were built for it.
///
/// Calls go into one queue, which runs them in order. It belongs to one thread.
public final class DeviceSession {
  /// Which device it is.
  public let device: Device
  /// How matrices are cut into tiles on it.
  let tuning: KernelTuning
  let cl: OpenCL
  let context: OpaquePointer
  private let queue: OpaquePointer
  private let cache: KernelCache
  /// Programs by what they were built of, and their kernels by name.
  private var programs: [ProgramKey: OpaquePointer] = [:]
  private var kernels: [KernelKey: OpaquePointer] = [:]
  /// Events of the kernels of a run that is timed; nil where none is.
  private var events: [OpaquePointer]?
  /// Seconds that building kernels has taken so far, with reading those that were built before.
  public private(set) var buildSeconds = 0.0
  /// Programs that were compiled here, and that the cache had.
  public private(set) var compiled = 0, cached = 0

  private struct ProgramKey: Hashable {
    let sources: [KernelSource]
    let options: String
  }

  private struct KernelKey: Hashable {
    let program: ProgramKey
    let name: String
  }

  /// Opens a device; throws where it cannot be used, or is not there any more.
  public convenience init(_ device: Device) throws(DeviceError) {
    try self.init(device, KernelTuning(device))
  }

  /// Opens a device whose products are cut into tiles of that table.
  init(_ device: Device, _ tuning: KernelTuning) throws(DeviceError) {
    self.device = device
    cl = try OpenCL.library.get()
    self.tuning = tuning
    cache = KernelCache(device)
    // The first number says that a platform follows, as `cl.h` has it.
    let properties = [0x1084, Int(bitPattern: device.platformHandle), 0]
    var handles: [OpaquePointer?] = [device.handle]
    var code: Int32 = 0
    let context = cl.createContext(properties, 1, &handles, nil, nil, &code)
    try DeviceError.check(code, "clCreateContext")
    guard let context else { throw .call("clCreateContext", code) }
    let isProfiled: UInt64 = 2
    guard let queue = cl.createCommandQueue(context, device.handle, isProfiled, &code) else {
      _ = cl.releaseContext(context)
      throw .call("clCreateCommandQueue", code)
    }
    self.context = context
    self.queue = queue
    guard device.largestGroup >= tuning.leastGroup else {
      throw .unusable(
        device.name,
        "groups must have at least \(tuning.leastGroup) items: \(device.largestGroup)")
    }
  }

  deinit {
    _ = cl.finish(queue)
    for kernel in kernels.values { _ = cl.releaseKernel(kernel) }
    for program in programs.values { _ = cl.releaseProgram(program) }
    _ = cl.releaseQueue(queue)
    _ = cl.releaseContext(context)
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
    defer { buildSeconds += monotonicSeconds() - start }
    let text = key.sources.map(\.text).joined(separator: "\n")
    let entry = cache.entry(text, key.options)
    if let binary = entry?.read(), let program = load(binary) {
      cached += 1
      programs[key] = program
      return program
    }
    let program = try compile(text, key.options)
    compiled += 1
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

  /// Lets items run: so many in each direction, in groups of so many; the last groups may be too large.
  func run(
    _ kernel: Kernel, _ items: [Int], group: [Int], _ arguments: [KernelArgument]
  ) throws(DeviceError) {
    for (index, argument) in arguments.enumerated() {
      try DeviceError.check(
        argument.set(cl, kernel.handle, UInt32(index)), "clSetKernelArg of \(kernel.name)")
    }
    let whole = zip(items, group).map { ($0 + $1 - 1) / $1 * $1 }
    var event: OpaquePointer?
    let code = withUnsafeMutablePointer(to: &event) {
      cl.enqueueKernel(
        queue, kernel.handle, UInt32(items.count), nil, whole, group, 0, nil,
        events == nil ? nil : $0)
    }
    try DeviceError.check(code, "clEnqueueNDRangeKernel of \(kernel.name)")
    if let event { events?.append(event) }
  }

  /// Waits until everything is done.
  public func finish() throws(DeviceError) { try DeviceError.check(cl.finish(queue), "clFinish") }

  /// Gives every float of a buffer a value.
  func fill(_ buffer: DeviceBuffer, _ value: Float) throws(DeviceError) {
    let kernel = try kernel("fill", [.sums])
    try run(
      kernel, [buffer.count], group: [tuning.plainGroup],
      [.buffer(buffer), .int(buffer.count), .float(value)])
  }

  /// Copies memory into a buffer, and waits for it.
  func write(_ source: UnsafePointer<Float>, to buffer: DeviceBuffer) throws(DeviceError) {
    guard buffer.count > 0 else { return }
    try DeviceError.check(
      cl.enqueueWrite(
        queue, buffer.handle, 1, 0, 4 * buffer.count, UnsafeMutableRawPointer(mutating: source), 0,
        nil, nil), "clEnqueueWriteBuffer")
  }

  /// Copies numbers of a table into a buffer, and waits for it.
  func write(_ words: [Int32], to buffer: DeviceBuffer) throws(DeviceError) {
    let code = words.withUnsafeBytes {
      cl.enqueueWrite(
        queue, buffer.handle, 1, 0, $0.count, UnsafeMutableRawPointer(mutating: $0.baseAddress), 0,
        nil, nil)
    }
    try DeviceError.check(code, "clEnqueueWriteBuffer")
  }

  /// Copies a buffer into memory, and waits for it and for all that comes before.
  func read(_ buffer: DeviceBuffer, to target: UnsafeMutablePointer<Float>) throws(DeviceError) {
    guard buffer.count > 0 else { return }
    try DeviceError.check(
      cl.enqueueRead(queue, buffer.handle, 1, 0, 4 * buffer.count, target, 0, nil, nil),
      "clEnqueueReadBuffer")
  }

  /// Seconds of a run.
  public struct RunTime: Sendable {
    /// On the device, from the beginning of the first kernel to the end of the last.
    public var device = 0.0
    /// From the call to the end, as the caller sees it.
    public var wall = 0.0
    /// Kernels.
    public var kernels = 0
  }

  /// What a run takes, by the events of its kernels.
  public func timed(_ body: () throws -> Void) throws -> RunTime {
    events = []
    defer {
      for event in events ?? [] { _ = cl.releaseEvent(event) }
      events = nil
    }
    let start = monotonicSeconds()
    try body()
    try finish()
    var time = RunTime()
    time.wall = monotonicSeconds() - start
    let list = events ?? []
    time.kernels = list.count
    guard let first = list.first, let last = list.last else { return time }
    let (begin, end): (UInt32, UInt32) = (0x1282, 0x1283)
    guard let from = cl.number(cl.getEventProfilingInfo, first, begin),
      let to = cl.number(cl.getEventProfilingInfo, last, end)
    else { throw DeviceError.call("clGetEventProfilingInfo", -7) }
    time.device = Double(to - from) / 1e9
    return time
  }
}

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

  fileprivate func set(_ cl: OpenCL, _ kernel: OpaquePointer, _ index: UInt32) -> Int32 {
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
