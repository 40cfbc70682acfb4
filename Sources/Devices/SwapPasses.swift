import Tensor

/// Backward as two more forward convolutions, as the user of a framework would write it.
///
/// gradInput: the gradient of the output, spread by the stride and padded in full, convolved with the
/// weights whose channels are exchanged and whose kernels are turned by 180°. gradWeight: batch and
/// channels exchanged in both, the input convolved with the gradient of the output, stride and dilation
/// exchanged too. Three convolutions a step, and every exchange is written out.
final class SwapPasses: DevicePasses {
  private let shape, spreadShape, weightShape: ConvolutionShape
  private let session: DeviceSession
  private let forwardProduct, inputProduct, weightProduct: WindowProduct
  private let spreadKernel, turnKernel, exchangeKernel, cropKernel: Kernel
  private let spread, turned, gathered, exchanged, result: DeviceBuffer
  private let sums: ChannelSums

  init(_ s: ConvolutionShape, _ session: DeviceSession) throws {
    shape = s
    self.session = session
    // Spread and padded such that a window of stride 1 without padding finds every pixel.
    spreadShape = try ConvolutionShape(
      batch: s.batch, inChannels: s.outChannels,
      height: s.height + s.dilation.rows * (s.kernelHeight - 1),
      width: s.width + s.dilation.columns * (s.kernelWidth - 1), outChannels: s.inChannels,
      kernelHeight: s.kernelHeight, kernelWidth: s.kernelWidth, dilation: s.dilation,
      groups: s.groups)
    weightShape = try ConvolutionShape(
      batch: s.inGroup, inChannels: s.batch, height: s.height, width: s.width,
      outChannels: s.outGroup, kernelHeight: s.outHeight, kernelWidth: s.outWidth,
      stride: s.dilation, padding: s.padding, dilation: s.stride)
    forwardProduct = try WindowProduct(s, .forward, session)
    inputProduct = try WindowProduct(spreadShape, .forward, session)
    weightProduct = try WindowProduct(weightShape, .forward, session)
    spreadKernel = try session.kernel("spread", [.swap])
    turnKernel = try session.kernel("turn", [.swap])
    exchangeKernel = try session.kernel("exchange", [.swap])
    cropKernel = try session.kernel("crop", [.swap])
    spread = try DeviceBuffer(spreadShape.inputCount, of: session, as: "the gradient, spread")
    turned = try DeviceBuffer(s.weightCount, of: session, as: "the weights, turned")
    gathered = try DeviceBuffer(weightShape.inputCount, of: session, as: "the input, exchanged")
    exchanged = try DeviceBuffer(
      weightShape.weightCount, of: session, as: "the gradient, exchanged")
    result = try DeviceBuffer(
      weightShape.outputCount, of: session, as: "the gradient of the weights, exchanged")
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
    let s = shape
    try sums.run(gradOutput, gradBias)
    if let gradInput {
      try move(
        spreadKernel, gradOutput, spread, spread.count,
        [
          spreadShape.height, spreadShape.width, s.outHeight, s.outWidth,
          s.dilation.rows * (s.kernelHeight - 1) - s.padding.rows,
          s.dilation.columns * (s.kernelWidth - 1) - s.padding.columns, s.stride.rows,
          s.stride.columns,
        ])
      try move(
        turnKernel, weight, turned, turned.count,
        [s.inGroup, s.outGroup, s.kernelHeight * s.kernelWidth])
      try inputProduct.run(spread, turned, nil, gradInput)
    }
    for group in 0..<s.groups {
      try move(
        exchangeKernel, input, gathered, gathered.count,
        [s.batch, s.inChannels, group * s.inGroup, s.plane])
      try move(
        exchangeKernel, gradOutput, exchanged, exchanged.count,
        [s.batch, s.outChannels, group * s.outGroup, s.outPlane])
      try weightProduct.run(gathered, exchanged, nil, result)
      try move(
        cropKernel, result, gradWeight, s.outGroup * s.window,
        [
          group * s.outGroup, s.inGroup, s.outGroup, s.kernelHeight, s.kernelWidth,
          weightShape.outHeight, weightShape.outWidth,
        ])
    }
  }

  /// A kernel that moves so many numbers from one buffer to another.
  private func move(
    _ kernel: Kernel, _ source: DeviceBuffer, _ target: DeviceBuffer, _ count: Int,
    _ sizes: [Int]
  ) throws(DeviceError) {
    try session.run(
      kernel, [count], group: [session.tuning.plainGroup],
      [.buffer(source), .buffer(target), .int(count)] + sizes.map(KernelArgument.int))
  }
}
