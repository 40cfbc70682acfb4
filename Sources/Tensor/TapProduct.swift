import KernelChoice
import KernelTable

/// A matrix times the windows of pictures: implicit matrix multiplication.
///
/// output[row, pixel] = bias[row] + Σ over the window of A[row, element] · source[element, pixel].
/// The right side is never written out as a whole: it is read in place, each vector of pixels through
/// the table of `TapGeometry`, or packed panel by panel, as `PixelOrder` finds best.
final class TapProduct {
  let geometry: TapGeometry
  let rows: Int
  private let kernels: Kernels
  private let workers: Workers
  private let tile: Tile
  /// Columns of a panel.
  private let columns: Int
  private let tiles: Int
  private let order: PixelOrder
  /// Depths that are worked on at once, so that a packed panel stays in the first-level cache.
  private let chunk: Int
  /// Panels that a chunk of A is used for before the next is read.
  private let panelsAtOnce: Int
  private let offsets: IndexTable
  private let packedDepths: IndexTable
  private let denseSlots: IndexTable
  private var lanes: [Lane] = []
  private let biases: FloatBuffer
  private let edgeA: FloatBuffer

  /// Work space of one thread.
  private final class Lane {
    let panels, partial, result: FloatBuffer
    let panel = PixelOrder.Panel()
    let moves: Moves

    init(_ product: TapProduct) {
      let columns = product.columns
      panels = FloatBuffer(
        product.isPacked ? product.panelsAtOnce * product.chunk * columns : 0)
      let isPartial = product.chunk < product.geometry.depth
      let area = product.tile.rows * columns
      partial = FloatBuffer(isPartial ? product.panelsAtOnce * product.tiles * area : 0)
      result = FloatBuffer(area)
      moves = Moves(columns: columns, widest: product.kernels.slot)
    }
  }

  /// A product for matrices of that many rows.
  init(_ geometry: TapGeometry, rows: Int, workers: Workers, kernels: Kernels) {
    self.geometry = geometry
    self.rows = rows
    self.kernels = kernels
    self.workers = workers
    let tile = Self.bestTile(rows, kernels)
    self.tile = tile
    let tiles = (rows + tile.rows - 1) / tile.rows
    self.tiles = tiles
    let slot = kernels.slot
    columns = tile.slots * slot
    order = PixelOrder(geometry, matrixRows: tiles * tile.rows, slot: slot)
    let isPacked = order.kind == .packed
    chunk = Self.chunk(geometry.depth)
    panelsAtOnce = isPacked && tiles * tile.rows > 128 ? 16 : 1
    offsets = IndexTable(geometry.offsets)
    packedDepths = IndexTable((0..<chunk).map { $0 * tile.slots * slot })
    denseSlots = IndexTable((0..<4).map { $0 * slot })
    biases = FloatBuffer(tiles * tile.rows)
    edgeA = FloatBuffer(rows % tile.rows == 0 ? 0 : tile.rows * geometry.depth)
    lanes = (0..<workers.count).map { _ in Lane(self) }
  }

  /// The tile that wastes the fewest rows; among equals the one of three slots.
  static func bestTile(_ rows: Int, _ kernels: Kernels) -> Tile {
    let order = kernels.slot == 16 ? [3, 4, 2] : kernels.slot == 8 ? [3, 2] : [2]
    func padded(_ slots: Int) -> Int {
      let height = kernels.tile(slots).rows
      return (rows + height - 1) / height * height
    }
    var best = order[0]
    for other in order where padded(other) < padded(best) { best = other }
    return kernels.tile(best)
  }

  /// Equal parts of at most 256: a panel of 48 columns is then 48 KiB.
  private static func chunk(_ depth: Int) -> Int {
    let parts = (depth + 255) / 256
    return (depth + parts - 1) / parts
  }

  /// Multiplies for some pictures, which lie `picture` floats apart, planes of the output side by side.
  func run(
    a: UnsafePointer<Float>, aRow: Int, aStep: Int, bias: UnsafePointer<Float>?,
    source: UnsafePointer<Float>, picture: Int, pictures: Int,
    output: UnsafeMutablePointer<Float>, outputPicture: Int, preparation: Preparation?
  ) {
    biases.clear()
    if let bias { biases.start.update(from: bias, count: rows) }
    if edgeA.count > 0 {
      let first = (tiles - 1) * tile.rows
      for row in first..<rows {
        let to = edgeA.start + (row - first) * geometry.depth
        for d in 0..<geometry.depth { to[d] = a[row * aRow + d * aStep] }
      }
    }
    let job = Job(
      a: a, aRow: aRow, aStep: aStep, source: source, picture: picture, pictures: pictures,
      output: output, outputPicture: outputPicture, preparation: preparation)
    let slots = order.slots(pictures)
    let panels = (slots + tile.slots - 1) / tile.slots
    // Equal groups: a small last one would read all of A for itself.
    let groups = (panels + panelsAtOnce - 1) / panelsAtOnce
    workers.forEach(groups) { group, worker in
      let some = panels * group / groups..<panels * (group + 1) / groups
      multiply(some, slots, job, lanes[worker])
    }
  }

  private struct Job {
    let a: UnsafePointer<Float>
    let aRow, aStep: Int
    let source: UnsafePointer<Float>
    let picture, pictures: Int
    let output: UnsafeMutablePointer<Float>
    let outputPicture: Int
    let preparation: Preparation?
  }

  private var isPacked: Bool { order.kind == .packed }
  private var pixels: Int { order.pixels }

  private func multiply(_ panels: Range<Int>, _ slots: Int, _ job: Job, _ lane: Lane) {
    for first in stride(from: 0, to: geometry.depth, by: chunk) {
      let depth = min(chunk, geometry.depth - first)
      if isPacked {
        job.preparation.measure {
          for panel in panels { pack(panel, first, depth, job, lane, panel - panels.lowerBound) }
        }
      }
      // Rows of A that stay in the second-level cache while the panels come by.
      let block = max(1, 96 / tile.rows)
      for tiles in stride(from: 0, to: tiles, by: block) {
        let some = tiles..<min(self.tiles, tiles + block)
        for panel in panels {
          multiply(panel, panel - panels.lowerBound, some, slots, first, depth, job, lane)
        }
      }
    }
  }

  /// Adds one chunk of depths to some tiles of a panel.
  private func multiply(
    _ panel: Int, _ index: Int, _ some: Range<Int>, _ slots: Int, _ first: Int, _ depth: Int,
    _ job: Job, _ lane: Lane
  ) {
    let area = tile.rows * columns
    let isLast = first + depth == geometry.depth
    // Before the last chunk a packed panel neither reads nor writes in place.
    if isLast || !isPacked {
      order.lay(
        panel * tile.slots, tile.slots, of: slots, pictures: job.pictures, source: job.picture,
        target: job.outputPicture, followsOthers: index == 0 && panel > 0, lane.panel)
    }
    let isDirect = lane.panel.isDirect
    let dense = UnsafePointer(denseSlots.start)
    let packed = UnsafePointer(lane.panels.start + index * chunk * columns)
    let right = isPacked ? packed : job.source
    let rightSlots = isPacked ? dense : UnsafePointer(lane.panel.sources.start)
    let rightDepths = UnsafePointer(isPacked ? packedDepths.start : offsets.start + first)
    for t in some {
      let partial = lane.partial.start + (index * tiles + t) * area
      let isEdge = edgeA.count > 0 && t == tiles - 1
      let edge = UnsafePointer(edgeA.start + first)
      let left = isEdge ? edge : job.a + (t * tile.rows * job.aRow + first * job.aStep)
      let isThere = isLast && isDirect && !isEdge
      let target =
        isThere
        ? job.output + t * tile.rows * pixels : isLast ? lane.result.start : partial
      tile.multiply(
        depth, left, isEdge ? geometry.depth : job.aRow, isEdge ? 1 : job.aStep,
        right, rightSlots, rightDepths, first > 0 ? UnsafePointer(partial) : nil,
        biases.start + t * tile.rows, target,
        isThere ? UnsafePointer(lane.panel.targets.start) : dense, isThere ? pixels : columns)
      if isLast, isEdge || !isDirect {
        put(t * tile.rows..<min(rows, (t + 1) * tile.rows), job, lane)
      }
    }
  }

  /// Copies the wanted part of a tile to where it belongs.
  private func put(_ rows: Range<Int>, _ job: Job, _ lane: Lane) {
    for piece in lane.panel.pieces {
      kernels.copyRows(
        rows.count, piece.length, lane.result.start + piece.column, columns,
        job.output + rows.lowerBound * pixels + piece.target, pixels)
    }
  }

  /// Packs the pixels of a panel, `depth` elements of their windows.
  private func pack(
    _ panel: Int, _ first: Int, _ depth: Int, _ job: Job, _ lane: Lane, _ index: Int
  ) {
    let moves = lane.moves
    moves.clear()
    let start = panel * columns
    order.forEachRun(
      start, min(start + columns, job.pictures * pixels), source: job.picture
    ) { source, pixel, length in moves.add(from: source, to: pixel - start, length) }
    kernels.packMoves(
      moves.counts.start, columns, moves.sources.start, moves.targets.start, depth,
      offsets.start + first, job.source, lane.panels.start + index * chunk * columns, columns)
  }
}

/// Moves that fill a panel, those of each width by themselves.
private final class Moves {
  private static let widths = [16, 8, 4, 1]
  let counts = IndexTable(widths.count)
  let sources, targets: IndexTable
  private let columns, widest: Int

  init(columns: Int, widest: Int) {
    (self.columns, self.widest) = (columns, widest)
    sources = IndexTable(Self.widths.count * columns)
    targets = IndexTable(Self.widths.count * columns)
  }

  func clear() { counts.start.update(repeating: 0, count: Self.widths.count) }

  /// Covers a run of neighbouring pixels; the last move overlaps the one before to end where it ends.
  func add(from source: Int, to target: Int, _ length: Int) {
    for (kind, width) in Self.widths.enumerated() where width <= min(length, widest) {
      for i in stride(from: 0, to: length, by: width) {
        let shift = min(i, length - width)
        let place = kind * columns + counts.start[kind]
        sources.start[place] = source + shift
        targets.start[place] = target + shift
        counts.start[kind] += 1
      }
      return
    }
  }
}
