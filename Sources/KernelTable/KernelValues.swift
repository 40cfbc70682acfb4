// Kernels that come in several sizes of one form are handed out as values.

/// depth, A, its row and step, B, its slots and depths, what to start from, bias, C, its slots and row.
///
/// A plain pointer, since closures are counted each time they are handed on.
public typealias Multiply =
  @convention(c) @Sendable (
    Int, FloatSource, Int, Int, FloatSource, Offsets, Offsets, FloatSource?, FloatSource?,
    FloatTarget, Offsets, Int
  ) -> Void

/// The same, and what is read next: where that starts, places from there, and how many.
///
/// Their cache lines are asked for while the tile multiplies, one a depth.
public typealias MultiplyAsking =
  @convention(c) @Sendable (
    Int, FloatSource, Int, Int, FloatSource, Offsets, Offsets, FloatSource?, FloatSource?,
    FloatTarget, Offsets, Int, FloatSource, Offsets, Int
  ) -> Void

/// depth, A, its rows and depths, B, its row, C, its row, whether to add to it.
public typealias Correlate =
  @Sendable (Int, FloatSource, Offsets, Offsets, FloatSource, Int, FloatTarget, Int, Bool) -> Void

/// A pass over the last days of a block: block, day, output.
public typealias FactorKernel = @Sendable (FloatTarget, Int, FloatTarget) -> Void

/// The shape of a register tile and its kernel.
public struct Tile: Sendable {
  /// Vectors of a row.
  public let slots: Int
  /// Rows of A and C.
  public let rows: Int
  /// C = A · B.
  public let multiply: Multiply
  /// The same, asking for what is read next.
  public let asking: MultiplyAsking

  /// A tile of that shape.
  public init(
    slots: Int, rows: Int, multiply: Multiply, asking: MultiplyAsking
  ) {
    (self.slots, self.rows) = (slots, rows)
    (self.multiply, self.asking) = (multiply, asking)
  }
}

/// Winograd's transforms for a size of the convolution's kernel and one of its squares.
///
/// A pixel, a tap and a point are each a vector of channels. `work` has room for a vector a point.
public struct Winograd: Sendable {
  /// count, pixels from square to square, pixels, their row, points, their strides of point and square,
  /// work.
  public typealias Input =
    @Sendable (Int, Int, FloatSource, Int, FloatTarget, Int, Int, FloatTarget) -> Void
  /// count, points, their strides of point and square, bias, pixels, their row, work.
  public typealias Output =
    @Sendable (Int, FloatSource, Int, Int, FloatSource, FloatTarget, Int, FloatTarget) -> Void
  /// count, taps, whether they are turned, points, their strides of point and channel, work.
  public typealias Weight =
    @Sendable (Int, FloatSource, Bool, FloatTarget, Int, Int, FloatTarget) -> Void
  /// count, pixels, their row, points, their strides of point and square, work.
  public typealias Gradient =
    @Sendable (Int, FloatSource, Int, FloatTarget, Int, Int, FloatTarget) -> Void
  /// count, points, their strides of point and channel, taps, work.
  public typealias Kernel = @Sendable (Int, FloatSource, Int, Int, FloatTarget, FloatTarget) -> Void

  /// Rows and columns of the pixels that a square sees: 6, 8 or 9.
  public let span: Int
  /// Bᵀ d B.
  public let input: Input
  /// Aᵀ m A + bias.
  public let output: Output
  /// G g Gᵀ.
  public let weight: Weight
  /// A y Aᵀ.
  public let gradient: Gradient
  /// Gᵀ u G.
  public let kernel: Kernel

  /// The transforms of squares of that span.
  public init(
    span: Int, input: @escaping Input, output: @escaping Output, weight: @escaping Weight,
    gradient: @escaping Gradient, kernel: @escaping Kernel
  ) {
    (self.span, self.input) = (span, input)
    (self.output, self.weight) = (output, weight)
    (self.gradient, self.kernel) = (gradient, kernel)
  }
}

/// Columns of 16-bit floats.
public struct HalfColumns: Sendable {
  /// count, values, halves; false where narrowing loses anything.
  public typealias Narrow = @Sendable (Int, FloatSource, UnsafeMutablePointer<UInt16>) -> Bool
  /// count, places, x, columns, outputs, y.
  public typealias Add =
    @Sendable (Int, UnsafePointer<Int32>, FloatSource, UnsafePointer<UInt16>, Int, FloatTarget) ->
    Void

  /// Narrows floats to 16 bits.
  public let narrow: Narrow
  /// Adds listed columns, times their values.
  public let add: Add

  /// The two kernels.
  public init(narrow: @escaping Narrow, add: @escaping Add) {
    (self.narrow, self.add) = (narrow, add)
  }
}

/// Winograd's method in one direction, for a size of the convolution's kernel: eight points for each column of pixels.
public struct WinogradRows: Sendable {
  /// columns, eight rows of pixels, their points, floats from point to point.
  public typealias Input =
    @Sendable (Int, UnsafePointer<FloatSource>, FloatTarget, Int) -> Void
  /// columns of the kernel, taps of a vector of kernels, floats from row to row of the kernel, points, floats from
  /// point to point.
  public typealias Weight = @Sendable (Int, FloatSource, Int, FloatTarget, Int) -> Void
  /// slots, their columns, depth, points, floats from point to point, where each depth lies, weights, floats from
  /// point to point of these, biases, outputs, their strides, work for 24 vectors.
  public typealias Multiply =
    @Sendable (
      Int, Offsets, Int, FloatSource, Int, Offsets, FloatSource, Int, FloatSource, FloatTarget,
      (row: Int, plane: Int), FloatTarget
    ) -> Void

  /// Rows of output that eight rows of points give: 6 or 4.
  public let side: Int
  /// Planes of output that are worked on at once.
  public let outputs: Int
  /// Bᵀ of columns of pixels.
  public let input: Input
  /// G of columns of kernels.
  public let weight: Weight
  /// Aᵀ of the sums of products, plus a bias.
  public let multiply: Multiply

  /// The kernels of one size.
  public init(
    side: Int, outputs: Int, input: @escaping Input, weight: @escaping Weight,
    multiply: @escaping Multiply
  ) {
    (self.side, self.outputs) = (side, outputs)
    (self.input, self.weight, self.multiply) = (input, weight, multiply)
  }
}
