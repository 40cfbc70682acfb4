/// The sizes of a two-dimensional convolution.
///
/// Pictures are `[batch, channel, row, column]`, weights
/// `[outChannel, inChannel / groups, kernelRow, kernelColumn]`: PyTorch's order. A one-dimensional
/// convolution has pictures and kernels of one row.
public struct ConvolutionShape: Equatable, Sendable {
  /// Pictures.
  public let batch: Int
  /// Channels of the input.
  public let inChannels: Int
  /// Rows of the input.
  public let height: Int
  /// Columns of the input.
  public let width: Int
  /// Channels of the output.
  public let outChannels: Int
  /// Rows of the window.
  public let kernelHeight: Int
  /// Columns of the window.
  public let kernelWidth: Int
  /// Pixels from one place of the window to the next.
  public private(set) var stride: PerAxis
  /// Zeros put around the input on each side.
  public let padding: PerAxis
  /// Pixels from one element of the window to the next.
  public let dilation: PerAxis
  /// Parts into which the channels are split, each convolved by itself.
  public let groups: Int
  /// Rows of the output.
  public let outHeight: Int
  /// Columns of the output.
  public let outWidth: Int

  /// Checks the sizes and derives those of the output; throws a `TensorError` that names the rule.
  public init(
    batch: Int, inChannels: Int, height: Int, width: Int, outChannels: Int,
    kernelHeight: Int, kernelWidth: Int, stride: PerAxis = 1, padding: PerAxis = 0,
    dilation: PerAxis = 1, groups: Int = 1
  ) throws {
    let sizes = [
      ("batch", batch), ("input channels", inChannels), ("height", height), ("width", width),
      ("output channels", outChannels), ("kernel height", kernelHeight),
      ("kernel width", kernelWidth), ("stride", stride.rows), ("stride", stride.columns),
      ("dilation", dilation.rows), ("dilation", dilation.columns), ("groups", groups),
    ]
    for (name, size) in sizes where !(1...1 << 24).contains(size) {
      throw TensorError.size(name, size)
    }
    for size in [padding.rows, padding.columns] where !(0...1 << 24).contains(size) {
      throw TensorError.padding(size)
    }
    guard inChannels % groups == 0, outChannels % groups == 0 else {
      throw TensorError.groups(groups, inChannels, outChannels)
    }
    let rows = height + 2 * padding.rows - dilation.rows * (kernelHeight - 1)
    let columns = width + 2 * padding.columns - dilation.columns * (kernelWidth - 1)
    guard rows > 0, columns > 0 else {
      throw TensorError.kernelTooLarge(
        kernelHeight, kernelWidth, height, width, padding, dilation: dilation)
    }
    self.batch = batch
    self.inChannels = inChannels
    self.height = height
    self.width = width
    self.outChannels = outChannels
    self.kernelHeight = kernelHeight
    self.kernelWidth = kernelWidth
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    self.groups = groups
    outHeight = (rows - 1) / stride.rows + 1
    outWidth = (columns - 1) / stride.columns + 1
    let counts = [
      [batch, inChannels, height + 2 * padding.rows, width + 2 * padding.columns],
      [batch, outChannels, outHeight, outWidth],
      [outChannels, inChannels / groups, kernelHeight, kernelWidth],
    ]
    for factors in counts where factors.reduce(1.0, { $0 * Double($1) }) > 0x1p34 {
      throw TensorError.overflow(factors)
    }
  }

  /// The same with strides that lead out of the picture cut to the first that does: what a method
  /// prepares grows with the stride.
  public var withStridesInside: ConvolutionShape {
    var shape = self
    shape.stride = PerAxis(
      rows: min(stride.rows, height + 2 * padding.rows - dilation.rows * (kernelHeight - 1)),
      columns: min(
        stride.columns, width + 2 * padding.columns - dilation.columns * (kernelWidth - 1)))
    return shape
  }

  /// Elements of the input.
  public var inputCount: Int { batch * inChannels * height * width }
  /// Elements of the output.
  public var outputCount: Int { batch * outChannels * outHeight * outWidth }
  /// Elements of the weights.
  public var weightCount: Int { outChannels * window }
  /// Elements under the window of one output.
  public var window: Int { inChannels / groups * kernelHeight * kernelWidth }
  /// Channels of the input that one output sees.
  public var inGroup: Int { inChannels / groups }
  /// Channels of the output that see the same input.
  public var outGroup: Int { outChannels / groups }
  /// Pixels of an input plane.
  public var plane: Int { height * width }
  /// Pixels of an output plane.
  public var outPlane: Int { outHeight * outWidth }
  /// Multiplications and additions of the forward pass, those with padding included.
  public var operations: Int { 2 * outputCount * window }
}

extension ConvolutionShape {
  /// Multiplications and additions of the forward pass, those with the zeros of the padding left out.
  ///
  /// In Double, since large shapes have more of them than an `Int` holds.
  public var usefulOperations: Double {
    let rows = Self.insideElements(
      places: outHeight, kernel: kernelHeight, stride: stride.rows, padding: padding.rows,
      dilation: dilation.rows, size: height)
    let columns = Self.insideElements(
      places: outWidth, kernel: kernelWidth, stride: stride.columns, padding: padding.columns,
      dilation: dilation.columns, size: width)
    return 2 * Double(batch * outChannels * inGroup) * rows * columns
  }

  /// How many elements of a window lie on pixels, summed over its places along one direction.
  private static func insideElements(
    places: Int, kernel: Int, stride: Int, padding: Int, dilation: Int, size: Int
  ) -> Double {
    var count = 0.0
    for place in 0..<places {
      let start = place * stride - padding
      let first = start >= 0 ? 0 : (dilation - 1 - start) / dilation
      let end = size > start ? min(kernel, (size - start + dilation - 1) / dilation) : 0
      count += Double(max(0, end - first))
    }
    return count
  }
}
