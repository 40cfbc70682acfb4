import KernelChoice
import KernelTable

/// The output of a fully connected layer of many rows: arithmetic is its limit.
///
/// output = input · weightᵀ + bias. Weights are turned a panel of outputs at a time, so that the tiles of
/// convolutions multiply them, whose sums stay in registers: what is read again and again is then a panel in
/// the first-level cache and a float of each row, where products of rows with rows read both sides as vectors.
final class ManyRowsProduct {
  private let shape: LinearShape
  private let workers: Workers
  private let kernels: Kernels
  private let tiling: Tiling
  private let plan: Tiling.Panels
  private let zeros: FloatBuffer
  private let lanes: [Lane]

  /// Depths that are worked on at once: a panel of 48 columns is then 48 KiB.
  private static let chunk = 256
  /// Rows of the input that stay in the second-level cache while panels come by: a multiple of every tile's.
  private static let rowsAtOnce = 96
  /// Panels that a chunk of the input is read for.
  private static let panelsAtOnce = 4

  /// Work space of one thread: turned weights, the sums so far, and a tile that sticks out.
  private final class Lane {
    let packed, sums, result: FloatBuffer

    /// Room for so many panels of that depth: sums are kept between chunks alone.
    init(_ tiling: Tiling, panels: Int, depth: Int) {
      packed = FloatBuffer(panels * chunk * tiling.mostColumns)
      sums = FloatBuffer(depth > chunk ? panels * tiling.mostFloats : 0)
      result = FloatBuffer(tiling.tileFloats)
    }
  }

  /// A product of that shape.
  init(_ shape: LinearShape, workers: Workers, kernels: Kernels) {
    (self.shape, self.workers, self.kernels) = (shape, workers, kernels)
    let tiling = Tiling(rows: shape.batch, depth: shape.inputs, kernels)
    self.tiling = tiling
    plan = tiling.panels((shape.outputs + kernels.slot - 1) / kernels.slot)
    zeros = FloatBuffer(tiling.mostRows)
    let panels = min(Self.panelsAtOnce, plan.count)
    lanes = (0..<workers.count).map { _ in Lane(tiling, panels: panels, depth: shape.inputs) }
  }

  private struct Job {
    let input, weight: UnsafePointer<Float>
    let bias: UnsafePointer<Float>?
    let output: UnsafeMutablePointer<Float>
    let preparation: Preparation?
  }

  /// Computes the output.
  func run(
    input: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    output: UnsafeMutablePointer<Float>, preparation: Preparation?
  ) {
    tiling.copyEdges(input, row: shape.inputs, step: 1)
    let job = Job(
      input: input, weight: weight, bias: bias, output: output, preparation: preparation)
    let count = plan.count
    let tasks = max(
      (count + Self.panelsAtOnce - 1) / Self.panelsAtOnce, min(count, workers.count))
    workers.forEach(tasks) { task, worker in
      multiply(count * task / tasks..<count * (task + 1) / tasks, job, lanes[worker])
    }
  }

  /// The outputs of some panels, all rows.
  private func multiply(_ panels: Range<Int>, _ job: Job, _ lane: Lane) {
    for first in stride(from: 0, to: shape.inputs, by: Self.chunk) {
      let depths = first..<min(first + Self.chunk, shape.inputs)
      job.preparation.measure {
        for panel in panels { turn(panel, panel - panels.lowerBound, depths, job, lane) }
      }
      for row in stride(from: 0, to: shape.batch, by: Self.rowsAtOnce) {
        let rows = row..<min(row + Self.rowsAtOnce, shape.batch)
        for panel in panels {
          multiply(rows, panel, panel - panels.lowerBound, depths, job, lane)
        }
      }
    }
  }

  /// Which outputs a panel has: fewer than its columns at the end.
  private func outputs(of panel: Int) -> Range<Int> {
    let start = plan.firstSlot(panel) * kernels.slot
    return start..<min(start + plan.rows(panel).columns, shape.outputs)
  }

  /// Turns some depths of a panel's weights.
  private func turn(_ panel: Int, _ index: Int, _ depths: Range<Int>, _ job: Job, _ lane: Lane) {
    let (outputs, columns) = (outputs(of: panel), plan.rows(panel).columns)
    let target = lane.packed.start + index * Self.chunk * tiling.mostColumns
    // What no output is of must be numbers that are no trouble.
    if outputs.count < columns { target.update(repeating: 0, count: depths.count * columns) }
    kernels.transpose(
      outputs.count, depths.count,
      job.weight + outputs.lowerBound * shape.inputs + depths.lowerBound, shape.inputs, target,
      columns)
  }

  /// Adds some depths to some rows of a panel.
  private func multiply(
    _ rows: Range<Int>, _ panel: Int, _ index: Int, _ depths: Range<Int>, _ job: Job, _ lane: Lane
  ) {
    let matrix = plan.rows(panel)
    let (tile, columns) = (matrix.tile, matrix.columns)
    let outputs = outputs(of: panel)
    let right = UnsafePointer(lane.packed.start + index * Self.chunk * tiling.mostColumns)
    let isLast = depths.upperBound == shape.inputs
    for row in stride(from: rows.lowerBound, to: rows.upperBound, by: tile.rows) {
      let sums = lane.sums.start + index * tiling.mostFloats + row * columns
      let isEdge = row + tile.rows > shape.batch
      let isThere = isLast && !isEdge && outputs.count == columns
      let left =
        isEdge
        ? matrix.edge + depths.lowerBound : job.input + row * shape.inputs + depths.lowerBound
      let place = job.output + row * shape.outputs + outputs.lowerBound
      tile.multiply(
        depths.count, left, shape.inputs, 1, right, matrix.slots, matrix.depths,
        depths.lowerBound > 0 ? UnsafePointer(sums) : nil, UnsafePointer(zeros.start),
        isThere ? place : isLast ? lane.result.start : sums, matrix.slots,
        isThere ? shape.outputs : columns)
      guard isLast else { continue }
      let count = min(tile.rows, shape.batch - row)
      if !isThere {
        kernels.copyRows(count, outputs.count, lane.result.start, columns, place, shape.outputs)
      }
      guard let bias = job.bias else { continue }
      kernels.addRows(count, outputs.count, bias + outputs.lowerBound, 0, place, shape.outputs)
    }
  }
}
