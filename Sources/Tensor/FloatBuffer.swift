import OutOfMemory

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Floats at a fixed address, aligned to 64 bytes, with slack behind them that kernels may overrun.
///
/// Threads share it without locks; the caller sees to it that no two write the same part. Memory that is
/// never touched costs nothing, since the system hands out zeros page by page: so inference does not
/// pay for what a convolution reserves for its backward pass.
public final class FloatBuffer: @unchecked Sendable {
  /// How many floats there are.
  public let count: Int
  /// The first of them.
  public let start: UnsafeMutablePointer<Float>
  private let memory: UnsafeMutableRawPointer
  private static let slack = 32
  private static let alignment = 64

  /// Floats, all zero.
  public init(_ count: Int) {
    self.count = count
    let bytes = (count + Self.slack) * MemoryLayout<Float>.stride + Self.alignment
    guard let memory = calloc(1, bytes) else { out_of_memory(bytes) }
    self.memory = memory
    Self.askForHugePages(memory, bytes)
    start = memory.alignedUp(toMultipleOf: Self.alignment)
      .bindMemory(to: Float.self, capacity: count + Self.slack)
  }

  deinit { free(memory) }

  /// Asks for pages of 2 MiB, where the system has them.
  ///
  /// A convolution reads a row here and a row there: with small pages much of its time is looking them
  /// up. Whether they are given changes no result.
  private static func askForHugePages(_ memory: UnsafeMutableRawPointer, _ bytes: Int) {
    #if os(Linux)
      let page = 1 << 21
      guard bytes >= 2 * page else { return }
      let first = memory.alignedUp(toMultipleOf: page)
      let last = (memory + bytes).alignedDown(toMultipleOf: page)
      _ = madvise(first, last - first, MADV_HUGEPAGE)
    #endif
  }

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
