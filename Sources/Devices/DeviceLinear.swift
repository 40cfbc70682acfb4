import Tensor

/// A fully connected layer with bias on a device, forward and backward.
///
/// output = input · weightᵀ + bias, as PyTorch's `linear`; input is `[batch, inputs]`, weights
/// `[outputs, inputs]`.
enum DeviceLinear {
  /// The passes of a layer of those sizes.
  static func passes(
    _ shape: LinearShape, _ method: LinearMethod, on session: DeviceSession
  ) throws(DeviceError) -> any DevicePasses {
    switch method {
    case .direct: try DirectLinear(shape, session)
    case .gemm: try GemmLinear(shape, session)
    }
  }
}

/// Three products of matrices.
private final class GemmLinear: DevicePasses {
  private let output, gradInput, gradWeight: MatrixProduct
  private let sums: ChannelSums

  init(_ s: LinearShape, _ session: DeviceSession) throws(DeviceError) {
    output = try MatrixProduct(
      rows: s.batch, columns: s.outputs, depth: s.inputs,
      left: .init(isAlongDepth: true, step: s.inputs),
      right: .init(isAlongDepth: true, step: s.inputs), session)
    gradInput = try MatrixProduct(
      rows: s.batch, columns: s.inputs, depth: s.outputs,
      left: .init(isAlongDepth: true, step: s.outputs),
      right: .init(isAlongDepth: false, step: s.inputs), session)
    gradWeight = try MatrixProduct(
      rows: s.outputs, columns: s.inputs, depth: s.batch,
      left: .init(isAlongDepth: false, step: s.outputs),
      right: .init(isAlongDepth: false, step: s.inputs), session)
    sums = try ChannelSums(pictures: s.batch, channels: s.outputs, plane: 1, session)
  }

  func forward(
    _ input: DeviceBuffer, _ weight: DeviceBuffer, _ bias: DeviceBuffer?, _ result: DeviceBuffer
  ) throws(DeviceError) {
    try output.run(input, weight, bias, result)
  }

  func backward(
    _ input: DeviceBuffer, _ weight: DeviceBuffer, _ gradOutput: DeviceBuffer,
    _ toInput: DeviceBuffer?, _ toWeight: DeviceBuffer, _ gradBias: DeviceBuffer
  ) throws(DeviceError) {
    if let toInput { try gradInput.run(gradOutput, weight, nil, toInput) }
    try gradWeight.run(gradOutput, input, nil, toWeight)
    try sums.run(gradOutput, gradBias)
  }
}

/// Plain loops, an item a number of the result.
private final class DirectLinear: DevicePasses {
  private let shape: LinearShape
  private let session: DeviceSession
  private let forwardKernel, inputKernel, weightKernel: Kernel
  private let sums: ChannelSums

  init(_ s: LinearShape, _ session: DeviceSession) throws(DeviceError) {
    shape = s
    self.session = session
    forwardKernel = try session.kernel("direct_linear", [.direct])
    inputKernel = try session.kernel("direct_linear_grad_input", [.direct])
    weightKernel = try session.kernel("direct_linear_grad_weight", [.direct])
    sums = try ChannelSums(pictures: s.batch, channels: s.outputs, plane: 1, session)
  }

  private func run(
    _ kernel: Kernel, _ count: Int, _ buffers: [DeviceBuffer?], _ last: [Int] = []
  ) throws(DeviceError) {
    try session.run(
      kernel, [count], group: [session.tuning.plainGroup],
      buffers.map(KernelArgument.buffer)
        + ([shape.batch, shape.inputs, shape.outputs] + last).map(KernelArgument.int))
  }

  func forward(
    _ input: DeviceBuffer, _ weight: DeviceBuffer, _ bias: DeviceBuffer?, _ output: DeviceBuffer
  ) throws(DeviceError) {
    try run(
      forwardKernel, shape.batch * shape.outputs, [input, weight, bias, output],
      [bias == nil ? 0 : 1])
  }

  func backward(
    _ input: DeviceBuffer, _ weight: DeviceBuffer, _ gradOutput: DeviceBuffer,
    _ gradInput: DeviceBuffer?, _ gradWeight: DeviceBuffer, _ gradBias: DeviceBuffer
  ) throws(DeviceError) {
    if let gradInput {
      try run(inputKernel, shape.batch * shape.inputs, [weight, gradOutput, gradInput])
    }
    try run(weightKernel, shape.outputs * shape.inputs, [input, gradOutput, gradWeight])
    try sums.run(gradOutput, gradBias)
  }
}
