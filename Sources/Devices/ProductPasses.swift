import Tensor

/// Sums over the windows of a source in one direction, however they are multiplied.
protocol WindowSums: AnyObject {
  /// result = source ∗ weight + bias.
  func run(
    _ source: DeviceBuffer, _ weight: DeviceBuffer, _ bias: DeviceBuffer?, _ result: DeviceBuffer
  ) throws(DeviceError)
}

/// Convolution as sums over windows both ways, with the gradients of weights and bias.
class ProductPasses: DevicePasses {
  private let output, gradInput: any WindowSums
  private let weightProduct: WeightProduct
  private let sums: ChannelSums

  init(
    _ s: ConvolutionShape, output: any WindowSums, gradInput: any WindowSums,
    _ session: DeviceSession
  ) throws(DeviceError) {
    self.output = output
    self.gradInput = gradInput
    weightProduct = try WeightProduct(s, session)
    sums = try ChannelSums(
      pictures: s.batch, channels: s.outChannels, plane: s.outPlane, session)
  }

  func forward(
    _ input: DeviceBuffer, _ weight: DeviceBuffer, _ bias: DeviceBuffer?, _ result: DeviceBuffer
  ) throws(DeviceError) {
    try output.run(input, weight, bias, result)
  }

  func backward(
    _ input: DeviceBuffer, _ weight: DeviceBuffer, _ gradOutput: DeviceBuffer,
    _ toInput: DeviceBuffer?, _ gradWeight: DeviceBuffer, _ gradBias: DeviceBuffer
  ) throws(DeviceError) {
    if let toInput { try gradInput.run(gradOutput, weight, nil, toInput) }
    try weightProduct.run(input, gradOutput, gradWeight)
    try sums.run(gradOutput, gradBias)
  }
}
