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
  /// Outputs that a thread takes at a time.
  private let parts: [Part]
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
    let slots = (shape.outputs + kernels.slot - 1) / kernels.slot
    let all = tiling.panels(slots).count
    let count = workers.evenly((all + Self.panelsAtOnce - 1) / Self.panelsAtOnce, atMost: all)
    parts = (0..<count).map {
      let some = slots * $0 / count..<slots * ($0 + 1) / count
      return Part(slots: some, plan: tiling.panels(some.count))
    }
    zeros = FloatBuffer(tiling.mostRows)
    let panels = parts.map(\.plan.count).max() ?? 0
    lanes = (0..<workers.count).map { _ in Lane(tiling, panels: panels, depth: shape.inputs) }
  }

  /// Some neighbouring slots of outputs.
  private struct Part {
    let slots: Range<Int>
    let plan: Tiling.Panels
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
    workers.forEach(parts.count) { part, worker in multiply(parts[part], job, lanes[worker]) }
  }

  /// The outputs of a part, all rows.
  private func multiply(_ part: Part, _ job: Job, _ lane: Lane) {
    let panels = 0..<part.plan.count
    for first in stride(from: 0, to: shape.inputs, by: Self.chunk) {
      let depths = first..<min(first + Self.chunk, shape.inputs)
      job.preparation.measure {
        for panel in panels { turn(part, panel, depths, job, lane) }
      }
      for row in stride(from: 0, to: shape.batch, by: Self.rowsAtOnce) {
        let rows = row..<min(row + Self.rowsAtOnce, shape.batch)
        for panel in panels { multiply(rows, part, panel, depths, job, lane) }
      }
    }
  }

  /// Which outputs a panel has: fewer than its columns at the end of its part.
  private func outputs(of panel: Int, _ part: Part) -> Range<Int> {
    let start = (part.slots.lowerBound + part.plan.firstSlot(panel)) * kernels.slot
    let end = min(part.slots.upperBound * kernels.slot, shape.outputs)
    return start..<min(start + part.plan.rows(panel).columns, end)
  }

  /// Turns some depths of a panel's weights.
  private func turn(_ part: Part, _ panel: Int, _ depths: Range<Int>, _ job: Job, _ lane: Lane) {
    let (outputs, columns) = (outputs(of: panel, part), part.plan.rows(panel).columns)
    let target = lane.packed.start + panel * Self.chunk * tiling.mostColumns
    // What no output is of must be numbers that are no trouble.
    if outputs.count < columns { target.update(repeating: 0, count: depths.count * columns) }
    kernels.transpose(
      outputs.count, depths.count,
      job.weight + outputs.lowerBound * shape.inputs + depths.lowerBound, shape.inputs, target,
      columns)
  }

  /// Adds some depths to some rows of a panel.
  private func multiply(
    _ rows: Range<Int>, _ part: Part, _ panel: Int, _ depths: Range<Int>, _ job: Job, _ lane: Lane
  ) {
    let matrix = part.plan.rows(panel)
    let (tile, columns) = (matrix.tile, matrix.columns)
    let outputs = outputs(of: panel, part)
    let right = UnsafePointer(lane.packed.start + panel * Self.chunk * tiling.mostColumns)
    let isLast = depths.upperBound == shape.inputs
    for row in stride(from: rows.lowerBound, to: rows.upperBound, by: tile.rows) {
      let sums = lane.sums.start + panel * tiling.mostFloats + row * columns
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
