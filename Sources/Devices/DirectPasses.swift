import Tensor

/// Plain loops, an item a number of the result.
final class DirectPasses: DevicePasses {
  private let shape: ConvolutionShape
  private let session: DeviceSession
  private let forwardKernel, inputKernel, weightKernel: Kernel
  private let sums: ChannelSums

  init(_ s: ConvolutionShape, _ session: DeviceSession) throws(DeviceError) {
    shape = s
    self.session = session
    forwardKernel = try session.kernel("direct_forward", [.direct])
    inputKernel = try session.kernel("direct_grad_input", [.direct])
    weightKernel = try session.kernel("direct_grad_weight", [.direct])
    sums = try ChannelSums(
      pictures: s.batch, channels: s.outChannels, plane: s.outPlane, session)
  }

  /// The sizes as the kernels' struct has them.
  private var sizes: KernelArgument {
    let s = shape
    return .numbers(
      [
        s.batch, s.inChannels, s.height, s.width, s.outChannels, s.kernelHeight, s.kernelWidth,
        s.stride.rows, s.stride.columns, s.padding.rows, s.padding.columns, s.dilation.rows,
        s.dilation.columns, s.inGroup, s.outGroup, s.outHeight, s.outWidth,
      ].map { Int32(truncatingIfNeeded: $0) })
  }

  private func run(
    _ kernel: Kernel, _ count: Int, _ arguments: [KernelArgument]
  ) throws(DeviceError) {
    try session.run(kernel, [count], group: [session.tuning.plainGroup], arguments)
  }

  func forward(
    _ input: DeviceBuffer, _ weight: DeviceBuffer, _ bias: DeviceBuffer?, _ output: DeviceBuffer
  ) throws(DeviceError) {
    try run(
      forwardKernel, shape.outputCount,
      [
        .buffer(input), .buffer(weight), .buffer(bias), .buffer(output), sizes,
        .int(bias == nil ? 0 : 1),
      ])
  }

  func backward(
    _ input: DeviceBuffer, _ weight: DeviceBuffer, _ gradOutput: DeviceBuffer,
    _ gradInput: DeviceBuffer?, _ gradWeight: DeviceBuffer, _ gradBias: DeviceBuffer
  ) throws(DeviceError) {
    if let gradInput {
      try run(
        inputKernel, shape.inputCount,
        [.buffer(weight), .buffer(gradOutput), .buffer(gradInput), sizes])
    }
    try run(
      weightKernel, shape.weightCount,
      [.buffer(input), .buffer(gradOutput), .buffer(gradWeight), sizes])
    try sums.run(gradOutput, gradBias)
  }
}
