import KernelChoice

/// Convolution of stride 1 or 2 by Winograd's minimal filtering, forward and backward.
///
/// Pictures are cut into overlapping squares; in the transformed space a convolution is a product for
/// each point of a square. Of squares of 6×6 pixels, F(4×4, 3×3) or F(2×2, 5×5), 16 outputs of a 3×3
/// kernel cost 36 products a channel instead of 144, and 4 outputs of a 5×5 kernel 36 instead of 100; of
/// squares of 8×8, F(6×6, 3×3) or F(4×4, 5×5), 36 outputs cost 64 instead of 324, and 16 cost 64 instead
/// of 400; of squares of 9×9, F(7×7, 3×3) or F(5×5, 5×5), 49 outputs cost 81 instead of 441, and 25 cost
/// 81 instead of 625. Kernels of 2×2 have squares of 8×8 alone, F(7×7, 2×2), those of 4×4 both larger
/// ones, F(5×5, 4×4) and F(6×6, 4×4). Larger squares have more weights to transform, and each size hangs
/// over the edges of other pictures: the shape decides. Errors are some ten times those of the other
/// methods, with squares of 9×9 some thirty times.
///
/// With a stride of two it is done for the phases (`StridePhases`): by F(7×7, 2×2) 49 outputs of a 3×3 kernel
/// cost 4 · 64 products instead of 441, by F(5×5, 4×4) 25 of a 7×7 kernel 4 · 64 instead of
/// 1225, and by F(6×6, 4×4) 36 of them 4 · 81 instead of 1764.
/// Source: Lavin and Gray, "Fast algorithms for convolutional neural networks", 2016.
final class WinogradConvolution: ConvolutionPasses {
  var preparation: Preparation?
  private let shape: ConvolutionShape
  private let workers: Workers
  private let kernels: Kernels
  /// Pictures that the size of the squares is chosen for.
  private let pictures: Int
  private let forwardPass: WinogradProduct
  private let squares: WinogradSquares
  // Made when they are first needed: inference has no backward pass.
  private lazy var inputPass = WinogradProduct(
    WinogradSquares(
      kernel: squares.kernel, batch: shape.batch, channels: shape.outChannels,
      height: shape.outHeight, width: shape.outWidth,
      padding: PerAxis(
        rows: squares.kernel - 1 - squares.padding.rows,
        columns: squares.kernel - 1 - squares.padding.columns),
      outHeight: squares.height, outWidth: squares.width, woven: squares.dealt
    ).best(outChannels: squares.channels, pictures: pictures),
    outChannels: squares.channels, isTurned: true, workers: workers, kernels: kernels)
  private lazy var weightGradient = WinogradWeightGradient(
    squares, outChannels: shape.outChannels, workers: workers, kernels: kernels)

  /// Whether the shape is one that this method does.
  static func does(_ s: ConvolutionShape) -> Bool {
    let kernels = s.stride == 1 ? 2...5 : 3...8
    return kernels.contains(s.kernelHeight) && s.kernelWidth == s.kernelHeight
      && (s.stride == 1 || s.stride == 2)
      && s.dilation == 1 && s.groups == 1 && s.padding.rows < s.kernelHeight
      && s.padding.columns < s.kernelWidth
  }

  /// Convolution of `shape` by the squares that are best for so many pictures.
  init(_ shape: ConvolutionShape, pictures: Int, _ workers: Workers, _ kernels: Kernels) throws {
    guard Self.does(shape) else {
      throw TensorError.method(
        "winograd needs a kernel of 2×2 to 5×5 with stride 1, of 3×3 to 8×8 with stride 2, larger than "
          + "its padding, dilation 1 and one group",
        "\(shape.kernelHeight)×\(shape.kernelWidth) kernel, stride \(shape.stride), "
          + "dilation \(shape.dilation), \(shape.groups) groups, padding \(shape.padding)")
    }
    self.shape = shape
    self.workers = workers
    self.kernels = kernels
    self.pictures = pictures
    squares = Self.squares(shape, pictures: pictures)
    forwardPass = WinogradProduct(
      squares, outChannels: shape.outChannels, isTurned: false, workers: workers, kernels: kernels)
  }

  /// The squares of the forward pass, and of the weights' gradient.
  static func squares(_ shape: ConvolutionShape, pictures: Int) -> WinogradSquares {
    let phases = shape.stride == 2 ? StridePhases(shape) : nil
    let squares =
      phases.map {
        WinogradSquares(
          kernel: $0.kernel, batch: shape.batch, channels: $0.channels, height: $0.height,
          width: $0.width, padding: $0.padding, outHeight: shape.outHeight,
          outWidth: shape.outWidth,
          dealt: $0)
      }
      ?? WinogradSquares(
        kernel: shape.kernelHeight, batch: shape.batch, channels: shape.inChannels,
        height: shape.height, width: shape.width,
        padding: shape.padding, outHeight: shape.outHeight, outWidth: shape.outWidth)
    return squares.best(outChannels: shape.outChannels, pictures: pictures)
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
