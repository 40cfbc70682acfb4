import Tensor

/// Sums over windows as a product of matrices that are never written out: of a forward pass, or of the
/// gradient of the input, whose windows lie on the gradient of the output.
final class WindowProduct: WindowSums {
  /// Which of the two.
  enum Direction { case forward, gradInput }

  private let shape: ConvolutionShape
  private let direction: Direction
  private let session: DeviceSession
  private let tile: KernelTuning.Tile
  private let kernel: Kernel
  /// Where each element of a window lies: floats to its channel, rows and columns, floats to its weight.
  private let table: DeviceBuffer
  /// Elements of a window.
  private let depth: Int

  init(
    _ s: ConvolutionShape, _ direction: Direction, _ session: DeviceSession
  ) throws(DeviceError) {
    shape = s
    self.direction = direction
    self.session = session
    let isForward = direction == .forward
    let area = s.kernelHeight * s.kernelWidth
    let channels = isForward ? s.inGroup : s.outGroup
    depth = channels * area
    tile = session.tuning.tile(
      rows: isForward ? s.outGroup : s.inGroup,
      columns: s.batch * (isForward ? s.outPlane : s.plane), products: s.groups)
    kernel = try session.kernel(
      "windows", [.windows, .tile],
      tile.definitions + [("IS_SPREAD", isForward || s.stride == 1 ? 0 : 1)])
    var words: [Int32] = []
    words.reserveCapacity(4 * depth)
    for channel in 0..<channels {
      for r in 0..<s.kernelHeight {
        for q in 0..<s.kernelWidth {
          let rows = r * s.dilation.rows - s.padding.rows
          let columns = q * s.dilation.columns - s.padding.columns
          let place = r * s.kernelWidth + q
          words +=
            (isForward
            ? [channel * s.plane, rows, columns, channel * area + place]
            : [channel * s.outPlane, -rows, -columns, channel * s.inGroup * area + place])
            .map { Int32(truncatingIfNeeded: $0) }
        }
      }
    }
    table = try DeviceBuffer(words.count, of: session, as: "the table of a window")
    try session.write(words, to: table)
  }

  /// result = source ∗ weight + bias, in its direction.
  func run(
    _ source: DeviceBuffer, _ weight: DeviceBuffer, _ bias: DeviceBuffer?, _ result: DeviceBuffer
  ) throws(DeviceError) {
    let s = shape
    let area = s.kernelHeight * s.kernelWidth
    let isForward = direction == .forward
    let rows = isForward ? s.outGroup : s.inGroup
    let (plane, width) = isForward ? (s.outPlane, s.outWidth) : (s.plane, s.width)
    let sourceChannels = isForward ? s.inChannels : s.outChannels
    let (height, sourceWidth) = isForward ? (s.height, s.width) : (s.outHeight, s.outWidth)
    let columns = s.batch * plane
    let (times, over): (PerAxis, PerAxis) = isForward ? (s.stride, 1) : (1, s.stride)
    try session.run(
      kernel, tile.groups(rows: rows, columns: columns, products: s.groups),
      group: [tile.items, 1, 1],
      [.buffer(source), .buffer(weight), .buffer(bias), .buffer(result), .buffer(table)]
        + [
          rows, columns, depth, plane, width, isForward ? s.outChannels : s.inChannels, height,
          sourceWidth, sourceChannels * height * sourceWidth,
          sourceChannels / s.groups * height * sourceWidth, isForward ? s.window : area,
          s.outGroup * s.window, times.rows, times.columns, over.rows, over.columns,
          bias == nil ? 0 : 1,
        ].map(KernelArgument.int))
  }
}

extension KernelTuning.Tile {
  /// The items of a product of so many rows and columns, `products` of them at once.
  func groups(rows: Int, columns: Int, products: Int) -> [Int] {
    let across = (columns + self.columns - 1) / self.columns
    let down = (rows + self.rows - 1) / self.rows
    return [across * items, down, products]
  }
}
