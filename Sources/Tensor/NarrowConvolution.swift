import KernelChoice
import NarrowInstructions

/// Convolution by products of bfloat16 or of bytes: the matrix product of `TapProduct` with narrower
/// numbers, forward only; backward it is that of floats.
///
/// The windows of a few pixels are packed as floats, some channels at a time, and narrowed while they
/// are in the first-level cache. Of numbers that are not finite bytes make a picture of NaN.
final class NarrowConvolution: ConvolutionPasses {
  var preparation: Preparation?
  private let shape: ConvolutionShape
  private let precision: Precision
  private let workers: Workers
  private let kernels: Kernels
  private let order: PixelOrder
  private let geometry: TapGeometry
  /// Depths of a word: two of bfloat16, four bytes.
  private let perWord: Int
  /// Channels that are packed before they are narrowed: their rows are whole words.
  private let channelsAtOnce: Int
  /// Words of the window, of a chunk of them, and of a row of the weights.
  private let depth, chunk, rowWords: Int
  /// Tiles that cover the channels of a group.
  private let tiles: Int
  private let offsets: IndexTable
  private let lanes: [Lane]
  private let weights: NarrowWeights
  /// 127 to a picture's greatest value, and what undoes it; of every picture.
  private let scales: FloatBuffer
  private let unscales: FloatBuffer
  // Made when it is first needed: inference has no backward pass.
  private lazy var floats = GemmConvolution(shape, workers, kernels)

  private static let columns = Int(narrow_columns)
  private static let rows = Int(narrow_rows)
  /// Panels that a chunk of the weights is used for before the next is read.
  private static let panelsAtOnce = 8
  /// The longest sum of products of bytes that 32 bits hold.
  private static let deepest = 1 << 16

  /// Work space of one thread.
  private final class Lane {
    let words: WordBuffer<UInt32>
    let packed, partial, result, scales, unscales: FloatBuffer
    let moves: [Moves]
    let panels: [PixelOrder.Panel]
    let band: PictureBand?

    init(
      _ geometry: TapGeometry, pixels: Int, tiles: Int, chunk: Int, rows: Int, _ kernels: Kernels
    ) {
      let count = NarrowConvolution.panelsAtOnce
      let columns = NarrowConvolution.columns
      words = WordBuffer(count * chunk * columns)
      packed = FloatBuffer((geometry.isInPlace ? 1 : count) * rows * columns)
      partial = FloatBuffer(count * tiles * NarrowConvolution.rows * columns)
      result = FloatBuffer(NarrowConvolution.rows * columns)
      scales = FloatBuffer(count * columns)
      unscales = FloatBuffer(count * columns)
      moves = (0..<count).map { _ in Moves(columns: columns, widest: kernels.slot) }
      panels = (0..<count).map { _ in PixelOrder.Panel() }
      band =
        geometry.isInPlace
        ? nil : PictureBand(geometry, pixels: pixels, columns: count * columns, kernels)
    }
  }

  init(
    _ shape: ConvolutionShape, _ precision: Precision, _ workers: Workers, _ kernels: Kernels
  ) throws {
    guard precision.isAvailable, kernels.slot == 16 else {
      throw TensorError.method(
        "processor must have \(precision.instructions)", precision.rawValue)
    }
    guard precision != .int8 || shape.window <= Self.deepest else {
      throw TensorError.method(
        "window must have at most \(Self.deepest) elements for int8", "\(shape.window)")
    }
    self.shape = shape
    self.precision = precision
    self.workers = workers
    self.kernels = kernels
    let whole = TapGeometry(shape)
    let geometry =
      whole.isInPlace ? whole : whole.band(pixels: Self.panelsAtOnce * Self.columns)
    self.geometry = geometry
    order = PixelOrder(packing: whole, slot: kernels.slot)
    let perWord = precision == .int8 ? 4 : 2
    self.perWord = perWord
    let channelsAtOnce = max(4, 64 / geometry.taps / 4 * 4)
    self.channelsAtOnce = channelsAtOnce
    let blockRows = channelsAtOnce * geometry.taps
    let depth = (shape.window + perWord - 1) / perWord
    self.depth = depth
    // Chunks of at most 256 words, whole blocks of channels each.
    let blocks = max(1, 256 * perWord / blockRows)
    let chunk = min(blocks * blockRows / perWord, depth + blockRows / perWord)
    self.chunk = chunk
    // Rows a multiple of 2 KiB apart would fall into the same few sets of the cache.
    rowWords = depth % 512 == 0 ? depth + 16 : depth
    offsets = IndexTable(geometry.offsets)
    let tiles = (shape.outGroup + Self.rows - 1) / Self.rows
    self.tiles = tiles
    weights = NarrowWeights(
      shape, precision, rowsOfGroup: tiles * Self.rows, rowWords: rowWords)
    scales = FloatBuffer(precision == .int8 ? shape.batch : 0)
    unscales = FloatBuffer(precision == .int8 ? shape.batch : 0)
    lanes = (0..<workers.count).map { _ in
      Lane(
        geometry, pixels: shape.outPlane, tiles: tiles, chunk: chunk, rows: blockRows, kernels)
    }
  }

  func forward(
    _ input: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?,
    _ output: UnsafeMutablePointer<Float>, weightStays: Bool
  ) {
    let s = shape
    preparation.measure { weights.prepare(weight, bias, stay: weightStays, workers) }
    let slots = order.slots(s.batch)
    let panels = (slots * kernels.slot + Self.columns - 1) / Self.columns
    let tasks = max(
      (panels + Self.panelsAtOnce - 1) / Self.panelsAtOnce, min(panels, workers.count))
    for group in 0..<s.groups {
      if precision == .int8 { preparation.measure { findScales(group, input) } }
      workers.forEach(tasks) { task, worker in
        multiply(
          panels * task / tasks..<panels * (task + 1) / tasks, group, input, output,
          lanes[worker])
      }
    }
  }

  func backward(
    _ input: UnsafePointer<Float>, _ weight: UnsafePointer<Float>,
    _ gradOutput: UnsafePointer<Float>, _ gradInput: UnsafeMutablePointer<Float>?,
    _ gradWeight: UnsafeMutablePointer<Float>, _ gradBias: UnsafeMutablePointer<Float>
  ) {
    floats.preparation = preparation
    floats.backward(input, weight, gradOutput, gradInput, gradWeight, gradBias)
  }

  /// The scales of a group's channels, by picture.
  private func findScales(_ group: Int, _ input: UnsafePointer<Float>) {
    let count = shape.inGroup * shape.plane
    workers.forEach(shape.batch) { picture, _ in
      let start = input + (picture * shape.groups + group) * count
      let scale = ByteScale(reach: int8_reach(count, start))
      scales.start[picture] = scale.factor
      unscales.start[picture] = scale.step
    }
  }

  private func multiply(
    _ panels: Range<Int>, _ group: Int, _ input: UnsafePointer<Float>,
    _ output: UnsafeMutablePointer<Float>, _ lane: Lane
  ) {
    let s = shape
    let source = input + group * s.inGroup * s.plane
    let target = output + group * s.outGroup * s.outPlane
    let picture = s.inChannels * s.plane
    layOut(panels, picture, lane)
    for first in stride(from: 0, to: depth, by: chunk) {
      let count = min(chunk, depth - first)
      preparation.measure { pack(panels, source, picture, first, count, lane) }
      for row in stride(from: 0, to: s.outGroup, by: 96) {
        for panel in panels {
          multiply(
            panel - panels.lowerBound, row..<min(s.outGroup, row + 96), group, first, count,
            isLast: first + count == depth, target, lane)
        }
      }
    }
  }

  /// Finds where the pixels of some panels are, where they go, and their scales.
  private func layOut(_ panels: Range<Int>, _ picture: Int, _ lane: Lane) {
    let (columns, slot, pixels) = (Self.columns, kernels.slot, shape.outPlane)
    let end = shape.batch * pixels
    let band = lane.band
    band?.cover(panels.lowerBound * columns..<min(end, panels.upperBound * columns))
    for panel in panels {
      let index = panel - panels.lowerBound
      let start = panel * columns
      lane.moves[index].fill(
        start..<min(start + columns, end), order, picture: picture, band)
      order.lay(
        panel * columns / slot, columns / slot, of: order.slots(shape.batch),
        pictures: shape.batch, source: picture, target: shape.outChannels * pixels,
        followsOthers: false, lane.panels[index])
      guard precision == .int8 else { continue }
      for column in 0..<columns {
        let picture = min(shape.batch - 1, (start + column) / pixels)
        lane.scales.start[index * columns + column] = scales.start[picture]
        lane.unscales.start[index * columns + column] = unscales.start[picture]
      }
    }
  }

  /// Packs and narrows `count` words of some panels.
  private func pack(
    _ panels: Range<Int>, _ source: UnsafePointer<Float>, _ picture: Int, _ first: Int,
    _ count: Int, _ lane: Lane
  ) {
    let (taps, columns) = (geometry.taps, Self.columns)
    let end = min(shape.window, (first + count) * perWord)
    for element in stride(from: first * perWord, to: end, by: channelsAtOnce * taps) {
      let channels = element / taps..<min(shape.inGroup, element / taps + channelsAtOnce)
      if lane.band == nil {
        for panel in panels {
          let index = panel - panels.lowerBound
          move(
            lane.moves[index], source, offsets.start + element, channels.count * taps,
            lane.packed.start)
          narrow(channels.count * taps, index, element / perWord - first, lane)
        }
        continue
      }
      guard let band = lane.band else { continue }
      // A channel is laid out once for all panels: these lie behind each other.
      for (i, channel) in channels.enumerated() {
        band.layOut(source, picture: picture, channel: channel)
        for panel in panels {
          let index = panel - panels.lowerBound
          move(
            lane.moves[index], band.floats.start, offsets.start, taps,
            lane.packed.start + (index * channelsAtOnce + i) * taps * columns)
        }
      }
      for index in 0..<panels.count {
        narrow(channels.count * taps, index, element / perWord - first, lane, of: index)
      }
    }
  }

  private func move(
    _ moves: Moves, _ source: UnsafePointer<Float>, _ offsets: UnsafePointer<Int>, _ rows: Int,
    _ target: UnsafeMutablePointer<Float>
  ) {
    kernels.packMoves(
      moves.counts.start, Self.columns, moves.sources.start, moves.targets.start, rows, offsets,
      source, target, Self.columns)
  }

  /// Narrows packed rows to the words of a panel, filled up to whole ones with zeros.
  private func narrow(_ rows: Int, _ panel: Int, _ word: Int, _ lane: Lane, of packed: Int = 0) {
    let columns = Self.columns
    let floats = lane.packed.start + packed * channelsAtOnce * geometry.taps * columns
    let filled = (rows + perWord - 1) / perWord * perWord
    (floats + rows * columns).update(repeating: 0, count: (filled - rows) * columns)
    let words = lane.words.start + (panel * chunk + word) * columns
    if precision == .int8 {
      int8_quad_rows(filled, floats, lane.scales.start + panel * columns, words)
    } else {
      bfloat16_pair_rows(filled, floats, words)
    }
  }

  /// Adds one chunk of depths to some rows of a panel.
  private func multiply(
    _ index: Int, _ rows: Range<Int>, _ group: Int, _ first: Int, _ count: Int, isLast: Bool,
    _ target: UnsafeMutablePointer<Float>, _ lane: Lane
  ) {
    let columns = Self.columns
    let panel = lane.panels[index]
    let words = UnsafePointer(lane.words.start + index * chunk * columns)
    for row in stride(from: rows.lowerBound, to: rows.upperBound, by: Self.rows) {
      let tile = group * tiles + row / Self.rows
      let left = UnsafePointer(weights.words.start + tile * Self.rows * rowWords + first)
      let bias = weights.biases.start + tile * Self.rows
      let partial = lane.partial.start + (index * tiles + row / Self.rows) * Self.rows * columns
      let end = min(shape.outGroup, row + Self.rows)
      // A whole tile goes where it belongs at once.
      let place = target + row * shape.outPlane
      let whole = panel.pieces.first.map { $0.length == columns } ?? false
      let isThere = isLast && whole && end == row + Self.rows
      let result = isThere ? place + (panel.pieces.first?.target ?? 0) : lane.result.start
      let step = isThere ? shape.outPlane : columns
      if precision == .int8 {
        partial.withMemoryRebound(to: Int32.self, capacity: Self.rows * columns) { sums in
          int8_tile(count, left, rowWords, words, first > 0 ? sums : nil, sums)
          guard isLast else { return }
          int8_finish(
            sums, weights.sums.start + tile * Self.rows, weights.steps.start + tile * Self.rows,
            lane.unscales.start + index * columns, bias, result, step)
        }
      } else {
        bfloat16_tile(
          count, left, rowWords, words, first > 0 ? partial : nil, bias,
          isLast ? result : partial, isLast ? step : columns)
      }
      guard isLast, !isThere else { continue }
      for piece in panel.pieces {
        kernels.copyRows(
          end - row, piece.length, lane.result.start + piece.column, columns,
          place + piece.target, shape.outPlane)
      }
    }
  }
}

/// How floats become whole numbers from -127 to 127.
struct ByteScale {
  /// What floats are multiplied by, and what a step of 1 is worth.
  let factor, step: Float

  /// For values up to `reach`; all are NaN where that is not finite.
  init(reach: Float) {
    // Of the smallest numbers 127 to the greatest is infinite: such a picture counts as zero.
    let factor = 127 / reach
    let isZero = reach < .leastNormalMagnitude
    self.factor = reach.isFinite && factor.isFinite && !isZero ? factor : 0
    step = reach.isFinite ? (self.factor == 0 ? 0 : reach / 127) : .nan
  }
}

/// The weights as words, in rows of eights, with the bias and what undoes their scales.
private final class NarrowWeights {
  let words: WordBuffer<UInt32>
  let biases, steps: FloatBuffer
  /// Sums of a row's whole numbers.
  let sums: WordBuffer<Int32>
  private let shape: ConvolutionShape
  private let precision: Precision
  /// Rows of a group, filled up to whole tiles, and words of a row.
  private let rowsOfGroup, rowWords: Int
  private var isReady = false

  init(
    _ shape: ConvolutionShape, _ precision: Precision, rowsOfGroup: Int, rowWords: Int
  ) {
    self.rowsOfGroup = rowsOfGroup
    self.shape = shape
    self.precision = precision
    self.rowWords = rowWords
    let rows = shape.groups * rowsOfGroup
    words = WordBuffer(rows * rowWords)
    biases = FloatBuffer(rows)
    steps = FloatBuffer(rows)
    sums = WordBuffer(rows)
  }

  /// Narrows the weights, unless they are those of the last time.
  func prepare(
    _ weight: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?, stay: Bool, _ workers: Workers
  ) {
    let isKept = stay && isReady
    workers.split(shape.outChannels, grain: 16) { channels, _ in
      for channel in channels {
        let (group, index) = channel.quotientAndRemainder(dividingBy: shape.outGroup)
        let place = group * rowsOfGroup + index
        biases.start[place] = bias?[channel] ?? 0
        if !isKept { narrow(weight + channel * shape.window, place) }
      }
    }
    isReady = true
  }

  /// Narrows a row; what fills its last word up is zero from the start.
  private func narrow(_ row: UnsafePointer<Float>, _ place: Int) {
    let to = words.start + place * rowWords
    guard precision == .int8 else { return bfloat16_words(shape.window, row, to) }
    let scale = ByteScale(reach: int8_reach(shape.window, row))
    steps.start[place] = scale.step
    int8_words(shape.window, row, scale.factor, to)
    sums.start[place] = to.withMemoryRebound(to: Int8.self, capacity: shape.window) { bytes in
      (0..<shape.window).reduce(0) { $0 + Int32(bytes[$1]) }
    }
  }
}
