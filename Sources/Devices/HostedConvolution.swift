import Convolving
import Tensor

/// A convolution on a device whose tensors lie in the machine's memory: they are copied there and back.
public final class HostedConvolution: PreparedConvolution {
  /// The sizes.
  public var shape: ConvolutionShape { convolution.shape }
  private let convolution: DeviceConvolution
  private let session: DeviceSession
  private let input, weight, bias, output: DeviceBuffer
  /// What only a backward pass needs, from the first one on.
  private var gradients:
    (output: DeviceBuffer, input: DeviceBuffer, weight: DeviceBuffer, bias: DeviceBuffer)?

  /// A convolution of that shape; throws as `DeviceConvolution` does.
  public init(
    _ shape: ConvolutionShape, _ method: ConvolutionMethod, on session: DeviceSession
  ) throws {
    convolution = try DeviceConvolution(shape, method, on: session)
    self.session = session
    input = try DeviceBuffer(shape.inputCount, of: session, as: "the input")
    weight = try DeviceBuffer(shape.weightCount, of: session, as: "the weights")
    bias = try DeviceBuffer(shape.outChannels, of: session, as: "the bias")
    output = try DeviceBuffer(shape.outputCount, of: session, as: "the output")
  }

  /// output = input ∗ weight + bias; weights that stay are not copied again.
  public func forward(
    input: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    output: UnsafeMutablePointer<Float>, weightStays: Bool
  ) throws {
    try session.write(input, to: self.input)
    if !weightStays {
      try session.write(weight, to: self.weight)
      if let bias { try session.write(bias, to: self.bias) }
    }
    try convolution.forward(
      input: self.input, weight: self.weight, bias: bias == nil ? nil : self.bias,
      output: self.output)
    try session.read(self.output, to: output)
  }

  /// The gradients for a gradient of the output; that of the input only where it is wanted.
  public func backward(
    input: UnsafePointer<Float>, weight: UnsafePointer<Float>, gradOutput: UnsafePointer<Float>,
    gradInput: UnsafeMutablePointer<Float>?, gradWeight: UnsafeMutablePointer<Float>,
    gradBias: UnsafeMutablePointer<Float>
  ) throws {
    let there = try gradients ?? makeGradients()
    gradients = there
    try session.write(input, to: self.input)
    try session.write(weight, to: self.weight)
    try session.write(gradOutput, to: there.output)
    try convolution.backward(
      input: self.input, weight: self.weight, gradOutput: there.output,
      gradInput: gradInput == nil ? nil : there.input, gradWeight: there.weight,
      gradBias: there.bias)
    if let gradInput { try session.read(there.input, to: gradInput) }
    try session.read(there.weight, to: gradWeight)
    try session.read(there.bias, to: gradBias)
  }

  private func makeGradients() throws(DeviceError) -> (
    output: DeviceBuffer, input: DeviceBuffer, weight: DeviceBuffer, bias: DeviceBuffer
  ) {
    (
      try DeviceBuffer(shape.outputCount, of: session, as: "the gradient of the output"),
      try DeviceBuffer(shape.inputCount, of: session, as: "the gradient of the input"),
      try DeviceBuffer(shape.weightCount, of: session, as: "the gradient of the weights"),
      try DeviceBuffer(shape.outChannels, of: session, as: "the gradient of the bias")
    )
  }
}
