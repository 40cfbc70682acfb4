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
  /// The phases of a plane, of each thread.
  private let phases: FloatBuffer
  private let few: Int

  /// Whether it is faster than the product with turned weights.
  static func pays(_ s: ConvolutionShape) -> Bool {
    s.inGroup < 4 && s.window <= 160 && s.kernelHeight * s.kernelWidth > 1
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
    let (rows, columns) = (s.stride.rows, s.stride.columns)
    let floats =
      rows * columns * ((s.height + rows - 1) / rows) * ((s.width + columns - 1) / columns)
    phases = FloatBuffer(s.stride == 1 ? 0 : workers.count * floats)
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
          workers.forEach(count * s.inGroup) { index, worker in
            let (picture, channel) = index.quotientAndRemainder(dividingBy: s.inGroup)
            let plane = (first + picture) * s.inChannels + group * s.inGroup + channel
            add(
              planes.start
                + (picture * s.inGroup + channel) * s.kernelHeight * s.kernelWidth * s.outPlane,
              phases.start + worker * phaseFloats, to: gradInput + plane * s.plane)
          }
        }
      }
    }
  }

  /// Adds the planes of one input channel.
  ///
  /// With a stride a place reaches pixels of one phase only, so that each phase is a plane of its own until
  /// all are added: then what is added lies side by side.
  private func add(
    _ places: UnsafePointer<Float>, _ phases: UnsafeMutablePointer<Float>,
    to plane: UnsafeMutablePointer<Float>
  ) {
    let s = shape
    let sums = s.stride == 1 ? plane : phases
    sums.update(repeating: 0, count: s.stride == 1 ? s.plane : phaseFloats)
    for r in 0..<s.kernelHeight {
      let down = r * s.dilation.rows - s.padding.rows
      let rows = inside(down, s.stride.rows, s.height, s.outHeight)
      let (firstRow, rowPhase) = floored(down, s.stride.rows)
      for q in 0..<s.kernelWidth {
        let shift = q * s.dilation.columns - s.padding.columns
        let columns = inside(shift, s.stride.columns, s.width, s.outWidth)
        guard !rows.isEmpty, !columns.isEmpty else { continue }
        let (firstColumn, columnPhase) = floored(shift, s.stride.columns)
        kernels.addRows(
          rows.count, columns.count,
          places + (r * s.kernelWidth + q) * s.outPlane + rows.lowerBound * s.outWidth
            + columns.lowerBound, s.outWidth,
          sums + phase(rowPhase, columnPhase) + (rows.lowerBound + firstRow) * phaseWidth
            + columns.lowerBound + firstColumn, phaseWidth)
      }
    }
    if s.stride != 1 { join(UnsafePointer(phases), plane) }
  }

  /// Deals the pixels of the phases out to the plane.
  private func join(_ phases: UnsafePointer<Float>, _ plane: UnsafeMutablePointer<Float>) {
    let s = shape
    for y in 0..<s.height {
      let (row, rowPhase) = floored(y, s.stride.rows)
      for column in 0..<min(s.stride.columns, s.width) {
        let from = phases + phase(rowPhase, column) + row * phaseWidth
        let to = plane + y * s.width + column
        let count = (s.width - column + s.stride.columns - 1) / s.stride.columns
        if s.stride.columns == 2 {
          kernels.putSeconds(count, from, to)
        } else {
          for x in 0..<count { to[x * s.stride.columns] = from[x] }
        }
      }
    }
  }

  /// Columns and floats of a phase's plane.
  private var phaseWidth: Int { (shape.width + shape.stride.columns - 1) / shape.stride.columns }
  private var phasePlane: Int {
    (shape.height + shape.stride.rows - 1) / shape.stride.rows * phaseWidth
  }

  /// Floats of all phases.
  private var phaseFloats: Int { shape.stride.rows * shape.stride.columns * phasePlane }

  /// Where the plane of a phase begins.
  private func phase(_ row: Int, _ column: Int) -> Int {
    (row * shape.stride.columns + column) * phasePlane
  }

  /// The whole quotient, rounded down, and what is left.
  private func floored(_ value: Int, _ divisor: Int) -> (quotient: Int, rest: Int) {
    let quotient = (value >= 0 ? value : value - divisor + 1) / divisor
    return (quotient, value - quotient * divisor)
  }

  /// The output pixels whose input pixel, `shift` off, lies inside.
  private func inside(_ shift: Int, _ stride: Int, _ size: Int, _ count: Int) -> Range<Int> {
    let first = shift < 0 ? (-shift + stride - 1) / stride : 0
    let last = size > shift ? (size - shift + stride - 1) / stride : 0
    return min(first, count)..<max(min(first, count), min(last, count))
  }
}
