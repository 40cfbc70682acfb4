import KernelChoice

/// Transform, 36 matrix products, and back: a convolution by Winograd's squares.
///
/// output = input ∗ weight, or with the kernels turned and the channels exchanged, as the gradient of
/// the input wants it. Points are held as `[point][square][channel]`, weights as
/// `[block of channels][point][channel][column]`.
final class WinogradProduct {
  private let squares: WinogradSquares
  private let outChannels: Int
  private let workers: Workers
  private let kernels: Kernels
  private let weights: WinogradWeights
  private let plan: WinogradPlan
  private let points: FloatBuffer
  private var lanes: [Lane] = []

  /// Work space of one thread.
  private final class Lane {
    let band: WinogradBand
    let sums: FloatBuffer
    let output: FloatBuffer
    let bias: FloatBuffer

    init(_ product: WinogradProduct) {
      band = WinogradBand(product.squares, product.kernels)
      let few = product.plan.few * product.squares.columns
      sums = FloatBuffer(
        36 * product.plan.pointStride(few, product.weights.width))
      let rows = product.squares.side
      output = FloatBuffer(rows * (product.squares.outWidth + 1) * product.kernels.slot)
      bias = FloatBuffer(product.kernels.slot)
    }
  }

  init(
    _ squares: WinogradSquares, outChannels: Int, isTurned: Bool, workers: Workers,
    kernels: Kernels
  ) {
    self.squares = squares
    self.outChannels = outChannels
    self.workers = workers
    self.kernels = kernels
    weights = WinogradWeights(
      kernel: squares.kernel, inChannels: squares.channels, outChannels: outChannels,
      isTurned: isTurned,
      workers: workers, kernels: kernels)
    plan = WinogradPlan(squares, outChannels: outChannels, kernels: kernels)
    points = FloatBuffer(plan.pointFloats(squares, channels: squares.padded(kernels.slot)))
    lanes = (0..<workers.count).map { _ in Lane(self) }
  }

  func run(
    _ input: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?,
    _ output: UnsafeMutablePointer<Float>, weightStays: Bool, _ preparation: Preparation?
  ) {
    preparation.measure { weights.prepare(weight, stay: weightStays) }
    for first in stride(from: 0, to: squares.bands, by: plan.many) {
      let bands = first..<min(squares.bands, first + plan.many)
      preparation.measure { transform(bands, input) }
      let parts = (bands.count + plan.few - 1) / plan.few
      // Parts of the squares change fastest, so that the weights of a block are used while they are near.
      workers.forEach(weights.blocks * parts) { task, worker in
        let (block, part) = task.quotientAndRemainder(dividingBy: parts)
        let start = first + part * plan.few
        multiply(
          start..<min(bands.upperBound, start + plan.few), from: first, of: bands.count, block,
          bias, output, lanes[worker])
      }
    }
  }

  /// The points of some bands.
  private func transform(_ bands: Range<Int>, _ input: UnsafePointer<Float>) {
    let slot = kernels.slot
    let channels = squares.padded(slot)
    let blocks = channels / slot
    let pointStride = plan.pointStride(bands.count * squares.columns, channels)
    let rowStride = squares.inputColumns * slot
    workers.split(bands.count * blocks, grain: 4) { tasks, worker in
      let lane = lanes[worker].band
      for task in tasks {
        let (index, block) = task.quotientAndRemainder(dividingBy: blocks)
        let pixels = lane.input(squares, bands.lowerBound + index, block, input)
        kernels.winogradInput(
          squares.columns, squares.side, pixels, rowStride,
          points.start + index * squares.columns * channels + block * slot, pointStride, channels,
          lane.work.start)
      }
    }
  }

  /// The outputs of some bands and of one block of channels.
  private func multiply(
    _ bands: Range<Int>, from first: Int, of many: Int, _ block: Int,
    _ bias: UnsafePointer<Float>?, _ output: UnsafeMutablePointer<Float>, _ lane: Lane
  ) {
    let channels = squares.padded(kernels.slot)
    let count = bands.count * squares.columns
    let (width, tile, depths) = (
      weights.width(block), weights.tile(block), weights.depths(block)
    )
    let start = points.start + (bands.lowerBound - first) * squares.columns * channels
    let pointStride = plan.pointStride(many * squares.columns, channels)
    for point in 0..<36 {
      let sums = lane.sums.start + point * plan.pointStride(count, width)
      // As many channels as keep a panel of the weights in the first-level cache.
      for depth in plan.chunks {
        let right = weights.panel(block, point) + depth.lowerBound * width
        for row in stride(from: 0, to: count, by: tile.rows) {
          let target = sums + row * width
          tile.multiply(
            depth.count, start + point * pointStride + row * channels + depth.lowerBound,
            channels, 1, right, plan.slots.start, depths,
            depth.lowerBound > 0 ? UnsafePointer(target) : nil, nil, target, plan.slots.start,
            width)
        }
      }
    }
    for index in 0..<bands.count {
      put(bands.lowerBound + index, index, count, block, bias, output, lane)
    }
  }

  /// Transforms one band of one block back and puts it into the pictures.
  private func put(
    _ band: Int, _ index: Int, _ squareCount: Int, _ block: Int, _ bias: UnsafePointer<Float>?,
    _ output: UnsafeMutablePointer<Float>, _ lane: Lane
  ) {
    let (slot, width) = (kernels.slot, weights.width(block))
    let plane = squares.outHeight * squares.outWidth
    let (picture, row, height) = squares.place(band)
    for part in 0..<width / slot {
      let channel = weights.first(block) + part * slot
      let count = min(slot, outChannels - channel)
      guard count > 0 else { continue }
      lane.bias.clear()
      if let bias { lane.bias.start.update(from: bias + channel, count: count) }
      squares.transforms(kernels).output(
        squares.columns, lane.sums.start + index * squares.columns * width + part * slot,
        plan.pointStride(squareCount, width), width, lane.bias.start, lane.output.start,
        squares.outWidth * slot,
        lane.band.work.start)
      kernels.transpose(
        height * squares.outWidth, count, lane.output.start, slot,
        output + (picture * outChannels + channel) * plane + row * squares.outWidth, plane)
    }
  }
}

/// How many squares and channels are worked on at once.
struct WinogradPlan {
  /// Bands whose points are held at once: more where the weights are too many for the caches, since each
  /// time all of them are read.
  let many: Int
  /// Bands whose sums stay in the second-level cache.
  let few: Int
  /// Parts of the input channels.
  let chunks: [Range<Int>]
  /// Slots side by side.
  let slots: IndexTable

  init(_ squares: WinogradSquares, outChannels: Int, kernels: Kernels) {
    let channels = squares.padded(kernels.slot)
    let bytes = 36 * channels * outChannels * 4
    let wanted = bytes > 4 << 20 ? 256 : bytes > 1 << 19 ? 96 : 48
    few = min(squares.bands, max(1, 64 / squares.columns))
    many = min(squares.bands, max(1, wanted / squares.columns / few) * few)
    let parts = (squares.channels + 127) / 128
    chunks = (0..<parts).map {
      squares.channels * $0 / parts..<squares.channels * ($0 + 1) / parts
    }
    slots = IndexTable((0..<4).map { $0 * kernels.slot })
  }

  /// Squares filled up to whole tiles of any shape.
  func padded(_ squares: Int) -> Int { (squares + 11) / 12 * 12 }

  /// Floats that hold 36 points of the bands that are held at once, and what the last tile reads beyond.
  ///
  /// A tile may begin at any square, so that its rows may end up to eleven behind the last one.
  func pointFloats(_ squares: WinogradSquares, channels: Int) -> Int {
    36 * pointStride(many * squares.columns, channels) + 11 * channels
  }

  /// Floats from point to point, for some squares of so many floats each.
  func pointStride(_ squares: Int, _ floats: Int) -> Int { Self.apart(padded(squares) * floats) }

  /// Columns of a block of output channels: 32 registers hold six rows of four vectors, 16 hold six
  /// rows of two.
  static func blockWidth(_ outChannels: Int, _ kernels: Kernels) -> Int {
    let pair = 2 * kernels.slot
    return kernels.slot == 16 && outChannels > pair ? 2 * pair : pair
  }

  /// Floats from point to point: an odd number of cache lines, or 36 points would meet in one set.
  static func apart(_ floats: Int) -> Int { ((floats + 15) / 16 | 1) * 16 }
}
