/// The sizes of a two-dimensional convolution.
///
/// Pictures are `[channel, batch, row, column]`: with the batch inside the channel, one matrix product
/// covers all pictures and needs no rearranging. For a batch of one that is PyTorch's order.
/// Weights are `[outChannel, inChannel / groups, kernelRow, kernelColumn]`.
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
  public let stride: Int
  /// Zeros put around the input on each side.
  public let padding: Int
  /// Pixels from one element of the window to the next.
  public let dilation: Int
  /// Parts into which the channels are split, each convolved by itself.
  public let groups: Int
  /// Rows of the output.
  public let outHeight: Int
  /// Columns of the output.
  public let outWidth: Int

  /// Checks the sizes and derives those of the output; throws a `TensorError` that names the rule.
  public init(
    batch: Int, inChannels: Int, height: Int, width: Int, outChannels: Int,
    kernelHeight: Int, kernelWidth: Int, stride: Int = 1, padding: Int = 0, dilation: Int = 1,
    groups: Int = 1
  ) throws {
    let sizes = [
      ("batch", batch), ("input channels", inChannels), ("height", height), ("width", width),
      ("output channels", outChannels), ("kernel height", kernelHeight),
      ("kernel width", kernelWidth), ("stride", stride), ("dilation", dilation), ("groups", groups),
    ]
    for (name, size) in sizes where !(1...1 << 24).contains(size) {
      throw TensorError.size(name, size)
    }
    guard (0...1 << 24).contains(padding) else { throw TensorError.size("padding", padding) }
    guard inChannels % groups == 0, outChannels % groups == 0 else {
      throw TensorError.groups(groups, inChannels, outChannels)
    }
    let rows = height + 2 * padding - dilation * (kernelHeight - 1)
    let columns = width + 2 * padding - dilation * (kernelWidth - 1)
    guard rows > 0, columns > 0 else {
      throw TensorError.kernelTooLarge(kernelHeight, kernelWidth, height, width, padding)
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
    outHeight = (rows - 1) / stride + 1
    outWidth = (columns - 1) / stride + 1
    let counts = [
      [inChannels, batch, height + 2 * padding, width + 2 * padding],
      [outChannels, batch, outHeight, outWidth], [outChannels, window],
    ]
    for factors in counts where factors.reduce(1.0, { $0 * Double($1) }) > 0x1p36 {
      throw TensorError.overflow(factors)
    }
  }

  /// Elements of the input.
  public var inputCount: Int { inChannels * batch * height * width }
  /// Elements of the output.
  public var outputCount: Int { outChannels * batch * outHeight * outWidth }
  /// Elements of the weights.
  public var weightCount: Int { outChannels * window }
  /// Elements under the window of one output.
  public var window: Int { inChannels / groups * kernelHeight * kernelWidth }
}

/// Sizes that make no tensor operation.
public enum TensorError: Error, CustomStringConvertible, Equatable {
  /// A size is zero, negative or absurd.
  case size(String, Int)
  /// The groups divide the channels unevenly.
  case groups(Int, Int, Int)
  /// The window does not fit into the padded picture.
  case kernelTooLarge(Int, Int, Int, Int, Int)
  /// The product of the sizes is too large.
  case overflow([Int])

  /// The rule, then the value.
  public var description: String {
    switch self {
    case .size(let name, let value): "\(name) must be in 1...16777216: \(value)"
    case .groups(let groups, let input, let output):
      "groups must divide input and output channels: \(groups) does not divide \(input) and \(output)"
    case .kernelTooLarge(let r, let s, let height, let width, let padding):
      "kernel must fit the padded picture: \(r)×\(s) in \(height)×\(width) with padding \(padding)"
    case .overflow(let factors):
      "tensor must have fewer than 2^36 elements: \(factors.map(String.init).joined(separator: "×"))"
    }
  }
}
