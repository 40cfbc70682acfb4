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
  private let built: BuiltKernels
  /// Events of the kernels of a run that is timed; nil where none is.
  private var events: [OpaquePointer]?

  /// Opens a device; throws where it cannot be used, or is not there any more.
  public convenience init(_ device: Device) throws(DeviceError) {
    try self.init(device, KernelTuning(device))
  }

  /// Opens a device whose products are cut into tiles of that table.
  init(_ device: Device, _ tuning: KernelTuning) throws(DeviceError) {
    self.device = device
    cl = try OpenCL.library.get()
    self.tuning = tuning
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
    built = BuiltKernels(device, cl, context)
    guard device.largestGroup >= tuning.leastGroup else {
      throw .unusable(
        device.name,
        "groups must have at least \(tuning.leastGroup) items: \(device.largestGroup)")
    }
  }

  deinit {
    _ = cl.finish(queue)
    _ = cl.releaseQueue(queue)
    _ = cl.releaseContext(context)
  }

  /// A kernel of sources that are compiled one behind the other with these definitions; built once.
  func kernel(
    _ name: String, _ sources: [KernelSource], _ definitions: [(name: String, value: Int)] = []
  ) throws(DeviceError) -> Kernel {
    try built.kernel(name, sources, definitions)
  }

  /// Seconds that building kernels has taken so far, with reading those that were built before.
  public var buildSeconds: Double { built.seconds }

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
