import KernelChoice
import KernelTable

/// The points of each kernel: `[block of output channels][point][input channel][column]`.
///
/// A block is as wide as a tile, so that what a tile reads lies side by side.
final class WinogradWeights {
  /// Columns of a whole block: two to four vectors.
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
  private let squares: WinogradSquares
  private let panels: FloatBuffer
  private let depthTables: [IndexTable]
  private var isPrepared = false
  private let lanes: [Lane]

  /// Work space of one thread.
  private final class Lane {
    let taps, square, work: FloatBuffer
    /// Kernels that are dealt to phases.
    let whole: FloatBuffer

    init(_ channels: Int, _ taps: Int, whole: Int, _ points: Int, _ slot: Int) {
      self.taps = FloatBuffer(channels * taps * slot)
      self.whole = FloatBuffer(channels / 4 * whole * slot)
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
    self.squares = squares
    self.outChannels = outChannels
    self.isTurned = isTurned
    self.workers = workers
    self.kernels = kernels
    let pair = 2 * kernels.slot
    width = WinogradPlan.blockWidth(squares, outChannels, threads: workers.count, kernels)
    blocks = (outChannels + width - 1) / width
    // The last block has all columns or two vectors.
    let last = outChannels - (blocks - 1) * width
    columns = (blocks - 1) * width + (last > pair ? width : pair)
    panels = FloatBuffer(blocks * points * WinogradPlan.apart(inChannels * width))
    let (inChannels, points, taps) = (inChannels, points, taps)
    let whole = squares.phases?.wholeTaps ?? 0
    depthTables = [width, pair].map { width in
      IndexTable((0..<inChannels).map { $0 * width })
    }
    lanes = (0..<workers.count).map { _ in
      Lane(max(inChannels, kernels.slot), taps, whole: whole, points, kernels.slot)
    }
  }

  /// The first output channel of a block.
  func first(_ block: Int) -> Int { block * width }

  /// Columns of a block: the last may have two vectors.
  func width(_ block: Int) -> Int {
    min(width, columns - block * width)
  }

  /// The tile for a block.
  func tile(_ block: Int) -> Tile { kernels.tile(width(block) / kernels.slot) }

  /// Where each input channel lies in a panel.
  func depths(_ block: Int) -> UnsafePointer<Int> {
    UnsafePointer(depthTables[width(block) == width ? 0 : 1].start)
  }

  /// The weights of a block by point: `[input channel][column]`.
  struct Panels {
    let start: UnsafeMutablePointer<Float>
    let pointStride, width: Int

    /// The weights of one point from a channel on.
    func place(_ point: Int, _ channel: Int) -> UnsafePointer<Float> {
      UnsafePointer(start + point * pointStride + channel * width)
    }
  }

  /// Floats of a whole block.
  var blockFloats: Int { points * WinogradPlan.apart(inChannels * width) }

  /// The weights of one block, as they are kept.
  func panels(_ block: Int) -> Panels {
    panels(block, at: panels.start + block * blockFloats)
  }

  private func panels(_ block: Int, at start: UnsafeMutablePointer<Float>) -> Panels {
    let width = width(block)
    return Panels(
      start: start, pointStride: WinogradPlan.apart(inChannels * width), width: width)
  }

  /// Transforms the weights of one block to where they are used at once.
  func make(
    _ block: Int, _ weight: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>,
    _ worker: Int
  ) -> Panels {
    let slot = kernels.slot
    let panels = panels(block, at: target)
    let outs = block * width..<min(outChannels, block * width + panels.width)
    for out in stride(from: outs.lowerBound, to: outs.upperBound, by: slot) {
      if isTurned {
        for first in stride(from: 0, to: inChannels, by: slot) {
          turn(first, out, weight, panels, lanes[worker])
        }
      } else {
        transform(out, weight, panels, lanes[worker])
      }
    }
    return panels
  }

  /// Says that the weights of the next call are others than those that are kept.
  func forget() { isPrepared = false }

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
          let (first, out) = (task / columns * slot, task % columns * slot)
          turn(first, out, weight, panels(out / width), lanes[worker])
        }
      }
    } else {
      workers.split((outChannels + slot - 1) / slot, grain: 1) { parts, worker in
        for part in parts {
          transform(part * slot, weight, panels(part * slot / width), lanes[worker])
        }
      }
    }
  }

  /// A vector of output channels, all input channels.
  private func transform(
    _ out: Int, _ weight: UnsafePointer<Float>, _ panels: Panels, _ lane: Lane
  ) {
    let slot = kernels.slot
    let count = min(slot, outChannels - out)
    let row = squares.window(inChannels)
    take(count, channels: inChannels, weight + out * row, row, lane)
    transforms.weight(
      inChannels, lane.taps.start, false, panels.start + out % width, panels.pointStride,
      panels.width, lane.work.start)
  }

  /// A square of input and output channels, where the weights are `[in, out, tap]`.
  private func turn(
    _ first: Int, _ out: Int, _ weight: UnsafePointer<Float>, _ panels: Panels, _ lane: Lane
  ) {
    let slot = kernels.slot
    let (rows, columns) = (min(slot, inChannels - first), min(slot, outChannels - out))
    let row = squares.window(outChannels)
    take(rows, channels: columns, weight + first * row + squares.window(out), row, lane)
    // [point][out][vector of in], then turned to [point][in][vector of out].
    if columns < slot { lane.square.clear() }
    transforms.weight(
      columns, lane.taps.start, true, lane.square.start, slot * slot, slot, lane.work.start)
    let target = panels.start + first * panels.width + out % width
    for point in 0..<points {
      kernels.transpose(
        slot, rows, lane.square.start + point * slot * slot, slot,
        target + point * panels.pointStride, panels.width)
    }
  }

  /// Turns `count` rows of kernels to vectors of taps; what lies beside them in a vector is zero.
  private func take(
    _ count: Int, channels: Int, _ weight: UnsafePointer<Float>, _ row: Int, _ lane: Lane
  ) {
    let (slot, window) = (kernels.slot, squares.window(channels))
    let target = squares.phases == nil ? lane.taps.start : lane.whole.start
    if count < slot { target.update(repeating: 0, count: window * slot) }
    kernels.transpose(count, window, weight, row, target, slot)
    squares.phases?.deal(
      kernels: channels / 4, isApart: squares.isApart, slot, target, lane.taps.start)
  }
}
