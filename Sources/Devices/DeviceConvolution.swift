import Tensor

/// A two-dimensional convolution with bias on a device, forward and backward: prepared once, run often.
///
/// Sizes, the order of elements and what is computed are those of `Convolution`. Nothing is added by atomic
/// operations, so that the same bytes come out in each run on one device.
public final class DeviceConvolution {
  /// The sizes.
  public let shape: ConvolutionShape
  /// How it is computed; never `auto`.
  public let method: ConvolutionMethod
  let passes: any DevicePasses

  /// A convolution of that shape; throws a `TensorError` where the method does not do it, and a
  /// `DeviceError` where the device does not.
  public init(
    _ shape: ConvolutionShape, _ method: ConvolutionMethod = .auto, on session: DeviceSession
  ) throws {
    self.shape = shape
    self.method = method == .auto ? Self.best(for: shape) : method
    let inside = shape.withStridesInside
    switch self.method {
    case .direct: passes = try DirectPasses(inside, session)
    case .swap: passes = try SwapPasses(inside, session)
    case .gemm, .auto: passes = try GemmPasses(inside, session)
    case .winograd: passes = try WinogradPasses(inside, session)
    }
  }

  /// Winograd's method where it does the shape and there are channels enough for its products of matrices.
  static func best(for shape: ConvolutionShape) -> ConvolutionMethod {
    WinogradPasses.does(shape) && min(shape.inChannels, shape.outChannels) >= 32
      ? .winograd : .gemm
  }

  /// output = input ∗ weight + bias.
  public func forward(
    input: DeviceBuffer, weight: DeviceBuffer, bias: DeviceBuffer?, output: DeviceBuffer
  ) throws(DeviceError) {
    try passes.forward(input, weight, bias, output)
  }

  /// The gradients for a gradient of the output; that of the input only where it is wanted.
  public func backward(
    input: DeviceBuffer, weight: DeviceBuffer, gradOutput: DeviceBuffer, gradInput: DeviceBuffer?,
    gradWeight: DeviceBuffer, gradBias: DeviceBuffer
  ) throws(DeviceError) {
    try passes.backward(input, weight, gradOutput, gradInput, gradWeight, gradBias)
  }
}

/// What each method of a convolution or a linear layer provides.
protocol DevicePasses: AnyObject {
  func forward(
    _ input: DeviceBuffer, _ weight: DeviceBuffer, _ bias: DeviceBuffer?, _ output: DeviceBuffer
  ) throws(DeviceError)

  func backward(
    _ input: DeviceBuffer, _ weight: DeviceBuffer, _ gradOutput: DeviceBuffer,
    _ gradInput: DeviceBuffer?, _ gradWeight: DeviceBuffer, _ gradBias: DeviceBuffer
  ) throws(DeviceError)
}
