import KernelChoice

/// Transform, a matrix product a point, and back: a convolution by Winograd's squares.
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
  /// Of bands whose blocks of output channels are shared out.
  private let points: FloatBuffer
  /// Whether each thread does bands of its own from beginning to end.
  ///
  /// Then none waits for another, and points stay in its own cache. It takes as many lots of bands as
  /// there are threads.
  private let isEachAlone: Bool
  /// Lots of bands whose points are held at once.
  private let lots: Int
  private var lanes: [Lane] = []

  /// Work space of one thread.
  private final class Lane {
    let band: WinogradBand
    let sums: FloatBuffer
    let output: FloatBuffer
    let bias: FloatBuffer
    /// Of bands that the thread does alone.
    let points: FloatBuffer

    init(_ product: WinogradProduct) {
      points = FloatBuffer(product.isEachAlone ? product.pointFloats : 0)
      band = WinogradBand(product.squares, product.kernels)
      let few = product.plan.few * product.squares.columns
      sums = FloatBuffer(
        product.squares.points * product.plan.pointStride(few, product.weights.width))
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
      squares, outChannels: outChannels, isTurned: isTurned, workers: workers, kernels: kernels)
    plan = WinogradPlan(squares, outChannels: outChannels, kernels: kernels)
    lots = (squares.bands + plan.many - 1) / plan.many
    isEachAlone = workers.count > 1 && lots >= workers.count
    points = FloatBuffer(
      isEachAlone ? 0 : plan.pointFloats(squares, channels: squares.padded(kernels.slot)))
    lanes = (0..<workers.count).map { _ in Lane(self) }
  }

  func run(
    _ input: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?,
    _ output: UnsafeMutablePointer<Float>, weightStays: Bool, _ preparation: Preparation?
  ) {
    preparation.measure { weights.prepare(weight, stay: weightStays) }
    if isEachAlone {
      workers.forEach(lots) { lot, worker in
        let bands = squares.bands * lot / lots..<squares.bands * (lot + 1) / lots
        let lane = lanes[worker]
        preparation.measure {
          transform(0..<bands.count * inBlocks, of: bands, input, lane.points, lane)
        }
        for block in 0..<weights.blocks {
          for start in stride(from: bands.lowerBound, to: bands.upperBound, by: plan.few) {
            multiply(
              start..<min(bands.upperBound, start + plan.few), of: bands, lane.points, block, bias,
              output, lane)
          }
        }
      }
      return
    }
    for first in stride(from: 0, to: squares.bands, by: plan.many) {
      let bands = first..<min(squares.bands, first + plan.many)
      preparation.measure {
        workers.split(bands.count * inBlocks, grain: 4) { tasks, worker in
          transform(tasks, of: bands, input, points, lanes[worker])
        }
      }
      let parts = (bands.count + plan.few - 1) / plan.few
      // Parts of the squares change fastest, so that the weights of a block are used while they are near.
      workers.forEach(weights.blocks * parts) { task, worker in
        let (block, part) = task.quotientAndRemainder(dividingBy: parts)
        let start = first + part * plan.few
        multiply(
          start..<min(bands.upperBound, start + plan.few), of: bands, points, block, bias, output,
          lanes[worker])
      }
    }
  }

  private var pointFloats: Int {
    plan.pointFloats(squares, channels: squares.padded(kernels.slot))
  }

  /// Vectors of input channels.
  private var inBlocks: Int { squares.padded(kernels.slot) / kernels.slot }

  /// The points of some bands: of those vectors of channels, counted band after band.
  private func transform(
    _ tasks: Range<Int>, of bands: Range<Int>, _ input: UnsafePointer<Float>,
    _ points: FloatBuffer, _ lane: Lane
  ) {
    let slot = kernels.slot
    let channels = squares.padded(slot)
    let pointStride = plan.pointStride(bands.count * squares.columns, channels)
    for task in tasks {
      let (index, block) = task.quotientAndRemainder(dividingBy: inBlocks)
      let pixels = lane.band.input(squares, bands.lowerBound + index, block, input)
      squares.transforms(kernels).input(
        squares.columns, squares.side, pixels, squares.inputColumns * slot,
        points.start + index * squares.columns * channels + block * slot, pointStride, channels,
        lane.band.work.start)
    }
  }

  /// The outputs of some of all bands that are held, and of one block of channels.
  private func multiply(
    _ bands: Range<Int>, of all: Range<Int>, _ points: FloatBuffer, _ block: Int,
    _ bias: UnsafePointer<Float>?, _ output: UnsafeMutablePointer<Float>, _ lane: Lane
  ) {
    let channels = squares.padded(kernels.slot)
    let count = bands.count * squares.columns
    let (width, tile, depths) = (
      weights.width(block), weights.tile(block), weights.depths(block)
    )
    let start = points.start + (bands.lowerBound - all.lowerBound) * squares.columns * channels
    let pointStride = plan.pointStride(all.count * squares.columns, channels)
    for point in 0..<squares.points {
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
    let bytes = squares.points * channels * outChannels * 4
    // Points that are held, of squares of 36 or 64.
    let wanted = bytes > 4 << 20 ? 9216 : bytes > 1 << 19 ? 3456 : 1728
    let points = squares.points * squares.columns
    few = Self.few(squares, outChannels: outChannels, kernels)
    many = min(squares.bands, max(1, wanted / points / few) * few)
    let parts = (squares.channels + 127) / 128
    chunks = (0..<parts).map {
      squares.channels * $0 / parts..<squares.channels * ($0 + 1) / parts
    }
    slots = IndexTable((0..<4).map { $0 * kernels.slot })
  }

  /// Bands whose sums of a block of output channels are some 600 KB, and fill whole tiles best.
  private static func few(
    _ squares: WinogradSquares, outChannels: Int, _ kernels: Kernels
  ) -> Int {
    let width = blockWidth(outChannels, kernels)
    let rows = kernels.tile(width / kernels.slot).rows
    let most = min(
      squares.bands, max(1, (600 << 10) / (squares.points * squares.columns * width * 4)))
    /// Rows of tiles for each row that is wanted.
    func filling(_ bands: Int) -> Double {
      let squares = bands * squares.columns
      return Double((squares + rows - 1) / rows * rows) / Double(squares)
    }
    return (1...most).min { (filling($0), -$0) < (filling($1), -$1) } ?? 1
  }

  /// Squares filled up to whole tiles of any shape.
  func padded(_ squares: Int) -> Int { (squares + 11) / 12 * 12 }

  /// Floats that hold the points of the bands that are held at once, and what the last tile reads beyond.
  ///
  /// A tile may begin at any square, so that its rows may end up to eleven behind the last one.
  func pointFloats(_ squares: WinogradSquares, bands: Int? = nil, channels: Int) -> Int {
    squares.points * pointStride((bands ?? many) * squares.columns, channels) + 11 * channels
  }

  /// Floats from point to point, for some squares of so many floats each.
  func pointStride(_ squares: Int, _ floats: Int) -> Int { Self.apart(padded(squares) * floats) }

  /// Columns of a block of output channels: 32 registers hold six rows of four vectors, 16 hold six
  /// rows of two.
  static func blockWidth(_ outChannels: Int, _ kernels: Kernels) -> Int {
    let pair = 2 * kernels.slot
    return kernels.slot == 16 && outChannels > pair ? 2 * pair : pair
  }

  /// Floats from point to point: an odd number of cache lines, or the points would meet in one set.
  static func apart(_ floats: Int) -> Int { ((floats + 15) / 16 | 1) * 16 }
}
