import Benchmarking
import Mechanics

/// The most that a device does: chains of multiplications and additions in registers, and a triad in its
/// memory.
public final class DevicePeak: Peak {
  /// The device's name.
  public var name: String { session.device.name }
  /// 10⁹ multiplications and additions a second.
  public private(set) var gflops = 0.0
  /// Bytes a second of a triad in its memory, in 10⁹.
  public private(set) var memory = 0.0
  /// Caches of devices are not measured.
  public var cacheRate: Double? { nil }
  private let session: DeviceSession

  /// Nothing measured yet.
  public init(_ session: DeviceSession) { self.session = session }

  /// Operations of a turn of the kernel's chains: eight of four numbers each.
  private static let operationsOfTurn = 64.0

  /// Measures the operations for some time.
  public func measureOperations(seconds: Double = 0.3) throws {
    let kernel = try session.kernel("chain", [.peak])
    let group = session.tuning.plainGroup
    let (items, turns) = (session.device.units * 8 * group, 4096)
    let values = try DeviceBuffer(items, of: session, as: "the ends of chains")
    try attempt(seconds) {
      try session.run(
        kernel, [items], group: [group], [.buffer(values), .int(turns), .float(0.999)])
    } rate: {
      gflops = max(gflops, Double(items * turns) * Self.operationsOfTurn / $0 / 1e9)
    }
  }

  /// Measures the bytes for some time.
  public func measureBandwidth(seconds: Double = 0.5) throws {
    let kernel = try session.kernel("triad", [.peak])
    let most = min(session.device.largestBuffer, session.device.memory / 8, 256 << 20)
    let count = most / 16 * 4
    var buffers: [DeviceBuffer] = []
    for _ in 0..<3 {
      let buffer = try DeviceBuffer(count, of: session, as: "an array of the triad")
      // Memory that nobody has written may not be there yet.
      try session.fill(buffer, 1)
      buffers.append(buffer)
    }
    let group = session.tuning.plainGroup
    try attempt(seconds) {
      try session.run(
        kernel, [count / 4], group: [group],
        buffers.map(KernelArgument.buffer) + [.float(0.5), .int(count / 4)])
    } rate: {
      memory = max(memory, Double(12 * count) / $0 / 1e9)
    }
  }

  private func attempt(
    _ seconds: Double, _ body: () throws -> Void, rate: (Double) -> Void
  ) throws {
    let end = monotonicSeconds() + seconds
    repeat {
      rate(try session.timed(body).device)
    } while monotonicSeconds() < end
  }
}
