import Streams
import Tensor

/// A convolution with fixed weights that takes npy arrays and gives npy arrays, as PyTorch's `conv2d`.
///
/// Weights `[k, c / groups, r, s]` take pictures `[n, c, h, w]` or one picture `[c, h, w]`; weights of
/// three dimensions, `[k, c / groups, s]`, take rows `[n, c, w]` or `[c, w]`, as `conv1d`.
public final class ConvolutionFilter {
  /// What the weights do not say.
  public struct Setting: Sendable {
    /// Pixels from window to window.
    public var stride: PerAxis = 1
    /// Zeros put around the input.
    public var padding: PerAxis = 0
    /// Pixels from one element of the window to the next.
    public var dilation: PerAxis = 1
    /// Groups of channels.
    public var groups = 1
    /// How it is computed.
    public var method = ConvolutionMethod.auto
    /// What numbers it multiplies.
    public var precision = Precision.float

    /// Stride 1, no padding, no dilation, one group.
    public init() {}
  }

  private let setting: Setting
  private let prepare: (ConvolutionShape) throws -> any PreparedConvolution
  private let weight: [Float]
  private let bias: [Float]?
  private let weightShape: [Int]
  /// The convolution of the last array, which is most often that of the next.
  private var planned: (any PreparedConvolution)?
  private var weightIsKnown = false

  /// A filter whose convolutions are prepared as `prepare` has it; throws what rule weights or bias
  /// break.
  public init(
    weight: NpyArray, bias: NpyArray?, _ setting: Setting,
    prepare: @escaping (ConvolutionShape) throws -> any PreparedConvolution
  ) throws {
    self.setting = setting
    self.prepare = prepare
    self.weight = try Self.floats(weight, "weight")
    self.bias = try bias.map { try Self.floats($0, "bias") }
    weightShape = weight.shape
    guard (3...4).contains(weightShape.count), !weightShape.contains(0) else {
      throw FilterError.dimensions("weight", "[k, c, r, s] or [k, c, s]", weightShape)
    }
    if let bias, bias.shape != [weightShape[0]] {
      throw FilterError.dimensions("bias", "[\(weightShape[0])]", bias.shape)
    }
  }

  /// A filter on the processor.
  public convenience init(
    weight: NpyArray, bias: NpyArray?, _ setting: Setting, workers: Workers
  ) throws {
    try self.init(weight: weight, bias: bias, setting) { shape in
      try Convolution(shape, setting.method, precision: setting.precision, workers: workers)
    }
  }

  /// The output for an input.
  public func forward(_ x: NpyArray) throws -> NpyArray {
    let input = try Self.floats(x, "input")
    let convolution = try convolution(x.shape)
    let output = FloatBuffer(convolution.shape.outputCount)
    try convolution.forward(
      input: input, weight: weight, bias: bias, output: output.start, weightStays: weightIsKnown)
    weightIsKnown = true
    return NpyArray(Array(output.values), shape: outputShape(x.shape, convolution.shape))
  }

  /// The gradients of input, weight and bias for a gradient of the output.
  public func backward(_ x: NpyArray, gradOutput: NpyArray) throws -> [NpyArray] {
    let input = try Self.floats(x, "input")
    let gradient = try Self.floats(gradOutput, "gradient of the output")
    let convolution = try convolution(x.shape)
    let shape = convolution.shape
    let expected = outputShape(x.shape, shape)
    guard gradOutput.shape == expected else {
      throw FilterError.dimensions("gradient of the output", "\(expected)", gradOutput.shape)
    }
    let gradInput = FloatBuffer(shape.inputCount)
    let gradWeight = FloatBuffer(shape.weightCount)
    let gradBias = FloatBuffer(shape.outChannels)
    try convolution.backward(
      input: input, weight: weight, gradOutput: gradient, gradInput: gradInput.start,
      gradWeight: gradWeight.start, gradBias: gradBias.start)
    return [
      NpyArray(Array(gradInput.values), shape: x.shape),
      NpyArray(Array(gradWeight.values), shape: weightShape),
      NpyArray(Array(gradBias.values), shape: [shape.outChannels]),
    ]
  }

  private static func floats(_ array: NpyArray, _ name: String) throws -> [Float] {
    guard array.type == .plain(.float32) else { throw FilterError.type(name, array.type) }
    return try array.floats()
  }

  /// The convolution for an input of that shape.
  private func convolution(_ x: [Int]) throws -> any PreparedConvolution {
    let isFlat = weightShape.count == 3
    let rank = isFlat ? 3 : 4
    guard x.count == rank || x.count == rank - 1 else {
      throw FilterError.dimensions(
        "input", isFlat ? "[n, c, w] or [c, w]" : "[n, c, h, w] or [c, h, w]", x)
    }
    let sizes = x.count == rank ? x : [1] + x
    let channels = sizes[1]
    guard channels % setting.groups == 0, channels / setting.groups == weightShape[1] else {
      throw FilterError.channels(channels, weightShape[1], setting.groups)
    }
    /// One dimension is one row, which takes no steps down.
    func along(_ value: PerAxis, _ rows: Int) -> PerAxis {
      isFlat ? PerAxis(rows: rows, columns: value.columns) : value
    }
    let shape = try ConvolutionShape(
      batch: sizes[0], inChannels: channels, height: isFlat ? 1 : sizes[2],
      width: sizes[rank - 1], outChannels: weightShape[0],
      kernelHeight: isFlat ? 1 : weightShape[2], kernelWidth: weightShape[rank - 1],
      stride: along(setting.stride, 1), padding: along(setting.padding, 0),
      dilation: along(setting.dilation, 1), groups: setting.groups)
    if let planned, planned.shape == shape { return planned }
    // What is computed, and what the method keeps for itself.
    let needed = 12 * (Double(shape.inputCount) + Double(shape.outputCount))
    guard needed <= MachineMemory.bytes else { throw FilterError.memory(needed) }
    let convolution = try prepare(shape)
    planned = convolution
    weightIsKnown = false
    return convolution
  }

  private func outputShape(_ x: [Int], _ shape: ConvolutionShape) -> [Int] {
    let picture = [shape.outChannels, shape.outHeight, shape.outWidth]
    switch (weightShape.count, x.count) {
    case (4, 4): return [shape.batch] + picture
    case (4, _): return picture
    case (_, 3): return [shape.batch, shape.outChannels, shape.outWidth]
    default: return [shape.outChannels, shape.outWidth]
    }
  }
}

/// A convolution of a shape, made ready to run often on tensors in memory.
public protocol PreparedConvolution: AnyObject {
  /// The sizes.
  var shape: ConvolutionShape { get }

  /// output = input ∗ weight + bias; `weightStays` promises that the weights are those of the last call.
  func forward(
    input: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    output: UnsafeMutablePointer<Float>, weightStays: Bool) throws

  /// The gradients for a gradient of the output; that of the input only where it is wanted.
  func backward(
    input: UnsafePointer<Float>, weight: UnsafePointer<Float>, gradOutput: UnsafePointer<Float>,
    gradInput: UnsafeMutablePointer<Float>?, gradWeight: UnsafeMutablePointer<Float>,
    gradBias: UnsafeMutablePointer<Float>) throws
}

extension Convolution: PreparedConvolution {}

/// Arrays that make no convolution.
public enum FilterError: Error, CustomStringConvertible {
  /// An array is not of 32-bit floats.
  case type(String, NpyType)
  /// An array has other dimensions than it should.
  case dimensions(String, String, [Int])
  /// The channels of input and weight do not fit.
  case channels(Int, Int, Int)
  /// The tensors do not fit the machine.
  case memory(Double)

  /// Whether the bias breaks the rule, and not the weights.
  public var isOfBias: Bool {
    switch self {
    case .type("bias", _), .dimensions("bias", _, _): true
    default: false
    }
  }

  /// Whether the gradient of the output breaks the rule.
  var isOfGradient: Bool {
    switch self {
    case .type("gradient of the output", _), .dimensions("gradient of the output", _, _): true
    default: false
    }
  }

  /// The rule, then the value.
  public var description: String {
    switch self {
    case .type(let name, .plain(let scalar)):
      "\(name) must be '<f4' (numpy: .astype('float32')): '\(scalar.description)'"
    case .type(let name, _): "\(name) must be a plain array of '<f4': a table"
    case .dimensions(let name, let expected, let found):
      "\(name) must have the shape \(expected): \(found)"
    case .channels(let input, let weight, let groups):
      "input must have \(weight) channels for each of \(groups) "
        + "group\(groups == 1 ? "" : "s"): \(input)"
    case .memory(let needed):
      "tensors must fit the machine's memory of \(MachineMemory.text(MachineMemory.bytes)): "
        + "they take \(MachineMemory.text(needed))"
    }
  }
}
