import Tensor

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Rows of numbers in memory, those of one instrument one behind the other.
///
/// So a window is a stretch of memory, but where a block ends. Blocks lie in large pages: of windows that are
/// read in random order, each would miss the translation of its address otherwise.
final class InstrumentRows {
  /// Where the rows of an instrument go on.
  struct End {
    fileprivate var next: UnsafeMutablePointer<Float>
    fileprivate var left: Int
  }

  let inputs: Int
  private var slabs: [FloatBuffer] = []
  private var unused = 0
  private static let blockRows = 128
  private let slabBlocks: Int

  /// A store of rows of `inputs` numbers.
  init(inputs: Int) {
    self.inputs = inputs
    // 32 MiB, so that hardly any of it is lost to the edges of pages of 2.
    slabBlocks = max(1, (8 << 20) / (Self.blockRows * inputs))
  }

  /// Adds a row behind the last one of its instrument; nil is one that has none yet.
  func add(_ row: UnsafePointer<Float>, _ end: inout End?) -> UnsafePointer<Float> {
    if end == nil || end?.left == 0 { end = newBlock() }
    guard let there = end?.next else { return row }
    there.update(from: row, count: inputs)
    end?.next += inputs
    end?.left -= 1
    return UnsafePointer(there)
  }

  private func newBlock() -> End {
    let floats = Self.blockRows * inputs
    if unused == 0 {
      let slab = FloatBuffer(slabBlocks * floats)
      #if canImport(Glibc)
        let large = 2 << 20
        let start = UnsafeMutableRawPointer(slab.start).alignedUp(toMultipleOf: large)
        let end = UnsafeMutableRawPointer(slab.start + slab.count)
        if end - start >= large { madvise(start, (end - start) / large * large, MADV_HUGEPAGE) }
      #endif
      slabs.append(slab)
      unused = slabBlocks
    }
    unused -= 1
    let slab = slabs[slabs.count - 1]
    return End(next: slab.start + unused * floats, left: Self.blockRows)
  }
}
