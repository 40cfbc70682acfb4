import InstructionSets
import KernelChoice

/// Where the window of a convolution finds its pixels, in planes that are laid out for it.
///
/// A plane is laid out with the zeros of its padding, and with a stride it is dealt out to phases, one
/// for each remainder. Then the window's element (channel, tap) of output pixel (y, x) lies at
/// `offsets[channel · taps + tap] + y · rowLength + x`, whatever the padding, stride or dilation were:
/// every convolution is one of stride 1 without padding, given by a table.
struct TapGeometry {
  /// Channels of the source.
  let channels: Int
  /// Rows and columns of a plane before it is prepared.
  let height, width: Int
  /// Rows and columns of the output.
  let outHeight, outWidth: Int
  /// Floats of a prepared row, of a prepared channel and of a prepared picture.
  let rowLength, channelLength: Int
  /// Where each element of the window lies, seen from output pixel (0, 0).
  let offsets: [Int]
  private let stride: PerAxis
  private let before: PerAxis
  private let phaseRows: Int

  var pictureLength: Int { channels * channelLength }
  var depth: Int { offsets.count }
  /// Whether planes need no laying out and can be read where they are.
  let isInPlace: Bool

  /// Taps are given by their distance from the first padded pixel; `before` is the padding, which may
  /// be negative: then pixels are left out.
  init(
    channels: Int, height: Int, width: Int, before: PerAxis, stride: PerAxis,
    taps: [PerAxis], outHeight: Int, outWidth: Int
  ) {
    self.channels = channels
    self.height = height
    self.width = width
    self.outHeight = outHeight
    self.outWidth = outWidth
    self.stride = stride
    self.before = before
    let lastRow = taps.map { $0.rows / stride.rows }.max() ?? 0
    let lastColumn = taps.map { $0.columns / stride.columns }.max() ?? 0
    isInPlace =
      stride == 1 && before == 0 && lastRow + outHeight <= height && lastColumn + outWidth <= width
    phaseRows = isInPlace ? height : outHeight + lastRow
    rowLength = isInPlace ? width : outWidth + lastColumn
    let phaseLength = phaseRows * rowLength
    channelLength = stride.rows * stride.columns * phaseLength
    var offsets: [Int] = []
    for channel in 0..<channels {
      for tap in taps {
        let phase = tap.rows % stride.rows * stride.columns + tap.columns % stride.columns
        offsets.append(
          channel * channelLength + phase * phaseLength + tap.rows / stride.rows * rowLength
            + tap.columns / stride.columns)
      }
    }
    self.offsets = offsets
  }

  /// The forward pass of one group.
  init(_ s: ConvolutionShape) {
    var taps: [PerAxis] = []
    for r in 0..<s.kernelHeight {
      for q in 0..<s.kernelWidth {
        taps.append(PerAxis(rows: r * s.dilation.rows, columns: q * s.dilation.columns))
      }
    }
    self.init(
      channels: s.inGroup, height: s.height, width: s.width, before: s.padding, stride: s.stride,
      taps: taps, outHeight: s.outHeight, outWidth: s.outWidth)
  }

  /// Lays out one channel.
  func prepare(
    _ plane: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>, _ kernels: Kernels
  ) {
    target.update(repeating: 0, count: channelLength)
    for rowPhase in 0..<stride.rows {
      for columnPhase in 0..<stride.columns {
        let phase = (rowPhase * stride.columns + columnPhase) * phaseRows * rowLength
        // The columns of this phase that are pixels.
        let first = max(0, divideUp(before.columns - columnPhase, stride.columns))
        let last = min(
          rowLength, divideUp(width + before.columns - columnPhase, stride.columns))
        guard first < last else { continue }
        for y in 0..<phaseRows {
          let row = y * stride.rows + rowPhase - before.rows
          guard row >= 0, row < height else { continue }
          let from = plane + row * width + first * stride.columns + columnPhase - before.columns
          let to = target + phase + y * rowLength + first
          if stride.columns == 1 {
            to.update(from: from, count: last - first)
          } else if stride.columns == 2 {
            kernels.takeSeconds(last - first, from, to)
          } else {
            for x in 0..<last - first { to[x] = from[x * stride.columns] }
          }
        }
      }
    }
  }
}

/// The least integer that is not below value / divisor.
private func divideUp(_ value: Int, _ divisor: Int) -> Int {
  value > 0 ? (value + divisor - 1) / divisor : -(-value / divisor)
}
