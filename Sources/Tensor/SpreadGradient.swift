import KernelChoice

/// gradInput for very few input channels: the product with each place of the window, then their sum.
///
/// The product with turned weights has a row for each input channel, and a tile has eight: with one
/// channel seven eighths would be lost. Here rows are the places of the window, nine of 3×3, and their
/// planes are added where they belong afterwards.
final class SpreadGradient {
  private let shape: ConvolutionShape
  private let workers: Workers
  private let kernels: Kernels
  private let product: TapProduct
  private let planes: FloatBuffer
  private let few: Int

  /// Whether it is faster than the product with turned weights.
  static func pays(_ s: ConvolutionShape) -> Bool {
    s.inGroup < 4 && s.window <= 48 && s.kernelHeight * s.kernelWidth > 1
  }

  init(_ s: ConvolutionShape, _ workers: Workers, _ kernels: Kernels) {
    shape = s
    self.workers = workers
    self.kernels = kernels
    // Every pixel of the gradient by itself.
    let geometry = TapGeometry(
      channels: s.outGroup, height: s.outHeight, width: s.outWidth, before: 0, stride: 1,
      taps: [0], outHeight: s.outHeight, outWidth: s.outWidth)
    product = TapProduct(geometry, rows: s.window, workers: workers, kernels: kernels)
    few = max(1, min(s.batch, (64 << 10) / (s.window * s.outPlane)))
    planes = FloatBuffer(few * s.window * s.outPlane)
  }

  func run(
    _ weight: UnsafePointer<Float>, _ gradOutput: UnsafePointer<Float>,
    _ gradInput: UnsafeMutablePointer<Float>, _ preparation: Preparation?
  ) {
    let s = shape
    for group in 0..<s.groups {
      for first in stride(from: 0, to: s.batch, by: few) {
        let count = min(few, s.batch - first)
        product.run(
          a: weight + group * s.outGroup * s.window, aRow: 1, aStep: s.window, bias: nil,
          source: gradOutput + (first * s.outChannels + group * s.outGroup) * s.outPlane,
          picture: s.outChannels * s.outPlane, pictures: count, output: planes.start,
          outputPicture: s.window * s.outPlane, preparation: preparation)
        preparation.measure {
          workers.forEach(count * s.inGroup) { index, _ in
            let (picture, channel) = index.quotientAndRemainder(dividingBy: s.inGroup)
            let plane = (first + picture) * s.inChannels + group * s.inGroup + channel
            add(
              planes.start
                + (picture * s.inGroup + channel) * s.kernelHeight * s.kernelWidth * s.outPlane,
              to: gradInput + plane * s.plane)
          }
        }
      }
    }
  }

  /// Adds the planes of one input channel.
  private func add(_ places: UnsafePointer<Float>, to plane: UnsafeMutablePointer<Float>) {
    let s = shape
    plane.update(repeating: 0, count: s.plane)
    for r in 0..<s.kernelHeight {
      let rows = inside(
        r * s.dilation.rows - s.padding.rows, s.stride.rows, s.height, s.outHeight)
      for q in 0..<s.kernelWidth {
        let shift = q * s.dilation.columns - s.padding.columns
        let columns = inside(shift, s.stride.columns, s.width, s.outWidth)
        guard !rows.isEmpty, !columns.isEmpty else { continue }
        let source = places + (r * s.kernelWidth + q) * s.outPlane + columns.lowerBound
        let first = r * s.dilation.rows - s.padding.rows
        if s.stride == 1 {
          kernels.addRows(
            rows.count, columns.count, source + rows.lowerBound * s.outWidth, s.outWidth,
            plane + (rows.lowerBound + first) * s.width + columns.lowerBound + shift, s.width)
          continue
        }
        for y in rows {
          let to = plane + (y * s.stride.rows + first) * s.width + shift
          for x in columns {
            to[x * s.stride.columns] += source[y * s.outWidth + x - columns.lowerBound]
          }
        }
      }
    }
  }

  /// The output pixels whose input pixel, `shift` off, lies inside.
  private func inside(_ shift: Int, _ stride: Int, _ size: Int, _ count: Int) -> Range<Int> {
    let first = shift < 0 ? (-shift + stride - 1) / stride : 0
    let last = size > shift ? (size - shift + stride - 1) / stride : 0
    return min(first, count)..<max(min(first, count), min(last, count))
  }
}
