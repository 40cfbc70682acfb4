import InstructionSets
import KernelChoice

/// A fully connected layer: output = input · weightᵀ + bias, forward and backward.
///
/// Source: PyTorch's `linear`. Inputs are `[batch, input]`, weights `[output, input]`. The same bytes
/// come out for any number of threads; the last bits of a row may depend on how many there are.
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
  // Made when they are first needed: by its rows a layer needs one of them, or none.
  private lazy var fewRows = FewRowsProduct(shape, workers: workers, kernels: kernels)
  private lazy var manyRows = ManyRowsProduct(shape, workers: workers, kernels: kernels)
  /// The gradient of the output, a row for each of its columns.
  private lazy var turned = FloatBuffer(batch * outputs)

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
  }

  /// Whether arithmetic is slower than reading weights, so that it pays to turn them.
  ///
  /// Rows are many then, twice as many where there are more weights than a cache holds. Outputs that fill half a panel are not turned, unless
  /// their rows are so short that adding up the lanes of a row's products takes longer than the other half.
  private var hasManyRows: Bool {
    (outputs > kernels.slot * 3 / 2 || inputs < Self.deep)
      && batch >= (outputs * inputs > Self.cachedWeights ? 2 : 1) * Self.many
  }
  private static let many = 24
  private static let deep = 256
  private static let cachedWeights = 1 << 22

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
      if batch == 1 {
        vectorForward(input, weight, bias, output)
      } else if hasManyRows {
        manyRows.run(
          input: input, weight: weight, bias: bias, output: output, preparation: preparation)
      } else {
        fewRows.run(input: input, weight: weight, bias: bias, output: output)
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
    if batch <= Self.few {
      fewRowsWeightGradient(input, gradOutput, gradWeight)
      if let gradInput { fewRowsInputGradient(weight, gradOutput, gradInput) }
      return
    }
    // A column of the gradient is a row that tiles read: from line to line they would drive each other out of
    // the first-level cache.
    preparation.measure {
      kernels.transpose(batch, outputs, gradOutput, outputs, turned.start, batch)
    }
    weightGradient.run(
      a: turned.start, aRow: batch, aStep: 1, bias: nil, source: input, picture: 0, pictures: 1,
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
