/// Floats, or whole numbers of 32 bits, in the memory of a device.
public final class DeviceBuffer {
  /// How many there are.
  public let count: Int
  let handle: OpaquePointer
  private let cl: OpenCL

  /// Room for so many; what is in it is not known.
  ///
  /// Throws where the device has none left, and where one
  /// tensor may not be as large.
  public init(_ count: Int, of session: DeviceSession, as name: String) throws(DeviceError) {
    self.count = count
    cl = session.cl
    let bytes = 4 * Double(max(1, count))
    // Kernels count in 31 bits, up to the end of the last group.
    let most = min(Double(session.device.largestBuffer), 4 * Double(0x7fff_0000))
    guard bytes <= most else { throw .tooLarge(name, bytes, most) }
    var code: Int32 = 0
    let handle = cl.createBuffer(session.context, 1, 4 * max(1, count), nil, &code)
    try DeviceError.check(code, "clCreateBuffer", bytes: 4 * max(1, count))
    guard let handle else { throw .call("clCreateBuffer", code) }
    self.handle = handle
  }

  deinit { _ = cl.releaseBuffer(handle) }
}
