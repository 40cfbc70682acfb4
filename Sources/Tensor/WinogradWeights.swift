import KernelChoice
import KernelTable

/// The points of each kernel: `[block of output channels][point][input channel][column]`.
///
/// A block is as wide as a tile, so that what a tile reads lies side by side.
final class WinogradWeights {
  /// Columns of a whole block.
  let width: Int
  /// Blocks of output channels.
  let blocks: Int
  private let points, taps, inChannels, outChannels: Int
  /// Columns of all blocks.
  private let columns: Int
  private let isTurned: Bool
  private let workers: Workers
  private let kernels: Kernels
  private let transforms: Winograd
  private let panels: FloatBuffer
  private let depthTables: [IndexTable]
  private var isPrepared = false
  private let lanes: [Lane]

  /// Work space of one thread.
  private final class Lane {
    let taps, square, work: FloatBuffer

    init(_ channels: Int, _ taps: Int, _ points: Int, _ slot: Int) {
      self.taps = FloatBuffer(channels * taps * slot)
      square = FloatBuffer(points * slot * slot)
      work = FloatBuffer(points * slot)
    }
  }

  init(
    _ squares: WinogradSquares, outChannels: Int, isTurned: Bool, workers: Workers,
    kernels: Kernels
  ) {
    (points, taps, inChannels) = (squares.points, squares.taps, squares.channels)
    transforms = squares.transforms(kernels)
    self.outChannels = outChannels
    self.isTurned = isTurned
    self.workers = workers
    self.kernels = kernels
    let pair = 2 * kernels.slot
    width = WinogradPlan.blockWidth(outChannels, kernels)
    columns = (outChannels + pair - 1) / pair * pair
    blocks = (columns + width - 1) / width
    panels = FloatBuffer(blocks * points * WinogradPlan.apart(inChannels * width))
    let (inChannels, points, taps) = (inChannels, points, taps)
    depthTables = [width, pair].map { width in
      IndexTable((0..<inChannels).map { $0 * width })
    }
    lanes = (0..<workers.count).map { _ in
      Lane(max(inChannels, kernels.slot), taps, points, kernels.slot)
    }
  }

  /// The first output channel of a block.
  func first(_ block: Int) -> Int { block * width }

  /// Columns of a block: the last may be half as wide.
  func width(_ block: Int) -> Int {
    min(width, columns - block * width)
  }

  /// The tile for a block.
  func tile(_ block: Int) -> Tile { kernels.tile(width(block) / kernels.slot) }

  /// Where each input channel lies in a panel.
  func depths(_ block: Int) -> UnsafePointer<Int> {
    UnsafePointer(depthTables[width(block) == width ? 0 : 1].start)
  }

  /// The weights of one point: `[input channel][column]`.
  func panel(_ block: Int, _ point: Int) -> UnsafePointer<Float> {
    UnsafePointer(
      panels.start + block * points * pointStride(width)
        + point * pointStride(width(block)))
  }

  private func pointStride(_ width: Int) -> Int { WinogradPlan.apart(inChannels * width) }

  /// Transforms the weights, unless `stay` promises that they are those of the last call.
  func prepare(_ weight: UnsafePointer<Float>, stay: Bool) {
    if stay, isPrepared { return }
    isPrepared = true
    let slot = kernels.slot
    if isTurned {
      // Weights are [in, out] here: vectors of `in` are turned into vectors of `out`.
      let rows = (inChannels + slot - 1) / slot
      let columns = (outChannels + slot - 1) / slot
      workers.split(rows * columns, grain: 1) { tasks, worker in
        for task in tasks {
          turn(task / columns * slot, task % columns * slot, weight, lanes[worker])
        }
      }
    } else {
      workers.split((outChannels + slot - 1) / slot, grain: 1) { parts, worker in
        for part in parts { transform(part * slot, weight, lanes[worker]) }
      }
    }
  }

  /// Where a vector of output channels lies in the panels.
  private func place(_ channel: Int) -> (start: UnsafeMutablePointer<Float>, width: Int) {
    let block = channel / width
    return (
      panels.start + block * points * pointStride(width) + channel % width, width(block)
    )
  }

  /// A vector of output channels, all input channels.
  private func transform(_ out: Int, _ weight: UnsafePointer<Float>, _ lane: Lane) {
    let slot = kernels.slot
    let count = min(slot, outChannels - out)
    let window = inChannels * taps
    if count < slot { lane.taps.start.update(repeating: 0, count: window * slot) }
    kernels.transpose(count, window, weight + out * window, window, lane.taps.start, slot)
    let (start, width) = place(out)
    transforms.weight(
      inChannels, lane.taps.start, false, start, pointStride(width), width, lane.work.start)
  }

  /// A square of input and output channels, where the weights are `[in, out, 3, 3]`.
  private func turn(_ first: Int, _ out: Int, _ weight: UnsafePointer<Float>, _ lane: Lane) {
    let slot = kernels.slot
    let (rows, columns) = (min(slot, inChannels - first), min(slot, outChannels - out))
    let window = outChannels * taps
    lane.taps.start.update(repeating: 0, count: columns * taps * slot)
    kernels.transpose(
      rows, columns * taps, weight + first * window + out * taps, window, lane.taps.start, slot)
    // [point][out][vector of in], then turned to [point][in][vector of out].
    if columns < slot { lane.square.clear() }
    transforms.weight(
      columns, lane.taps.start, true, lane.square.start, slot * slot, slot, lane.work.start)
    let (start, width) = place(out)
    for point in 0..<points {
      kernels.transpose(
        slot, rows, lane.square.start + point * slot * slot, slot,
        start + point * pointStride(width) + first * width, width)
    }
  }
}
