import KernelTable

private let width = Vector.scalarCount

/// As many vectors as a square has pixels in a row: a row or a column of a transform.
protocol WinogradLine {
  /// Pixels.
  static var span: Int { get }
  /// Vectors that lie so many floats apart.
  init(_ p: UnsafePointer<Float>, _ stride: Int)
  /// G of the vectors of a kernel.
  init(weights count: Int, _ p: UnsafePointer<Float>, _ stride: Int)
  /// A of the vectors of a gradient.
  init(gradients count: Int, _ p: UnsafePointer<Float>, _ stride: Int)
  /// Bᵀ of the input.
  var input: Self { get }
  /// Stores the vectors so many floats apart.
  func put(_ p: UnsafeMutablePointer<Float>, _ stride: Int)
  /// Aᵀ of some outputs, with a bias.
  func put(outputs count: Int, _ p: UnsafeMutablePointer<Float>, _ stride: Int, _ bias: Vector?)
  /// Gᵀ of the gradient of some weights.
  func put(weights count: Int, _ p: UnsafeMutablePointer<Float>, _ stride: Int)
}

extension WinogradLine {
  /// Bᵀ d B for `count` squares of pixels that start `step` pixels apart in a row of pixels.
  @inline(never)
  fileprivate static func input(
    _ count: Int, _ step: Int, _ pixels: UnsafePointer<Float>, _ rowStride: Int,
    _ points: UnsafeMutablePointer<Float>, _ pointStride: Int, _ squareStride: Int,
    _ work: UnsafeMutablePointer<Float>
  ) {
    for square in 0..<count {
      let from = pixels + square * step * width
      for column in 0..<span {
        Self(from + column * width, rowStride).input.put(work + column * width, span * width)
      }
      let to = points + square * squareStride
      for row in 0..<span {
        Self(work + row * span * width, width).input.put(to + row * span * pointStride, pointStride)
      }
    }
  }
}

/// F(side × side, taps × taps): the transforms of squares of `side` × `side` outputs under kernels of `taps` × `taps`.
///
/// Both are constants of the type, so that the loops over rows and columns are unrolled.
enum WinogradTransforms<Line: WinogradLine, let side: Int, let taps: Int> {
  /// All five, for the table of kernels.
  @inline(__always) static var all: Winograd {
    Winograd(
      span: Line.span, input: Line.input, output: output, weight: weight, gradient: gradient,
      kernel: kernel)
  }

  /// Aᵀ m A + bias for `count` squares in a row.
  ///
  /// The last square comes first: what it writes too much behind the end of a row of pixels, the first
  /// square of the next row repairs.
  @inline(never)
  private static func output(
    _ count: Int, _ points: UnsafePointer<Float>, _ pointStride: Int, _ squareStride: Int,
    _ bias: UnsafePointer<Float>, _ pixels: UnsafeMutablePointer<Float>, _ rowStride: Int,
    _ work: UnsafeMutablePointer<Float>
  ) {
    let bias = loadVector(bias)
    for square in (0..<count).reversed() {
      let from = points + square * squareStride
      for column in 0..<Line.span {
        Line(from + column * pointStride, Line.span * pointStride)
          .put(outputs: side, work + column * width, Line.span * width, nil)
      }
      for row in 0..<side {
        Line(work + row * Line.span * width, width)
          .put(outputs: side, pixels + square * side * width + row * rowStride, width, bias)
      }
    }
  }

  /// G g Gᵀ for the kernels of `count` channels, `taps` × `taps` vectors each; turned by 180° if `turned`.
  @inline(never)
  private static func weight(
    _ count: Int, _ kernels: UnsafePointer<Float>, _ turned: Bool,
    _ points: UnsafeMutablePointer<Float>, _ pointStride: Int, _ channelStride: Int,
    _ work: UnsafeMutablePointer<Float>
  ) {
    let (first, step) = turned ? ((taps * taps - 1) * width, -width) : (0, width)
    for channel in 0..<count {
      let from = kernels + channel * taps * taps * width + first
      for column in 0..<taps {
        Line(weights: taps, from + column * step, taps * step)
          .put(work + column * width, taps * width)
      }
      let to = points + channel * channelStride
      for row in 0..<Line.span {
        Line(weights: taps, work + row * taps * width, width)
          .put(to + row * Line.span * pointStride, pointStride)
      }
    }
  }

  /// A y Aᵀ for `count` squares of gradients in a row.
  @inline(never)
  private static func gradient(
    _ count: Int, _ pixels: UnsafePointer<Float>, _ rowStride: Int,
    _ points: UnsafeMutablePointer<Float>, _ pointStride: Int, _ squareStride: Int,
    _ work: UnsafeMutablePointer<Float>
  ) {
    for square in 0..<count {
      let from = pixels + square * side * width
      for column in 0..<side {
        Line(gradients: side, from + column * width, rowStride)
          .put(work + column * width, side * width)
      }
      let to = points + square * squareStride
      for row in 0..<Line.span {
        Line(gradients: side, work + row * side * width, width)
          .put(to + row * Line.span * pointStride, pointStride)
      }
    }
  }

  /// Gᵀ u G: from the points of `count` channels back to `taps` × `taps` vectors each.
  @inline(never)
  private static func kernel(
    _ count: Int, _ points: UnsafePointer<Float>, _ pointStride: Int, _ channelStride: Int,
    _ kernels: UnsafeMutablePointer<Float>, _ work: UnsafeMutablePointer<Float>
  ) {
    for channel in 0..<count {
      let from = points + channel * channelStride
      for column in 0..<Line.span {
        Line(from + column * pointStride, Line.span * pointStride)
          .put(weights: taps, work + column * width, Line.span * width)
      }
      for row in 0..<taps {
        Line(work + row * Line.span * width, width)
          .put(weights: taps, kernels + (channel * taps + row) * taps * width, width)
      }
    }
  }
}
