import KernelTable

// The loops of Winograd's transforms, over squares or channels, columns and rows. The sizes of kernels, of squares of
// pixels and of squares of outputs are constants where they are inlined.

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

/// Bᵀ d B for `count` squares of pixels that start `step` pixels apart in a row of pixels.
@inline(__always)
func input<Line: WinogradLine>(
  _: Line.Type, _ count: Int, _ step: Int, _ pixels: UnsafePointer<Float>, _ rowStride: Int,
  _ points: UnsafeMutablePointer<Float>, _ pointStride: Int, _ squareStride: Int,
  _ work: UnsafeMutablePointer<Float>
) {
  for square in 0..<count {
    let from = pixels + square * step * width
    for column in 0..<Line.span {
      Line(from + column * width, rowStride).input.put(work + column * width, Line.span * width)
    }
    let to = points + square * squareStride
    for row in 0..<Line.span {
      Line(work + row * Line.span * width, width).input
        .put(to + row * Line.span * pointStride, pointStride)
    }
  }
}

/// Aᵀ m A + bias for `count` squares of `side` × `side` pixels in a row, the last one first.
@inline(__always)
func output<Line: WinogradLine>(
  _: Line.Type, _ side: Int, _ count: Int, _ points: UnsafePointer<Float>, _ pointStride: Int,
  _ squareStride: Int, _ bias: UnsafePointer<Float>, _ pixels: UnsafeMutablePointer<Float>,
  _ rowStride: Int, _ work: UnsafeMutablePointer<Float>
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

/// G g Gᵀ for the kernels of `count` channels: `side` × `side` vectors each, turned by 180° if `turned`.
@inline(__always)
func weight<Line: WinogradLine>(
  _: Line.Type, _ side: Int, _ count: Int, _ taps: UnsafePointer<Float>, _ turned: Bool,
  _ points: UnsafeMutablePointer<Float>, _ pointStride: Int, _ channelStride: Int,
  _ work: UnsafeMutablePointer<Float>
) {
  let (first, step) = turned ? ((side * side - 1) * width, -width) : (0, width)
  for channel in 0..<count {
    let from = taps + channel * side * side * width + first
    for column in 0..<side {
      Line(weights: side, from + column * step, side * step)
        .put(work + column * width, side * width)
    }
    let to = points + channel * channelStride
    for row in 0..<Line.span {
      Line(weights: side, work + row * side * width, width)
        .put(to + row * Line.span * pointStride, pointStride)
    }
  }
}

/// A y Aᵀ for `count` squares of `side` × `side` gradients in a row.
@inline(__always)
func gradient<Line: WinogradLine>(
  _: Line.Type, _ side: Int, _ count: Int, _ pixels: UnsafePointer<Float>, _ rowStride: Int,
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

/// Gᵀ u G: from the points of `count` channels back to `side` × `side` vectors each.
@inline(__always)
func kernel<Line: WinogradLine>(
  _: Line.Type, _ side: Int, _ count: Int, _ points: UnsafePointer<Float>, _ pointStride: Int,
  _ channelStride: Int, _ taps: UnsafeMutablePointer<Float>, _ work: UnsafeMutablePointer<Float>
) {
  for channel in 0..<count {
    let from = points + channel * channelStride
    for column in 0..<Line.span {
      Line(from + column * pointStride, Line.span * pointStride)
        .put(weights: side, work + column * width, Line.span * width)
    }
    for row in 0..<side {
      Line(work + row * Line.span * width, width)
        .put(weights: side, taps + (channel * side + row) * side * width, width)
    }
  }
}
