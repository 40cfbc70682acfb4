import InstructionSets
import KernelChoice

/// A fully connected layer: output = input · weightᵀ + bias, forward and backward.
///
/// Source: PyTorch's `linear`. Inputs are `[batch, input]`, weights `[output, input]`. The same bytes
/// come out for any number of threads.
public final class Linear {
  /// The sizes.
  public let shape: LinearShape
  /// How it is computed.
  public let method: LinearMethod
  /// How much of the time went into preparing data; nil where nobody asks.
  public var preparation: Preparation?
  let workers: Workers
  let kernels: Kernels
  private let inputGradient, weightGradient: TapProduct
  private let lanes: [Lane]
  /// Where the rows of the input start, the last one again up to whole tiles.
  private let inputRows: IndexTable

  /// Work space of one thread: rows of weights side by side, and the sums of their tiles.
  private final class Lane {
    let weights, sums, totals: FloatBuffer
    let rows: IndexTable

    init(_ kernels: Kernels, sums: Int) {
      let area = kernels.dotRowsA * kernels.dotRowsB
      weights = FloatBuffer(kernels.dotRowsB * Linear.chunk)
      self.sums = FloatBuffer(sums * area * kernels.slot)
      totals = FloatBuffer(sums * area)
      rows = IndexTable(kernels.dotRowsB)
    }
  }

  /// A layer of those sizes; throws a `TensorError` that names the rule they break.
  public init(
    batch: Int, inputs: Int, outputs: Int, _ method: LinearMethod = .gemm,
    workers: Workers = Workers(1), kernels: Kernels = CPU.current.kernels
  ) throws {
    shape = try LinearShape(batch: batch, inputs: inputs, outputs: outputs)
    self.method = method
    self.workers = workers
    self.kernels = kernels
    /// Rows of a matrix as the channels of a picture of one row.
    func rows(_ count: Int) -> TapGeometry {
      TapGeometry(
        channels: count, height: 1, width: inputs, before: 0, stride: 1, taps: [0], outHeight: 1,
        outWidth: inputs)
    }
    inputGradient = TapProduct(rows(outputs), rows: batch, workers: workers, kernels: kernels)
    weightGradient = TapProduct(rows(batch), rows: outputs, workers: workers, kernels: kernels)
    let (batch, tile) = (batch, kernels.dotRowsA)
    let groups = (batch + tile - 1) / tile
    let sums = min(groups, Self.rowsAtOnce / tile) * Self.tilesAtOnce
    lanes = (0..<workers.count).map { _ in Lane(kernels, sums: sums) }
    inputRows = IndexTable((0..<groups * tile).map { min($0, batch - 1) * inputs })
  }

  var batch: Int { shape.batch }
  var inputs: Int { shape.inputs }
  var outputs: Int { shape.outputs }

  /// output = input · weightᵀ + bias.
  public func forward(
    input: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    output: UnsafeMutablePointer<Float>
  ) {
    switch method {
    case .direct: plainForward(input, weight, bias, output)
    case .gemm:
      if batch == 1 { return vectorForward(input, weight, bias, output) }
      // A thread's part of the outputs is a multiple of the tile, and large enough to wake it for.
      let grain = kernels.dotRowsB * max(1, (1 << 18) / (batch * inputs * kernels.dotRowsB))
      workers.split(outputs, grain: grain) { columns, worker in
        let job = Job(
          input: input, weight: weight, bias: bias, output: output, end: columns.upperBound)
        for row in stride(from: 0, to: batch, by: Self.rowsAtOnce) {
          let rows = row..<min(batch, row + Self.rowsAtOnce)
          let step = Self.tilesAtOnce * kernels.dotRowsB
          for column in stride(from: columns.lowerBound, to: columns.upperBound, by: step) {
            let some = column..<min(columns.upperBound, column + step)
            multiply(rows, some, job, lanes[worker])
          }
        }
      }
    }
  }

  private struct Job {
    let input, weight: UnsafePointer<Float>
    let bias: UnsafePointer<Float>?
    let output: UnsafeMutablePointer<Float>
    /// The end of the outputs that the thread works on.
    let end: Int
  }

  /// Depths after which other weights are read: theirs stay in the first-level cache meanwhile, those of
  /// the input in the second.
  private static let chunk = 512
  /// Rows of the input, and tiles of outputs, that take turns with each other on a chunk of depths.
  private static let rowsAtOnce = 64
  private static let tilesAtOnce = 8
  /// Rows from which on arithmetic is slower than memory.
  private static let many = 32
  /// Whether rows of weights drive each other out of the first-level cache: they are a multiple of 4 KiB
  /// apart.
  ///
  /// They are copied side by side then.
  private var isCrowded: Bool {
    let apart = inputs * MemoryLayout<Float>.size % 4096
    return min(apart, 4096 - apart) < 192
  }

  /// Some columns of some rows of the output.
  private func multiply(_ rows: Range<Int>, _ columns: Range<Int>, _ job: Job, _ lane: Lane) {
    let (rowsA, rowsB) = (kernels.dotRowsA, kernels.dotRowsB)
    // Weights that are read a few times are read far along their rows, at the speed of memory.
    let chunk =
      rows.count <= rowsA ? inputs : rows.count < Self.many ? 4 * Self.chunk : Self.chunk
    for first in stride(from: 0, to: inputs, by: chunk) {
      let depths = first..<min(first + chunk, inputs)
      for column in stride(from: columns.lowerBound, to: columns.upperBound, by: rowsB) {
        let some = column..<min(columns.upperBound, column + rowsB)
        // What comes next: other columns, or the next depths of the first ones.
        let next =
          some.upperBound < columns.upperBound
          ? (some.upperBound, first)
          : depths.upperBound < inputs
            ? (columns.lowerBound, depths.upperBound) : (min(some.upperBound, job.end - 1), 0)
        multiply(rows, columns, some, depths, next, job, lane)
      }
    }
    // Totals stand in columns of a tile's rows.
    for row in stride(from: rows.lowerBound, to: rows.upperBound, by: rowsA) {
      let target = job.output + row * outputs + columns.lowerBound
      let count = min(rowsA, rows.upperBound - row)
      kernels.transpose(
        columns.count, count,
        lane.totals.start + (row - rows.lowerBound) * Self.tilesAtOnce * rowsB,
        rowsA, target, outputs)
      guard let bias = job.bias else { continue }
      for i in 0..<count {
        kernels.add(columns.count, bias + columns.lowerBound, target + i * outputs)
      }
    }
  }

  /// One tile of columns, a chunk of depths.
  private func multiply(
    _ rows: Range<Int>, _ all: Range<Int>, _ columns: Range<Int>, _ depths: Range<Int>,
    _ next: (column: Int, depth: Int), _ job: Job, _ lane: Lane
  ) {
    let (rowsA, rowsB) = (kernels.dotRowsA, kernels.dotRowsB)
    let groups = (rows.count + rowsA - 1) / rowsA
    let place = (columns.lowerBound - all.lowerBound) / rowsB
    let isLast = depths.upperBound == inputs
    var weights = job.weight + depths.lowerBound
    if isCrowded, rows.count >= Self.many {
      kernels.copyRows(
        columns.count, depths.count, weights + columns.lowerBound * inputs, inputs,
        lane.weights.start, Self.chunk)
      weights = UnsafePointer(lane.weights.start)
      for i in 0..<rowsB { lane.rows.start[i] = min(i, columns.count - 1) * Self.chunk }
    } else {
      // Rows that are not there repeat the last one.
      for i in 0..<rowsB {
        lane.rows.start[i] = min(columns.lowerBound + i, columns.upperBound - 1) * inputs
      }
    }
    for group in 0..<groups {
      // Two of the rows that are wanted next.
      func ahead(_ row: Int) -> UnsafePointer<Float> {
        job.weight + min(next.column + row % rowsB, job.end - 1) * inputs + next.depth
      }
      let sums = lane.sums.start + (place * groups + group) * rowsA * rowsB * kernels.slot
      kernels.dot(
        depths.count, job.input + depths.lowerBound,
        inputRows.start + rows.lowerBound + group * rowsA, weights, lane.rows.start,
        (ahead(2 * group), ahead(2 * group + 1)), depths.lowerBound == 0, sums,
        isLast
          ? lane.totals.start + (group * Self.tilesAtOnce + place) * rowsA * rowsB : nil)
    }
  }

  /// The gradients for a gradient of the output; that of the input only where it is wanted.
  public func backward(
    input: UnsafePointer<Float>, weight: UnsafePointer<Float>, gradOutput: UnsafePointer<Float>,
    gradInput: UnsafeMutablePointer<Float>?, gradWeight: UnsafeMutablePointer<Float>,
    gradBias: UnsafeMutablePointer<Float>
  ) {
    gradBias.update(repeating: 0, count: outputs)
    for row in 0..<batch {
      for column in 0..<outputs { gradBias[column] += gradOutput[row * outputs + column] }
    }
    guard method == .gemm else {
      plainBackward(input, weight, gradOutput, gradInput, gradWeight)
      return
    }
    if batch <= Self.few {
      fewRowsWeightGradient(input, gradOutput, gradWeight)
      if let gradInput { fewRowsInputGradient(weight, gradOutput, gradInput) }
      return
    }
    weightGradient.run(
      a: gradOutput, aRow: 1, aStep: outputs, bias: nil, source: input, picture: 0, pictures: 1,
      output: gradWeight, outputPicture: outputs * inputs, preparation: preparation)
    guard let gradInput else { return }
    inputGradient.run(
      a: gradOutput, aRow: outputs, aStep: 1, bias: nil, source: weight, picture: 0, pictures: 1,
      output: gradInput, outputPicture: batch * inputs, preparation: preparation)
  }

  private func plainForward(
    _ input: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?,
    _ output: UnsafeMutablePointer<Float>
  ) {
    for row in 0..<batch {
      for column in 0..<outputs {
        var sum: Float = bias?[column] ?? 0
        for i in 0..<inputs { sum += input[row * inputs + i] * weight[column * inputs + i] }
        output[row * outputs + column] = sum
      }
    }
  }

  private func plainBackward(
    _ input: UnsafePointer<Float>, _ weight: UnsafePointer<Float>,
    _ gradOutput: UnsafePointer<Float>, _ gradInput: UnsafeMutablePointer<Float>?,
    _ gradWeight: UnsafeMutablePointer<Float>
  ) {
    gradWeight.update(repeating: 0, count: outputs * inputs)
    gradInput?.update(repeating: 0, count: batch * inputs)
    for row in 0..<batch {
      for column in 0..<outputs {
        let slope = gradOutput[row * outputs + column]
        for i in 0..<inputs { gradWeight[column * inputs + i] += slope * input[row * inputs + i] }
        guard let gradInput else { continue }
        for i in 0..<inputs { gradInput[row * inputs + i] += slope * weight[column * inputs + i] }
      }
    }
  }
}

/// The sizes of a fully connected layer.
public struct LinearShape: Equatable, Sendable {
  /// Rows of the input.
  public let batch: Int
  /// Columns of the input.
  public let inputs: Int
  /// Columns of the output.
  public let outputs: Int

  /// Checks the sizes; throws a `TensorError` that names the rule.
  public init(batch: Int, inputs: Int, outputs: Int) throws {
    for (name, size) in [("batch", batch), ("inputs", inputs), ("outputs", outputs)] {
      guard (1...1 << 24).contains(size) else { throw TensorError.size(name, size) }
    }
    for factors in [[batch, inputs], [batch, outputs], [outputs, inputs]] {
      guard factors[0] * factors[1] <= 1 << 34 else { throw TensorError.overflow(factors) }
    }
    self.batch = batch
    self.inputs = inputs
    self.outputs = outputs
  }
}

/// Ways to compute a fully connected layer.
public enum LinearMethod: String, CaseIterable, Sendable {
  /// The textbook's loops.
  case direct
  /// Register tiles.
  case gemm
}
