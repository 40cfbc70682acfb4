import KernelChoice

/// The gradient of the weights by Winograd's squares: the forward pass run backwards.
///
/// For each point, gradPoint[in, out] = Σ over squares of input[square, in] · gradient[square, out];
/// then Gᵀ · G takes the points back to the weights.
final class WinogradWeightGradient {
  private let squares: WinogradSquares
  private let outChannels: Int
  private let workers: Workers
  private let kernels: Kernels
  /// Columns of a block of output channels, and how many there are.
  private let width, blocks: Int
  private let plan: WinogradPlan
  /// Bands whose points are held at once.
  ///
  /// Threads wait for each other twice a time, so that several have more; a sum adds its squares one
  /// after the other, however many are held.
  private let many: Int
  private let inputs: FloatBuffer
  private let gradients: FloatBuffer
  private let sums: FloatBuffer
  private let depths: IndexTable
  private let lanes: [Lane]
  /// Floats of the sums of a block.
  private let blockFloats: Int
  /// Whether the points of all bands are held at once.
  ///
  /// A block's sums are then taken back to weights while they are in the caches.
  private let isBlockwise: Bool
  /// Input channels filled up to whole tiles.
  private let rows: Int

  /// Work space of one thread.
  private final class Lane {
    let band: WinogradBand
    let taps: FloatBuffer
    /// Kernels that are gathered from those of phases.
    let whole: FloatBuffer
    /// Sums of a block that the thread takes back to weights itself.
    let sums: FloatBuffer

    init(_ squares: WinogradSquares, _ kernels: Kernels, sums: Int) {
      self.sums = FloatBuffer(sums)
      band = WinogradBand(squares, kernels)
      taps = FloatBuffer(squares.channels * squares.taps * kernels.slot)
      whole = FloatBuffer(
        squares.dealt == nil ? 0 : squares.window(squares.channels) * kernels.slot)
    }
  }

  init(_ squares: WinogradSquares, outChannels: Int, workers: Workers, kernels: Kernels) {
    self.squares = squares
    self.outChannels = outChannels
    self.workers = workers
    self.kernels = kernels
    width = WinogradPlan.blockWidth(outChannels, kernels)
    blocks = (outChannels + width - 1) / width
    plan = WinogradPlan(
      squares, outChannels: outChannels, threads: workers.count, kernels: kernels)
    rows = plan.padded(squares.vectors(kernels.slot) * kernels.slot)
    many =
      workers.count == 1 ? plan.manyOfGradient : min(squares.bands, 8 * plan.manyOfGradient)
    let most = plan.padded(many * squares.columns)
    inputs = FloatBuffer(
      plan.pointFloats(squares, bands: many, channels: squares.padded(kernels.slot)))
    gradients = FloatBuffer(squares.points * blocks * plan.pointStride(most, width))
    isBlockwise = many >= squares.bands && (workers.count == 1 || blocks >= 2 * workers.count)
    let blockFloats = squares.points * WinogradPlan.apart(rows * width)
    self.blockFloats = blockFloats
    sums = FloatBuffer(isBlockwise ? 0 : blocks * blockFloats)
    let columns = width
    depths = IndexTable((0..<most).map { $0 * columns })
    let mine = isBlockwise ? blockFloats : 0
    lanes = (0..<workers.count).map { _ in Lane(squares, kernels, sums: mine) }
  }

  func run(
    _ input: UnsafePointer<Float>, _ gradOutput: UnsafePointer<Float>,
    _ gradWeight: UnsafeMutablePointer<Float>, _ preparation: Preparation?
  ) {
    if isBlockwise {
      preparation.measure { transform(0..<squares.bands, input, gradOutput) }
      workers.forEach(blocks) { block, worker in
        let lane = lanes[worker]
        for point in 0..<squares.points {
          multiply(
            block, point, squares.bands * squares.columns, adds: false, lane.sums.start)
        }
        let outs = block * width..<min(outChannels, (block + 1) * width)
        preparation.measure {
          for out in stride(from: outs.lowerBound, to: outs.upperBound, by: kernels.slot) {
            put(out, lane.sums.start, gradWeight, lane)
          }
        }
      }
      return
    }
    for first in stride(from: 0, to: squares.bands, by: many) {
      let bands = first..<min(squares.bands, first + many)
      preparation.measure { transform(bands, input, gradOutput) }
      workers.forEach(blocks * squares.points) { task, _ in
        let (block, point) = task.quotientAndRemainder(dividingBy: squares.points)
        multiply(
          block, point, bands.count * squares.columns, adds: first > 0,
          sums.start + block * blockFloats)
      }
    }
    preparation.measure {
      workers.forEach((outChannels + kernels.slot - 1) / kernels.slot) { part, worker in
        let out = part * kernels.slot
        put(out, sums.start + out / width * blockFloats, gradWeight, lanes[worker])
      }
    }
  }

  /// The points of the inputs and of the gradients of some bands.
  private func transform(
    _ bands: Range<Int>, _ input: UnsafePointer<Float>, _ gradOutput: UnsafePointer<Float>
  ) {
    let (slot, columns) = (kernels.slot, squares.columns)
    let channels = squares.padded(slot)
    let outParts = blocks * width / slot
    let count = bands.count * columns
    workers.split(bands.count, grain: 1) { some, worker in
      let lane = lanes[worker].band
      for index in some {
        let band = bands.lowerBound + index
        for part in 0..<squares.parts(slot) {
          lane.inputs(squares, band, part, input) { block, pixels in
            squares.transforms(kernels).input(
              columns, squares.side, pixels, squares.inputColumns * slot,
              inputs.start + index * columns * channels + block * slot,
              plan.pointStride(count, channels), channels, lane.work.start)
          }
        }
        for part in 0..<outParts where part * slot < outChannels {
          let (block, column) = (part * slot).quotientAndRemainder(dividingBy: width)
          squares.transforms(kernels).gradient(
            columns,
            lane.gradient(squares, band, part, gradOutput, channels: outChannels),
            squares.side * columns * slot,
            gradients.start + block * squares.points * plan.pointStride(count, width)
              + index * columns * width + column,
            plan.pointStride(count, width), width, lane.work.start)
        }
      }
    }
  }

  /// Adds up one point of one block over `count` squares.
  private func multiply(
    _ block: Int, _ point: Int, _ count: Int, adds: Bool, _ sums: UnsafeMutablePointer<Float>
  ) {
    let channels = squares.padded(kernels.slot)
    let whole = kernels.tile(width / kernels.slot)
    let left = inputs.start + point * plan.pointStride(count, channels)
    let right = gradients.start + (block * squares.points + point) * plan.pointStride(count, width)
    let target = sums + point * WinogradPlan.apart(rows * width)
    let seen = plan.seen[point]
    // As many squares as keep a panel of the gradients in the first-level cache.
    let parts = (count + 127) / 128
    for part in 0..<parts {
      let some = count * part / parts..<count * (part + 1) / parts
      for row in stride(from: seen.lowerBound, to: seen.upperBound, by: whole.rows) {
        let rest = seen.upperBound - row
        let tile = rest < whole.rows ? kernels.tile(whole.slots, rows: rest) : whole
        let sum = target + row * width
        tile.multiply(
          some.count, left + some.lowerBound * channels + row, 1, channels,
          right + some.lowerBound * width, plan.slots.start, depths.start,
          adds || part > 0 ? UnsafePointer(sum) : nil, nil, sum, plan.slots.start, width)
      }
    }
  }

  /// Takes a vector of output channels back to weights.
  private func put(
    _ out: Int, _ sums: UnsafePointer<Float>, _ gradWeight: UnsafeMutablePointer<Float>,
    _ lane: Lane
  ) {
    let slot = kernels.slot
    let count = min(slot, outChannels - out)
    let channels = squares.channels
    let window = squares.window(channels)
    squares.transforms(kernels).kernel(
      channels, sums + out % width,
      WinogradPlan.apart(rows * width), width, lane.taps.start, lane.band.work.start)
    squares.dealt?.gather(
      kernels: channels / 4, isApart: squares.isApart, slot, lane.taps.start, lane.whole.start)
    kernels.transpose(
      window, count, squares.dealt == nil ? lane.taps.start : lane.whole.start, slot,
      gradWeight + out * window, window)
  }
}
