import KernelChoice

/// Convolution of stride 1 by Winograd's minimal filtering, F(4×4, 3×3) or F(2×2, 5×5), forward and
/// backward.
///
/// Pictures are cut into overlapping squares of 6×6 pixels; in the transformed space a convolution is a
/// product for each of 36 points, so that 16 outputs of a 3×3 kernel cost 36 products a channel instead
/// of 144, and 4 outputs of a 5×5 kernel 36 instead of 100. Errors are some ten times those of the
/// other methods.
/// Source: Lavin and Gray, "Fast algorithms for convolutional neural networks", 2016.
final class WinogradConvolution: ConvolutionPasses {
  var preparation: Preparation?
  private let shape: ConvolutionShape
  private let workers: Workers
  private let kernels: Kernels
  private let forwardPass: WinogradProduct
  private let squares: WinogradSquares
  // Made when they are first needed: inference has no backward pass.
  private lazy var inputPass = WinogradProduct(
    WinogradSquares(
      kernel: shape.kernelHeight, batch: shape.batch, channels: shape.outChannels,
      height: shape.outHeight, width: shape.outWidth,
      padding: PerAxis(
        rows: shape.kernelHeight - 1 - shape.padding.rows,
        columns: shape.kernelWidth - 1 - shape.padding.columns),
      outHeight: shape.height, outWidth: shape.width),
    outChannels: shape.inChannels, isTurned: true, workers: workers, kernels: kernels)
  private lazy var weightGradient = WinogradWeightGradient(
    squares, outChannels: shape.outChannels, workers: workers, kernels: kernels)

  /// Whether the shape is one that this method does.
  static func does(_ s: ConvolutionShape) -> Bool {
    [3, 5].contains(s.kernelHeight) && s.kernelWidth == s.kernelHeight && s.stride == 1
      && s.dilation == 1 && s.groups == 1 && s.padding.rows < s.kernelHeight
      && s.padding.columns < s.kernelWidth
  }

  init(_ shape: ConvolutionShape, _ workers: Workers, _ kernels: Kernels) throws {
    guard Self.does(shape) else {
      throw TensorError.method(
        "winograd needs a kernel of 3×3 or 5×5, larger than its padding, stride 1, dilation 1 and one group",
        "\(shape.kernelHeight)×\(shape.kernelWidth) kernel, stride \(shape.stride), "
          + "dilation \(shape.dilation), \(shape.groups) groups, padding \(shape.padding)")
    }
    self.shape = shape
    self.workers = workers
    self.kernels = kernels
    squares = WinogradSquares(
      kernel: shape.kernelHeight, batch: shape.batch, channels: shape.inChannels,
      height: shape.height, width: shape.width,
      padding: shape.padding, outHeight: shape.outHeight, outWidth: shape.outWidth)
    forwardPass = WinogradProduct(
      squares, outChannels: shape.outChannels, isTurned: false, workers: workers, kernels: kernels)
  }

  func forward(
    _ input: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?,
    _ output: UnsafeMutablePointer<Float>, weightStays: Bool
  ) {
    forwardPass.run(input, weight, bias, output, weightStays: weightStays, preparation)
  }

  func backward(
    _ input: UnsafePointer<Float>, _ weight: UnsafePointer<Float>,
    _ gradOutput: UnsafePointer<Float>, _ gradInput: UnsafeMutablePointer<Float>?,
    _ gradWeight: UnsafeMutablePointer<Float>, _ gradBias: UnsafeMutablePointer<Float>
  ) {
    biasGradient(shape, gradOutput, gradBias, workers, kernels)
    weightGradient.run(input, gradOutput, gradWeight, preparation)
    guard let gradInput else { return }
    inputPass.run(gradOutput, weight, nil, gradInput, weightStays: false, preparation)
  }
}
