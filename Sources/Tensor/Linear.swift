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

    init(_ kernels: Kernels, groups: Int) {
      let area = kernels.dotRowsA * kernels.dotRowsB
      weights = FloatBuffer(kernels.dotRowsB * Linear.chunk)
      sums = FloatBuffer(groups * area * kernels.slot)
      totals = FloatBuffer(area)
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
    lanes = (0..<workers.count).map { _ in Lane(kernels, groups: groups) }
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
        for column in stride(from: columns.lowerBound, to: columns.upperBound, by: kernels.dotRowsB)
        {
          let some = column..<min(columns.upperBound, column + kernels.dotRowsB)
          multiply(some, input, weight, bias, output, lanes[worker])
        }
      }
    }
  }

  /// Depths after which the next rows of the input are read: those of the weights stay in the first-level
  /// cache meanwhile.
  private static let chunk = 512

  /// Some columns of the output, no more than a tile has.
  private func multiply(
    _ columns: Range<Int>, _ input: UnsafePointer<Float>, _ weight: UnsafePointer<Float>,
    _ bias: UnsafePointer<Float>?, _ output: UnsafeMutablePointer<Float>, _ lane: Lane
  ) {
    let (rowsA, rowsB) = (kernels.dotRowsA, kernels.dotRowsB)
    let area = rowsA * rowsB
    // Weights that are read once are read where they lie; else side by side, since rows that are a
    // multiple of 4 KiB apart drive each other out of the cache.
    let isPacked = batch > rowsA
    let chunk = isPacked ? Self.chunk : inputs
    // Rows that are not there repeat the last one.
    for i in 0..<rowsB {
      lane.rows.start[i] =
        isPacked ? i * chunk : min(columns.lowerBound + i, columns.upperBound - 1) * inputs
    }
    for first in stride(from: 0, to: inputs, by: chunk) {
      let depth = min(chunk, inputs - first)
      if isPacked {
        kernels.copyRows(
          columns.count, depth, weight + columns.lowerBound * inputs + first, inputs,
          lane.weights.start, chunk)
      }
      let isLast = first + depth == inputs
      for row in stride(from: 0, to: batch, by: rowsA) {
        if isPacked { fetch(after: first, of: columns.lowerBound, weight, row / rowsA) }
        kernels.dot(
          depth, input + first, inputRows.start + row,
          isPacked ? UnsafePointer(lane.weights.start) : weight,
          lane.rows.start, first == 0, lane.sums.start + row / rowsA * area * kernels.slot,
          isLast ? lane.totals.start : nil)
        guard isLast else { continue }
        for i in 0..<min(rowsA, batch - row) {
          let totals = lane.totals.start + i * rowsB
          for (place, column) in columns.enumerated() {
            output[(row + i) * outputs + column] = totals[place] + (bias?[column] ?? 0)
          }
        }
      }
    }
  }

  /// Asks for a part of the weights that are wanted next, a part for each group of rows.
  private func fetch(
    after first: Int, of column: Int, _ weight: UnsafePointer<Float>, _ group: Int
  ) {
    let isLast = first + Self.chunk >= inputs
    let column = isLast ? column + kernels.dotRowsB : column
    let start = isLast ? 0 : first + Self.chunk
    let rows = min(kernels.dotRowsB, outputs - column)
    guard rows > 0 else { return }
    let lines = (min(Self.chunk, inputs - start) + 15) / 16
    let groups = (batch + kernels.dotRowsA - 1) / kernels.dotRowsA
    let (from, to) = (rows * lines * group / groups, rows * lines * (group + 1) / groups)
    var line = from
    while line < to {
      let (row, place) = line.quotientAndRemainder(dividingBy: lines)
      let count = min(to - line, lines - place)
      kernels.fetch(count, weight + (column + row) * inputs + start + place * 16)
      line += count
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
