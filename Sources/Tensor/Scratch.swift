/// Work space of one thread, kept from call to call: in a hot loop nothing is allocated.
///
/// A call takes pieces with `take`; they are valid until the next `reset`.
public final class Scratch {
  private var blocks: [UnsafeMutableRawBufferPointer] = []
  private var used = 0
  private var wanted = 0

  /// Empty work space.
  public init() {}

  deinit { for block in blocks { block.deallocate() } }

  /// Forgets all pieces; blocks that turned out too small become one that is large enough.
  func reset() {
    if blocks.count > 1 || (blocks.first?.count ?? 0) < wanted {
      for block in blocks { block.deallocate() }
      blocks = [.allocate(byteCount: wanted, alignment: 64)]
    }
    (used, wanted) = (0, 0)
  }

  /// A piece for `count` elements, aligned to 64 bytes, its content undefined.
  func take<Element: BitwiseCopyable>(
    _ count: Int, of type: Element.Type = Float.self
  ) -> UnsafeMutablePointer<Element> {
    let bytes = (count * MemoryLayout<Element>.stride + 63) & ~63
    wanted += bytes
    if blocks.count != 1 || used + bytes > blocks[0].count {
      let block = UnsafeMutableRawBufferPointer.allocate(byteCount: max(bytes, 64), alignment: 64)
      // The first block stays first, since `used` counts in it.
      if blocks.isEmpty { used = bytes }
      blocks.append(block)
      return block.baseAddress.unsafelyUnwrapped.bindMemory(to: type, capacity: count)
    }
    let start = blocks[0].baseAddress.unsafelyUnwrapped + used
    used += bytes
    return start.bindMemory(to: type, capacity: count)
  }
}
