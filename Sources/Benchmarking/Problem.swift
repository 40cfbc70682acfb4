import Tensor

/// An operator with its sizes, and which of its passes is measured.
public struct Problem: Equatable, Sendable {
  /// What is computed.
  public enum Operation: Equatable, Sendable {
    /// A convolution; one of one dimension has pictures and kernels of one row.
    case convolution(ConvolutionShape)
    /// A fully connected layer.
    case linear(LinearShape)
  }

  /// Which way it is computed.
  public enum Pass: String, CaseIterable, Sendable {
    /// The output.
    case forward
    /// The gradients of input, weight and bias.
    case backward
    /// The gradients of weight and bias: what the first layer of a network needs.
    case backwardWeight = "backward_weight"
    /// The output and all gradients: what a step of training needs.
    case forwardBackward = "forward_backward"

    /// Whether it computes the output.
    public var hasForward: Bool { self == .forward || self == .forwardBackward }
    /// Whether it computes gradients.
    public var hasBackward: Bool { self != .forward }
    /// Whether that of the input is one of them.
    public var hasInputGradient: Bool { self == .backward || self == .forwardBackward }
  }

  /// What results are known by; a text of the sizes where none was given.
  public let name: String
  /// What is computed.
  public let operation: Operation
  /// Which way.
  public let pass: Pass

  /// A problem; without a name, its sizes are its name.
  public init(name: String? = nil, _ operation: Operation, _ pass: Pass) {
    self.name = name ?? operation.description
    self.operation = operation
    self.pass = pass
  }

  /// Whether something is made of the weights that can be kept: a convolution's output needs it.
  var keepsWeights: Bool {
    guard case .convolution = operation else { return false }
    return pass.hasForward
  }

  /// Multiplications and additions that contribute; those with the zeros of the padding do not.
  public var work: Double {
    let forward =
      switch operation {
      case .convolution(let shape): shape.usefulOperations
      case .linear(let shape): 2 * Double(shape.batch * shape.inputs) * Double(shape.outputs)
      }
    let passes = pass.hasForward ? 1.0 : 0
    return forward * (passes + (pass.hasBackward ? 1 : 0) + (pass.hasInputGradient ? 1 : 0))
  }

  /// Bytes that must be read or written at least: each tensor once.
  public var bytes: Int {
    let s = operation.counts
    let parameters = s.weight + s.bias
    var floats = 0
    if pass.hasForward { floats += s.input + parameters + s.output }
    if pass.hasBackward { floats += s.input + s.output + parameters }
    if pass.hasInputGradient { floats += s.weight + s.input }
    return 4 * floats
  }

  /// Operations for a byte: where the problem stands under the roofline.
  public var intensity: Double { work / Double(bytes) }
}

extension Problem.Operation: CustomStringConvertible {
  /// Elements of each tensor.
  var counts: (input: Int, weight: Int, bias: Int, output: Int) {
    switch self {
    case .convolution(let s): (s.inputCount, s.weightCount, s.outChannels, s.outputCount)
    case .linear(let s): (s.batch * s.inputs, s.outputs * s.inputs, s.outputs, s.batch * s.outputs)
    }
  }

  /// The sizes in a line: `64×1×28×28 → 32, 3×3`.
  public var description: String {
    switch self {
    case .linear(let s): return "\(s.batch)×\(s.inputs) → \(s.outputs)"
    case .convolution(let s):
      var text = "\(s.batch)×\(s.inChannels)×\(s.height)×\(s.width) → \(s.outChannels), "
      text += "\(s.kernelHeight)×\(s.kernelWidth)"
      if s.stride != 1 { text += ", stride \(s.stride)" }
      if s.padding != 0 { text += ", padding \(s.padding)" }
      if s.dilation != 1 { text += ", dilation \(s.dilation)" }
      if s.groups != 1 { text += ", groups \(s.groups)" }
      return text
    }
  }
}
