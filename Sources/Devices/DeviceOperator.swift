import Benchmarking
import Tensor

/// A convolution or a linear layer on a device, by one implementation.
final class DeviceOperator {
  /// What `auto` became; else the implementation's name.
  let method: String
  /// Seconds that its kernels took to build.
  let buildSeconds: Double
  private let passes: any DevicePasses

  /// The operator of a problem; nil where the implementation does not do it.
  init?(
    _ implementation: Implementation, _ problem: Problem, _ session: DeviceSession
  ) throws {
    let before = session.buildSeconds
    switch problem.operation {
    case .convolution(let shape):
      guard let method = ConvolutionMethod(rawValue: implementation.name) else { return nil }
      let convolution: DeviceConvolution
      do {
        convolution = try DeviceConvolution(shape, method, on: session)
      } catch TensorError.method { return nil }
      self.method = convolution.method.rawValue
      passes = convolution.passes
    case .linear(let shape):
      let name = implementation.name == "auto" ? LinearMethod.gemm.rawValue : implementation.name
      guard let method = LinearMethod(rawValue: name) else { return nil }
      self.method = name
      passes = try DeviceLinear.passes(shape, method, on: session)
    }
    buildSeconds = session.buildSeconds - before
  }

  /// Runs a pass on tensors of the device.
  func run(_ t: DeviceTensors, _ pass: Problem.Pass) throws {
    if pass.hasForward { try passes.forward(t.input, t.weight, t.bias, t.output) }
    guard pass.hasBackward else { return }
    try passes.backward(
      t.input, t.weight, t.gradOutput, pass.hasInputGradient ? t.gradInput : nil, t.gradWeight,
      t.gradBias)
  }
}
