import KernelChoice

/// The output of a fully connected layer of a few rows, which its weights are read once for.
///
/// output = input · weightᵀ + bias. Rows of the input meet rows of weights where they are: for so few products
/// it does not pay to turn the weights.
final class FewRowsProduct {
  private let shape: LinearShape
  private let workers: Workers
  private let kernels: Kernels
  private let lanes: [Lane]
  /// Where the rows of the input start, the last one again up to whole tiles.
  private let inputRows: IndexTable
  /// Tiles of the input's rows.
  private let groups: Int

  /// Depths after which other weights are read: so far along their rows memory is fast, and the input's stay
  /// in the second-level cache.
  private static let chunk = 2048
  /// Tiles of outputs that take turns with each other on a chunk of depths.
  private static let tilesAtOnce = 8

  /// Work space of one thread: where rows of weights start, and the sums of their tiles.
  private final class Lane {
    let sums, totals: FloatBuffer
    let rows: IndexTable

    init(_ kernels: Kernels, sums: Int) {
      let area = kernels.dotRowsA * kernels.dotRowsB
      self.sums = FloatBuffer(sums * area * kernels.slot)
      totals = FloatBuffer(sums * area)
      rows = IndexTable(kernels.dotRowsB)
    }
  }

  /// A product of that shape.
  init(_ shape: LinearShape, workers: Workers, kernels: Kernels) {
    (self.shape, self.workers, self.kernels) = (shape, workers, kernels)
    let tile = kernels.dotRowsA
    let groups = (shape.batch + tile - 1) / tile
    self.groups = groups
    lanes = (0..<workers.count).map { _ in Lane(kernels, sums: groups * Self.tilesAtOnce) }
    inputRows = IndexTable((0..<groups * tile).map { min($0, shape.batch - 1) * shape.inputs })
  }

  private struct Job {
    let input, weight: UnsafePointer<Float>
    let bias: UnsafePointer<Float>?
    let output: UnsafeMutablePointer<Float>
    /// The end of the outputs that the thread works on.
    let end: Int
  }

  /// Computes the output.
  func run(
    input: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    output: UnsafeMutablePointer<Float>
  ) {
    // A thread's part of the outputs is a multiple of the tile, and large enough to wake it for.
    let tile = kernels.dotRowsB
    let grain = tile * max(1, (1 << 18) / (shape.batch * shape.inputs * tile))
    workers.split(shape.outputs, grain: grain) { columns, worker in
      let job = Job(
        input: input, weight: weight, bias: bias, output: output, end: columns.upperBound)
      let step = Self.tilesAtOnce * tile
      for column in stride(from: columns.lowerBound, to: columns.upperBound, by: step) {
        multiply(column..<min(columns.upperBound, column + step), job, lanes[worker])
      }
    }
  }

  /// Some columns of the output.
  private func multiply(_ columns: Range<Int>, _ job: Job, _ lane: Lane) {
    let (rowsA, rowsB) = (kernels.dotRowsA, kernels.dotRowsB)
    let chunk = groups == 1 ? shape.inputs : Self.chunk
    for first in stride(from: 0, to: shape.inputs, by: chunk) {
      let depths = first..<min(first + chunk, shape.inputs)
      for column in stride(from: columns.lowerBound, to: columns.upperBound, by: rowsB) {
        let some = column..<min(columns.upperBound, column + rowsB)
        // What comes next: other columns, or the next depths of the first ones.
        let next =
          some.upperBound < columns.upperBound
          ? (some.upperBound, first)
          : depths.upperBound < shape.inputs
            ? (columns.lowerBound, depths.upperBound) : (min(some.upperBound, job.end - 1), 0)
        multiply((column - columns.lowerBound) / rowsB, some, depths, next, job, lane)
      }
    }
    // Totals stand in columns of a tile's rows.
    for row in stride(from: 0, to: shape.batch, by: rowsA) {
      let target = job.output + row * shape.outputs + columns.lowerBound
      let count = min(rowsA, shape.batch - row)
      kernels.transpose(
        columns.count, count, lane.totals.start + row * Self.tilesAtOnce * rowsB, rowsA, target,
        shape.outputs)
      guard let bias = job.bias else { continue }
      kernels.addRows(
        count, columns.count, bias + columns.lowerBound, 0, target, shape.outputs)
    }
  }

  /// One tile of columns, the `place`-th of them, a chunk of depths.
  private func multiply(
    _ place: Int, _ columns: Range<Int>, _ depths: Range<Int>, _ next: (column: Int, depth: Int),
    _ job: Job, _ lane: Lane
  ) {
    let (rowsA, rowsB) = (kernels.dotRowsA, kernels.dotRowsB)
    // Rows that are not there repeat the last one.
    for i in 0..<rowsB {
      lane.rows.start[i] = min(columns.lowerBound + i, columns.upperBound - 1) * shape.inputs
    }
    for group in 0..<groups {
      // Two of the rows that are wanted next.
      func ahead(_ row: Int) -> UnsafePointer<Float> {
        job.weight + min(next.column + row % rowsB, job.end - 1) * shape.inputs + next.depth
      }
      let sums = lane.sums.start + (place * groups + group) * rowsA * rowsB * kernels.slot
      kernels.dot(
        depths.count, job.input + depths.lowerBound, inputRows.start + group * rowsA,
        job.weight + depths.lowerBound, lane.rows.start, (ahead(2 * group), ahead(2 * group + 1)),
        depths.lowerBound == 0, sums,
        depths.upperBound == shape.inputs
          ? lane.totals.start + (group * Self.tilesAtOnce + place) * rowsA * rowsB : nil)
    }
  }
}
