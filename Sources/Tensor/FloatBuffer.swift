/// Floats at a fixed address, aligned to 64 bytes, with slack behind them that kernels may overrun.
///
/// Threads share it without locks: who writes which part is the caller's care.
public final class FloatBuffer: @unchecked Sendable {
  /// How many floats there are.
  public let count: Int
  /// The first of them.
  public let start: UnsafeMutablePointer<Float>
  private static let slack = 32

  /// Floats, all zero.
  public init(_ count: Int) {
    self.count = count
    let bytes = (count + Self.slack) * MemoryLayout<Float>.stride
    start = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
      .bindMemory(to: Float.self, capacity: count + Self.slack)
    start.initialize(repeating: 0, count: count + Self.slack)
  }

  deinit { UnsafeMutableRawPointer(start).deallocate() }

  /// The floats.
  public var values: UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: start, count: count)
  }

  /// Takes the floats of another buffer of the same size.
  public func copy(_ other: FloatBuffer) {
    precondition(count == other.count)
    start.update(from: other.start, count: count)
  }

  /// Makes all floats zero.
  public func clear() { start.update(repeating: 0, count: count) }
}
