import Benchmarking
import Tensor

/// A convolution or a linear layer on a device, by one implementation.
final class DeviceOperator {
  private enum Kind {
    case convolution(DeviceConvolution)
    case linear(DeviceLinear)
  }

  /// What `auto` became; else the implementation's name.
  let method: String
  /// Seconds that its kernels took to build.
  let buildSeconds: Double
  private let kind: Kind

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
      kind = .convolution(convolution)
    case .linear(let shape):
      let name = implementation.name == "auto" ? LinearMethod.gemm.rawValue : implementation.name
      guard let method = LinearMethod(rawValue: name) else { return nil }
      self.method = name
      kind = .linear(try DeviceLinear(shape, method, on: session))
    }
    buildSeconds = session.buildSeconds - before
  }

  /// Runs a pass on tensors of the device.
  func run(_ t: DeviceTensors, _ pass: Problem.Pass) throws {
    switch kind {
    case .convolution(let convolution):
      if pass.hasForward {
        try convolution.forward(input: t.input, weight: t.weight, bias: t.bias, output: t.output)
      }
      guard pass.hasBackward else { return }
      try convolution.backward(
        input: t.input, weight: t.weight, gradOutput: t.gradOutput,
        gradInput: pass.hasInputGradient ? t.gradInput : nil, gradWeight: t.gradWeight,
        gradBias: t.gradBias)
    case .linear(let linear):
      if pass.hasForward {
        try linear.forward(input: t.input, weight: t.weight, bias: t.bias, output: t.output)
      }
      guard pass.hasBackward else { return }
      try linear.backward(
        input: t.input, weight: t.weight, gradOutput: t.gradOutput,
        gradInput: pass.hasInputGradient ? t.gradInput : nil, gradWeight: t.gradWeight,
        gradBias: t.gradBias)
    }
  }
}
