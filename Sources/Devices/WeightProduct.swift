import Tensor

/// The gradient of the weights as a product of matrices that are never written out.
final class WeightProduct {
  private let shape: ConvolutionShape
  private let session: DeviceSession
  private let tile: KernelTuning.Tile
  private let kernel: Kernel
  /// Where each element of a window lies: floats to its channel, rows and columns.
  private let table: DeviceBuffer
  private let sums: PartSums
  private let parts: (count: Int, depth: Int)

  init(_ s: ConvolutionShape, _ session: DeviceSession) throws(DeviceError) {
    shape = s
    self.session = session
    tile = session.tuning.tile(rows: s.outGroup, columns: s.window, products: s.groups)
    kernel = try session.kernel("weights", [.weights, .tile], tile.definitions)
    let groups = tile.groups(rows: s.outGroup, columns: s.window, products: s.groups)
    parts = session.tuning.parts(
      depth: s.batch * s.outPlane, groups: groups[0] / tile.items * groups[1] * groups[2])
    sums = try PartSums(parts: parts.count, count: s.weightCount, columns: s.weightCount, session)
    var words: [Int32] = []
    words.reserveCapacity(4 * s.window)
    for channel in 0..<s.inGroup {
      for r in 0..<s.kernelHeight {
        for q in 0..<s.kernelWidth {
          words += [
            channel * s.plane, r * s.dilation.rows - s.padding.rows,
            q * s.dilation.columns - s.padding.columns, 0,
          ].map { Int32(truncatingIfNeeded: $0) }
        }
      }
    }
    table = try DeviceBuffer(words.count, of: session, as: "the table of a window")
    try session.write(words, to: table)
  }

  /// `gradWeight[k, c, r, q] = Σ gradOutput[n, k, y, x] · input[n, c, ...]`.
  func run(
    _ input: DeviceBuffer, _ gradOutput: DeviceBuffer, _ gradWeight: DeviceBuffer
  ) throws(DeviceError) {
    let s = shape
    try session.run(
      kernel,
      tile.groups(rows: s.outGroup, columns: s.window, products: s.groups * parts.count),
      group: [tile.items, 1, 1],
      [
        .buffer(gradOutput), .buffer(input), .buffer(sums.target(gradWeight)), .buffer(table),
      ]
        + [
          s.outGroup, s.window, s.batch * s.outPlane, parts.depth, s.groups, s.outPlane,
          s.outWidth, s.outChannels, s.height, s.width, s.inChannels * s.plane,
          s.inGroup * s.plane, s.stride.rows, s.stride.columns,
        ].map(KernelArgument.int))
    try sums.run(nil, gradWeight)
  }
}
