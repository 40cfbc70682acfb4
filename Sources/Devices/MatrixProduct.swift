/// `result[m, n] = Σ a[m, k] · b[k, n] (+ bias[n])` of matrices in the device's memory, one or many alike.
final class MatrixProduct {
  /// How a side lies in memory: whether depth is what runs along neighbours, and the floats from one run
  /// to the next, and from one matrix to the next.
  struct Side {
    var isAlongDepth: Bool
    var step: Int
    var matrix = 0
  }

  private let session: DeviceSession
  private let kernel: Kernel
  private let tile: KernelTuning.Tile
  private let rows, columns, depth, matrices: Int
  private let left, right: Side
  private let parts: (count: Int, depth: Int)
  private let sums: PartSums

  init(
    rows: Int, columns: Int, depth: Int, matrices: Int = 1, left: Side, right: Side,
    _ session: DeviceSession
  ) throws(DeviceError) {
    (self.rows, self.columns, self.depth) = (rows, columns, depth)
    (self.matrices, self.left, self.right) = (matrices, left, right)
    self.session = session
    tile = session.tuning.tile(rows: rows, columns: columns, products: matrices)
    kernel = try session.kernel(
      "matrix", [.matrix, .tile],
      tile.definitions + [
        ("LEFT_ALONG_DEPTH", left.isAlongDepth ? 1 : 0),
        ("RIGHT_ALONG_DEPTH", right.isAlongDepth ? 1 : 0),
      ])
    let groups = tile.groups(rows: rows, columns: columns, products: matrices)
    parts = session.tuning.parts(
      depth: depth, groups: groups[0] / tile.items * groups[1] * groups[2])
    sums = try PartSums(
      parts: parts.count, count: matrices * rows * columns, columns: columns, session)
  }

  /// Multiplies.
  func run(
    _ a: DeviceBuffer, _ b: DeviceBuffer, _ bias: DeviceBuffer?, _ result: DeviceBuffer
  ) throws(DeviceError) {
    let whole = parts.count == 1 ? bias : nil
    try session.run(
      kernel, tile.groups(rows: rows, columns: columns, products: matrices * parts.count),
      group: [tile.items, 1, 1],
      [.buffer(a), .buffer(b), .buffer(whole), .buffer(sums.target(result))]
        + [
          rows, columns, depth, parts.depth, matrices, left.matrix, left.step, right.matrix,
          right.step, whole == nil ? 0 : 1,
        ].map(KernelArgument.int))
    try sums.run(bias, result)
  }
}
