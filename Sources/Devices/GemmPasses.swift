import Tensor

/// Convolution as products of matrices that are never written out, forward and backward.
final class GemmPasses: DevicePasses {
  private let forwardProduct, inputProduct: WindowProduct
  private let weightProduct: WeightProduct
  private let sums: ChannelSums

  init(_ s: ConvolutionShape, _ session: DeviceSession) throws(DeviceError) {
    forwardProduct = try WindowProduct(s, .forward, session)
    inputProduct = try WindowProduct(s, .gradInput, session)
    weightProduct = try WeightProduct(s, session)
    sums = try ChannelSums(
      pictures: s.batch, channels: s.outChannels, plane: s.outPlane, session)
  }

  func forward(
    _ input: DeviceBuffer, _ weight: DeviceBuffer, _ bias: DeviceBuffer?, _ output: DeviceBuffer
  ) throws(DeviceError) {
    try forwardProduct.run(input, weight, bias, output)
  }

  func backward(
    _ input: DeviceBuffer, _ weight: DeviceBuffer, _ gradOutput: DeviceBuffer,
    _ gradInput: DeviceBuffer?, _ gradWeight: DeviceBuffer, _ gradBias: DeviceBuffer
  ) throws(DeviceError) {
    if let gradInput { try inputProduct.run(gradOutput, weight, nil, gradInput) }
    try weightProduct.run(input, gradOutput, gradWeight)
    try sums.run(gradOutput, gradBias)
  }
}
