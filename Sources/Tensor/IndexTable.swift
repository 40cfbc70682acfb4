/// Integers at a fixed address: the tables that kernels read.
final class IndexTable: @unchecked Sendable {
  let start: UnsafeMutablePointer<Int>

  init(_ count: Int) {
    start = .allocate(capacity: max(1, count))
    start.initialize(repeating: 0, count: max(1, count))
  }

  convenience init(_ values: [Int]) {
    self.init(values.count)
    for (i, value) in values.enumerated() { start[i] = value }
  }

  deinit { start.deallocate() }
}
