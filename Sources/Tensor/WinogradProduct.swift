import KernelChoice
import KernelTable

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
  /// there are threads, and weights so few that each reads all of them from near.
  private let isEachAlone: Bool
  /// Lots of bands whose points are held at once.
  private let lots: Int
  /// Whether all squares are multiplied by a block of weights at once.
  ///
  /// Weights that do not stay are then transformed block by block where they are used, and need not go to memory
  /// and back: those of 3×3 are four or seven times as many as there were.
  private let isAllAtOnce: Bool
  private var lanes: [Lane] = []

  /// Work space of one thread.
  private final class Lane {
    let band: WinogradBand
    let sums: FloatBuffer
    let output: FloatBuffer
    /// Rows of output that are phases, before they are put together.
    let phases: FloatBuffer
    let bias: FloatBuffer
    /// A block of weights that is used where it is made.
    let weights: FloatBuffer
    /// Of bands that the thread does alone.
    let points: FloatBuffer

    init(_ product: WinogradProduct) {
      points = FloatBuffer(product.isEachAlone ? product.pointFloats : 0)
      band = WinogradBand(product.squares, product.kernels)
      let few = product.plan.few * product.squares.columns
      sums = FloatBuffer(product.plan.blocksAtOnce * product.blockSums(few))
      weights = FloatBuffer(product.isAllAtOnce ? product.weights.blockFloats : 0)
      let rows = product.squares.side
      output = FloatBuffer(rows * (product.squares.outWidth + 1) * product.kernels.slot)
      phases = FloatBuffer(product.squares.woven == nil ? 0 : output.count)
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
    plan = WinogradPlan(
      squares, outChannels: outChannels, threads: workers.count, kernels: kernels)
    lots = (squares.bands + plan.many - 1) / plan.many
    isEachAlone = !plan.isHeavy && workers.count > 1 && lots >= workers.count
    isAllAtOnce =
      plan.few >= squares.bands && plan.blocksAtOnce == 1
      && (workers.count == 1 || weights.blocks >= 2 * workers.count)
    points = FloatBuffer(
      isEachAlone ? 0 : plan.pointFloats(squares, channels: squares.padded(kernels.slot)))
    lanes = (0..<workers.count).map { _ in Lane(self) }
  }

  func run(
    _ input: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?,
    _ output: UnsafeMutablePointer<Float>, weightStays: Bool, _ preparation: Preparation?
  ) {
    let isMade = isAllAtOnce && !weightStays
    if isMade {
      weights.forget()
    } else {
      preparation.measure { weights.prepare(weight, stay: weightStays) }
    }
    let job = Job(
      weight: isMade ? weight : nil, bias: bias, output: output, preparation: preparation)
    let parts = squares.parts(kernels.slot)
    let groups = (weights.blocks + plan.blocksAtOnce - 1) / plan.blocksAtOnce
    if isEachAlone {
      workers.forEach(lots) { lot, worker in
        let bands = squares.bands * lot / lots..<squares.bands * (lot + 1) / lots
        let lane = lanes[worker]
        preparation.measure {
          transform(0..<bands.count * parts, of: bands, input, lane.points, lane)
        }
        for group in 0..<groups {
          for start in stride(from: bands.lowerBound, to: bands.upperBound, by: plan.few) {
            multiply(
              start..<min(bands.upperBound, start + plan.few), of: bands, lane.points, group, job,
              worker)
          }
        }
      }
      return
    }
    for first in stride(from: 0, to: squares.bands, by: plan.many) {
      let bands = first..<min(squares.bands, first + plan.many)
      preparation.measure {
        // A part is one vector, or four where phases stand apart.
        workers.split(bands.count * parts, grain: squares.isApart ? 1 : 4) { tasks, worker in
          transform(tasks, of: bands, input, points, lanes[worker])
        }
      }
      let shares = (bands.count + plan.few - 1) / plan.few
      // Shares of the squares change fastest, so that the weights of a block are used while they are near.
      workers.forEach(groups * shares) { task, worker in
        let (group, share) = task.quotientAndRemainder(dividingBy: shares)
        let start = first + share * plan.few
        multiply(
          start..<min(bands.upperBound, start + plan.few), of: bands, points, group, job, worker)
      }
    }
  }

  private struct Job {
    /// Weights that are transformed where they are used.
    let weight: UnsafePointer<Float>?
    let bias: UnsafePointer<Float>?
    let output: UnsafeMutablePointer<Float>
    let preparation: Preparation?
  }

  private var pointFloats: Int {
    plan.pointFloats(squares, channels: squares.padded(kernels.slot))
  }

  /// The points of some bands: of those parts of the channels, counted band after band.
  private func transform(
    _ tasks: Range<Int>, of bands: Range<Int>, _ input: UnsafePointer<Float>,
    _ points: FloatBuffer, _ lane: Lane
  ) {
    let slot = kernels.slot
    let channels = squares.padded(slot)
    let pointStride = plan.pointStride(bands.count * squares.columns, channels)
    for task in tasks {
      let (index, part) = task.quotientAndRemainder(dividingBy: squares.parts(slot))
      lane.band.inputs(squares, bands.lowerBound + index, part, input) { block, pixels in
        squares.transforms(kernels).input(
          squares.columns, squares.side, pixels, squares.inputColumns * slot,
          points.start + index * squares.columns * channels + block * slot, pointStride, channels,
          lane.band.work.start)
      }
    }
  }

  /// Floats that the sums of a block of channels take, for so many squares.
  private func blockSums(_ count: Int) -> Int {
    squares.points * plan.pointStride(count, weights.width)
  }

  /// Floats from point to point of these sums.
  private func pointSums(_ count: Int, _ block: Int) -> Int {
    plan.pointStride(count, weights.width(block))
  }

  /// The outputs of some of all bands that are held, and of a group of blocks of channels.
  private func multiply(
    _ bands: Range<Int>, of all: Range<Int>, _ points: FloatBuffer, _ group: Int, _ job: Job,
    _ worker: Int
  ) {
    let lane = lanes[worker]
    let first = group * plan.blocksAtOnce
    let blocks = first..<min(first + plan.blocksAtOnce, weights.blocks)
    let channels = squares.padded(kernels.slot)
    let start = points.start + (bands.lowerBound - all.lowerBound) * squares.columns * channels
    let pointStride = plan.pointStride(all.count * squares.columns, channels)
    let panels = blocks.map { block in
      guard let weight = job.weight else { return weights.panels(block) }
      return job.preparation.measure {
        weights.make(block, weight, lane.weights.start, worker)
      }
    }
    let count = bands.count * squares.columns
    let last = squares.points - 1
    for point in 0...last {
      let seen = plan.seen[point]
      // As many channels as keep a panel of the weights in the first-level cache.
      for chunk in plan.chunks {
        let chunk = chunk.clamped(to: seen)
        guard !chunk.isEmpty else { continue }
        let left = start + point * pointStride + chunk.lowerBound
        for block in blocks {
          let index = block - first
          // Kept weights come from afar: those of the next block, or of the next channels of the first.
          var next: UnsafePointer<Float>?
          if job.weight == nil {
            next =
              block + 1 < blocks.upperBound
              ? panels[index + 1].place(point, chunk.lowerBound)
              : chunk.upperBound < seen.upperBound
                ? panels[0].place(point, chunk.upperBound)
                : panels[0].place(point + 1, plan.seen[min(point + 1, last)].lowerBound)
          }
          multiply(
            count, left, channels, panels[index].place(point, chunk.lowerBound), block,
            chunk.count, adds: chunk.lowerBound > seen.lowerBound, next,
            lane.sums.start + index * blockSums(count) + point * pointSums(count, block))
        }
      }
    }
    for block in blocks {
      let sums = lane.sums.start + (block - first) * blockSums(count)
      for index in 0..<bands.count {
        put(bands.lowerBound + index, index, count, block, sums, job, lane)
      }
    }
  }

  /// Adds some channels to the sums of one point and one block.
  ///
  /// Each tile asks for its part of the panel that comes next.
  private func multiply(
    _ count: Int, _ left: UnsafePointer<Float>, _ leftRow: Int, _ right: UnsafePointer<Float>,
    _ block: Int, _ depth: Int, adds: Bool, _ next: UnsafePointer<Float>?,
    _ sums: UnsafeMutablePointer<Float>
  ) {
    let (width, whole, depths) = (
      weights.width(block), weights.tile(block), weights.depths(block)
    )
    let tiles = (count + whole.rows - 1) / whole.rows
    let lines = depth * width / 16
    for index in 0..<tiles {
      let row = index * whole.rows
      let tile = index < tiles - 1 ? whole : kernels.tile(whole.slots, rows: count - row)
      let target = sums + row * width
      let line = lines * index / tiles
      tile.asking(
        depth, left + row * leftRow, leftRow, 1, right, plan.slots.start, depths,
        adds ? UnsafePointer(target) : nil, nil, target, plan.slots.start, width,
        next ?? right, plan.lines.start + line,
        next == nil ? 0 : lines * (index + 1) / tiles - line)
    }
  }

  /// Transforms one band of one block back and puts it into the pictures.
  private func put(
    _ band: Int, _ index: Int, _ squareCount: Int, _ block: Int,
    _ sums: UnsafePointer<Float>, _ job: Job, _ lane: Lane
  ) {
    let (slot, width) = (kernels.slot, weights.width(block))
    let plane = squares.outHeight * squares.outWidth
    let (picture, row, height) = squares.place(band)
    for part in 0..<width / slot {
      let channel = weights.first(block) + part * slot
      let count = min(slot, outChannels - channel)
      guard count > 0 else { continue }
      lane.bias.clear()
      if let bias = job.bias { lane.bias.start.update(from: bias + channel, count: count) }
      squares.transforms(kernels).output(
        squares.columns, sums + index * squares.columns * width + part * slot,
        plan.pointStride(squareCount, width), width, lane.bias.start, lane.output.start,
        squares.outWidth * slot,
        lane.band.work.start)
      guard let woven = squares.woven else {
        kernels.transpose(
          height * squares.outWidth, count, lane.output.start, slot,
          job.output + (picture * outChannels + channel) * plane + row * squares.outWidth, plane)
        continue
      }
      let pixels = height * squares.outWidth
      kernels.transpose(pixels, count, lane.output.start, slot, lane.phases.start, pixels)
      woven.weave(
        row..<row + height, lane.phases.start, channels: channel / 4..<(channel + count) / 4,
        of: picture, job.output, kernels)
    }
  }
}

/// How many squares and channels are worked on at once.
struct WinogradPlan {
  /// Whether the weights are more than a core has near.
  let isHeavy: Bool
  /// Bands whose points are held at once: more where the weights are too many for the caches, since each
  /// time all of them are read.
  let many: Int
  /// The same for the gradient of the weights, which are there written once for all of them.
  let manyOfGradient: Int
  /// Bands whose sums stay in the second-level cache.
  let few: Int
  /// Blocks of output channels that points are read for at once.
  let blocksAtOnce: Int
  /// Parts of the input channels.
  let chunks: [Range<Int>]
  /// The input channels that have each point.
  let seen: [Range<Int>]
  /// Slots side by side.
  let slots: IndexTable
  /// Cache lines of a panel.
  let lines: IndexTable

  init(_ squares: WinogradSquares, outChannels: Int, threads: Int, kernels: Kernels) {
    isHeavy = Self.isHeavy(squares, outChannels, kernels)
    let points = squares.points * squares.columns
    let width = Self.blockWidth(squares, outChannels, threads: threads, kernels)
    // Sums of a block of output channels that stay in the second-level cache.
    let bytesOfSums = points * width * 4
    let most = max(1, (600 << 10) / bytesOfSums)
    let blocks = (outChannels + width - 1) / width
    // Few squares meet each block of many weights at once. Of more squares some meet some blocks: threads share
    // these, and want a few each.
    let meetsAll =
      isHeavy && (threads == 1 || blocks >= threads) && Self.meetAll(squares, width, kernels)
    let mostBlocks = isHeavy ? max(1, min(6, threads == 1 ? blocks : blocks / (2 * threads))) : 1
    // Shares of the squares that give threads two tasks each, where there are fewer blocks.
    let shares = isHeavy && threads > 1 ? (2 * threads + blocks - 1) / blocks : 1
    (few, blocksAtOnce) =
      meetsAll
      ? (squares.bands, 1)
      : Self.share(
        squares, most: max(1, min(most, squares.bands / shares)), width, blocks: mostBlocks, kernels
      )
    // Points that are held: of large squares so few that they stay in the caches beside many weights.
    let wanted = isHeavy ? 9216 : Self.bytes(squares, outChannels, kernels) > 1 << 19 ? 3456 : 1728
    let bands = few
    func held(_ wanted: Int) -> Int { min(squares.bands, max(1, wanted / points / bands) * bands) }
    many = max(
      held(isHeavy && squares.span > 6 ? 2304 : wanted), min(squares.bands, few * shares))
    // Sums of many weights are more than the caches hold: rather all points at once than to add to these twice.
    let isWhole = squares.bands * points <= (isHeavy ? 2 : 1) * wanted
    manyOfGradient = isWhole ? squares.bands : held(wanted)
    let parts = (squares.channels + 127) / 128
    chunks = (0..<parts).map {
      squares.channels * $0 / parts..<squares.channels * ($0 + 1) / parts
    }
    seen = (0..<squares.points).map { squares.seen($0) }
    lines = IndexTable((0..<128 * width / 16).map { $0 * 16 })
    slots = IndexTable((0..<4).map { $0 * kernels.slot })
  }

  /// Bytes of the transformed weights.
  private static func bytes(
    _ squares: WinogradSquares, _ outChannels: Int, _ kernels: Kernels
  ) -> Int {
    squares.points * squares.padded(kernels.slot) * outChannels * 4
  }

  private static func isHeavy(
    _ squares: WinogradSquares, _ outChannels: Int, _ kernels: Kernels
  ) -> Bool {
    bytes(squares, outChannels, kernels) > 4 << 20
  }

  /// Whether all squares can meet a block of `width` columns at once: their sums stay in the second-level cache, and
  /// their points, which are read for each block, in the third.
  private static func meetAll(
    _ squares: WinogradSquares, _ width: Int, _ kernels: Kernels
  ) -> Bool {
    let floats = squares.bands * squares.columns * squares.points
    return floats * width * 4 <= 720 << 10 && floats * squares.padded(kernels.slot) * 4 <= 8 << 20
  }

  /// Bands, and blocks of at most `mostBlocks`, that are multiplied at once: they have no more sums than `most`
  /// bands have of one block.
  ///
  /// The fewer squares there are, the oftener weights are read; the fewer columns, the oftener points are. A
  /// vector of either costs about as much to read as four to multiply.
  private static func share(
    _ squares: WinogradSquares, most: Int, _ width: Int, blocks mostBlocks: Int, _ kernels: Kernels
  ) -> (few: Int, blocks: Int) {
    var best = (few: 1, blocks: 1, cost: Double.infinity)
    for blocks in 1...min(mostBlocks, most) {
      for few in (1...min(squares.bands, most / blocks)).reversed() {
        let count = few * squares.columns
        let filling = Double(tiledRows(count, width, kernels)) / Double(count)
        let cost = filling * (1 + 4 / Double(count) + 4 / Double(blocks * width))
        if cost < best.cost { best = (few, blocks, cost) }
      }
    }
    return (best.few, best.blocks)
  }

  /// Rows that tiles of so many columns multiply for `count` of them: the last tile has the fewest that hold the rest.
  private static func tiledRows(_ count: Int, _ width: Int, _ kernels: Kernels) -> Int {
    let whole = kernels.tile(width / kernels.slot)
    let rest = count % whole.rows
    guard rest > 0 else { return count }
    // A tile of fewer than twelve sums takes as long as one of twelve: additions wait for one another.
    return count - rest + max(kernels.tile(whole.slots, rows: rest).rows, 12 / whole.slots)
  }

  /// Squares filled up to whole tiles of any shape: of twelve, six, four, and with AVX-512 eight rows.
  func padded(_ squares: Int) -> Int { max((squares + 11) / 12 * 12, (squares + 7) / 8 * 8) }

  /// Floats that hold the points of the bands that are held at once, and what the last tile reads beyond.
  ///
  /// A tile may begin at any square, so that its rows may end up to eleven behind the last one.
  func pointFloats(_ squares: WinogradSquares, bands: Int? = nil, channels: Int) -> Int {
    squares.points * pointStride((bands ?? many) * squares.columns, channels) + 11 * channels
  }

  /// Floats from point to point, for some squares of so many floats each.
  func pointStride(_ squares: Int, _ floats: Int) -> Int { Self.apart(padded(squares) * floats) }

  /// Columns of a block of output channels: three vectors where that wastes fewer rows and columns, two where all
  /// squares then meet each block of many weights at once.
  ///
  /// With SSE, tiles of three vectors have no room in the registers.
  static func blockWidth(
    _ squares: WinogradSquares, _ outChannels: Int, threads: Int, _ kernels: Kernels
  ) -> Int {
    let width = blockWidth(outChannels, kernels)
    let count = squares.bands * squares.columns
    // All squares meet a narrow block, whose weights then need not be kept.
    let narrow = 2 * kernels.slot
    if width > narrow, isHeavy(squares, outChannels, kernels),
      threads == 1 || outChannels > (2 * threads - 1) * narrow,
      !meetAll(squares, width, kernels), meetAll(squares, narrow, kernels)
    {
      return narrow
    }
    guard kernels.slot > 4, count <= 48, outChannels > 3 * kernels.slot else { return width }
    func work(_ width: Int) -> Int {
      tiledRows(count, width, kernels) * ((outChannels + width - 1) / width * width)
    }
    return work(3 * kernels.slot) < work(width) ? 3 * kernels.slot : width
  }

  /// Columns of a block of output channels: 32 registers hold six rows of four vectors, 16 hold six
  /// rows of two.
  static func blockWidth(_ outChannels: Int, _ kernels: Kernels) -> Int {
    let pair = 2 * kernels.slot
    return kernels.slot == 16 && outChannels > pair ? 2 * pair : pair
  }

  /// Floats from point to point: an odd number of cache lines, or the points would meet in one set.
  static func apart(_ floats: Int) -> Int { ((floats + 15) / 16 | 1) * 16 }
}
