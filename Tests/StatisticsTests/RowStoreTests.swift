import Testing

@testable import Statistics

/// Rows come back as they were added, wherever a piece ends, out of memory and out of a file.
@Suite struct RowStoreTests {
  @Test(
    "as many rows as were added, in their order",
    arguments: [0, 4096, 1 << 30], [0, 1, 2, 15, 16, 17, 32, 33, 84, 85, 86, 1000])
  func order(limit: Int, count: Int) throws {
    let store = RowStore(columns: 3, limit: limit)
    // Of rows that stand four numbers apart, three are kept.
    let numbers = (0..<4 * count).map(Float.init)
    var added = 0
    for size in [1, 7, 30, 1000] where added < count {
      let size = min(size, count - added)
      try numbers.withUnsafeBufferPointer { numbers in
        guard let start = numbers.baseAddress else { return }
        try store.add(start + 4 * added, size, stride: 4)
      }
      added += size
    }
    #expect(store.rows == count)
    #expect(store.isSpooled == (limit == 0 && count >= 16 || limit == 4096 && count >= 1000))
    for _ in 0..<2 {
      var read: [Float] = []
      try store.walk { numbers, rows in
        read += UnsafeBufferPointer(start: numbers, count: 3 * rows)
      }
      #expect(read == numbers.enumerated().filter { $0.offset % 4 != 3 }.map(\.element))
    }
  }
}
