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
    let wanted = (count + Self.slack) * MemoryLayout<Float>.stride
    let isLarge = wanted >= Self.hugePage / 2
    let alignment = isLarge ? Self.hugePage : Self.alignment
    let bytes = (wanted + alignment - 1) / alignment * alignment
    guard let memory = calloc(1, bytes + alignment) else { out_of_memory(bytes + alignment) }
    self.memory = memory
    let start = memory.alignedUp(toMultipleOf: alignment)
    if isLarge { Self.askForHugePages(start, bytes) }
    self.start = start.bindMemory(to: Float.self, capacity: count + Self.slack)
  }

  deinit { free(memory) }

  /// Bytes of a large page.
  private static let hugePage = 2 << 20

  /// Asks for pages of 2 MiB, where the system has them.
  ///
  /// A convolution reads a row here and a row there: with small pages much of its time is looking them
  /// up. Whether they are given changes no result.
  private static func askForHugePages(_ memory: UnsafeMutableRawPointer, _ bytes: Int) {
    #if os(Linux)
      _ = madvise(memory, bytes, MADV_HUGEPAGE)
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
