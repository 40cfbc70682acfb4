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
  private let workers: Workers
  private let kernels: Kernels
  private let inputGradient, weightGradient: TapProduct
  private let lanes: [Lane]

  /// Work space of one thread: a tile of sums and where its rows are.
  private final class Lane {
    let sums: FloatBuffer
    let rows, others: IndexTable

    init(_ kernels: Kernels) {
      sums = FloatBuffer(kernels.dotRowsA * kernels.dotRowsB)
      rows = IndexTable(kernels.dotRowsA)
      others = IndexTable(kernels.dotRowsB)
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
    lanes = (0..<workers.count).map { _ in Lane(kernels) }
  }

  private var batch: Int { shape.batch }
  private var inputs: Int { shape.inputs }
  private var outputs: Int { shape.outputs }

  /// output = input · weightᵀ + bias.
  public func forward(
    input: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    output: UnsafeMutablePointer<Float>
  ) {
    switch method {
    case .direct: plainForward(input, weight, bias, output)
    case .gemm:
      // A thread's part of the outputs is a multiple of the tile, and large enough to wake it for.
      let grain = kernels.dotRowsB * max(1, (1 << 18) / (batch * inputs * kernels.dotRowsB))
      workers.split(outputs, grain: grain) { columns, worker in
        for row in 0..<batch {
          for column in columns { output[row * outputs + column] = bias?[column] ?? 0 }
        }
        for first in stride(from: 0, to: inputs, by: Self.chunk) {
          let depth = min(Self.chunk, inputs - first)
          multiply(columns, input + first, weight + first, depth, output, lanes[worker])
        }
      }
    }
  }

  /// Depths after which sums are put down: six rows of weights stay in the first-level cache.
  private static let chunk = 1024

  private func multiply(
    _ columns: Range<Int>, _ input: UnsafePointer<Float>, _ weight: UnsafePointer<Float>,
    _ depth: Int, _ output: UnsafeMutablePointer<Float>, _ lane: Lane
  ) {
    let (rowsA, rowsB) = (kernels.dotRowsA, kernels.dotRowsB)
    for column in stride(from: columns.lowerBound, to: columns.upperBound, by: rowsB) {
      // Rows that are not there repeat the last one.
      for i in 0..<rowsB {
        lane.others.start[i] = min(column + i, columns.upperBound - 1) * inputs
      }
      let width = min(rowsB, columns.upperBound - column)
      for row in stride(from: 0, to: batch, by: rowsA) {
        for i in 0..<rowsA { lane.rows.start[i] = min(row + i, batch - 1) * inputs }
        kernels.dot(depth, input, lane.rows.start, weight, lane.others.start, lane.sums.start)
        for i in 0..<min(rowsA, batch - row) {
          let to = output + (row + i) * outputs + column
          for j in 0..<width { to[j] += lane.sums.start[i * rowsB + j] }
        }
      }
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
