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
  /// Whether the source is pictures as they are: what a few panels see of them is laid out on the way.
  let isBanded: Bool
  private let kernels: Kernels
  private let workers: Workers
  private let tiling: Tiling
  private let order: PixelOrder
  /// Where the elements of the window lie: of a whole picture, or of a band.
  private let seen: TapGeometry
  /// Depths that are worked on at once, so that a packed panel stays in the first-level cache.
  private let chunk: Int
  /// Panels that a chunk of A is used for before the next is read.
  private let panelsAtOnce: Int
  /// Panels that a thread takes at a time, the others having nothing to do with them.
  private let panelsOfTask: Int
  private var lanes: [Lane] = []
  /// Where the slots of the last run were, where all can be known before.
  private var places: PixelOrder.Places?
  private let tables: (offsets: IndexTable, biases: FloatBuffer)
  // A window of a few elements is done in some hundred cycles: what is looked up for each tile is
  // plain pointers, which need not be counted.
  private let depth, taps, pixels: Int
  private let isPacked: Bool
  /// Whether a tile has all depths at once.
  ///
  /// A last tile that would stick out then begins earlier, and computes some rows again.
  private let isWhole: Bool
  private let offsets: UnsafePointer<Int>
  private let biases: UnsafeMutablePointer<Float>

  /// Work space of one thread.
  private final class Lane {
    private let buffers: [FloatBuffer]
    let packed, partial, result: UnsafeMutablePointer<Float>
    let panels: [PixelOrder.Panel]
    let moves: [Moves]
    var fills: [Fill] = []
    let band: PictureBand?

    init(_ product: TapProduct) {
      let tiling = product.tiling
      let isPartial = product.chunk < product.geometry.depth
      buffers = [
        product.isPacked ? product.panelsAtOnce * product.chunk * tiling.mostColumns : 0,
        isPartial ? product.panelsAtOnce * tiling.mostFloats : 0, tiling.tileFloats,
      ].map { FloatBuffer($0) }
      (packed, partial, result) = (buffers[0].start, buffers[1].start, buffers[2].start)
      panels = (0..<product.panelsAtOnce).map { _ in PixelOrder.Panel() }
      moves = (0..<(product.isPacked ? product.panelsAtOnce : 0)).map { _ in
        Moves(columns: tiling.mostColumns, widest: product.kernels.slot)
      }
      band =
        product.isBanded
        ? PictureBand(
          product.seen, pixels: product.order.pixels,
          columns: product.panelsAtOnce * tiling.mostColumns, product.kernels) : nil
    }
  }

  /// A product for matrices of that many rows.
  ///
  /// The source can be as it is where laid out pictures have more floats than `largestWhole`; never,
  /// where that is nil.
  init(
    _ geometry: TapGeometry, rows: Int, largestWhole: Int? = nil, workers: Workers,
    kernels: Kernels
  ) {
    self.geometry = geometry
    self.rows = rows
    self.kernels = kernels
    self.workers = workers
    let tiling = Tiling(rows: rows, depth: geometry.depth, kernels)
    self.tiling = tiling
    order = PixelOrder(geometry, matrixRows: tiling.paddedRows, slot: kernels.slot)
    let isPacked = order.kind == .packed
    self.isPacked = isPacked
    (depth, taps, pixels) = (geometry.depth, geometry.taps, order.pixels)
    // Enough output rows that those which a band shares with the next are few.
    let forBand = max(3, min(16, 5 * geometry.outWidth / tiling.mostColumns))
    isBanded =
      isPacked && !geometry.isInPlace && geometry.taps <= Self.deepest
      && geometry.pictureLength > largestWhole ?? .max && tiling.paddedRows >= 32
    let channels = Self.equalParts(
      geometry.channels, atMost: max(1, Self.deepest / geometry.taps))
    chunk =
      isBanded
      ? channels * geometry.taps : Self.equalParts(geometry.depth, atMost: Self.deepest)
    // So many small panels as stay in the first-level cache, whose rows of A are then read once.
    let small = max(1, min(8, 12288 / (chunk * tiling.mostColumns)))
    let many = isPacked ? tiling.paddedRows > 128 : chunk == geometry.depth
    panelsAtOnce = many ? 16 : isBanded ? forBand : isPacked ? small : 1
    isWhole = chunk == geometry.depth
    seen = isBanded ? geometry.band(pixels: panelsAtOnce * tiling.mostColumns) : geometry
    panelsOfTask = isPacked ? panelsAtOnce : 16
    tables = (IndexTable(seen.offsets), FloatBuffer(tiling.mostRows))
    (offsets, biases) = (UnsafePointer(tables.offsets.start), tables.biases.start)
    lanes = (0..<workers.count).map { _ in Lane(self) }
  }

  /// Depths of a chunk: a panel of 48 columns is then 48 KiB.
  private static let deepest = 256

  /// Rows of A that stay in the second-level cache while the panels come by: a multiple of every tile's.
  private static let rowsAtOnce = 96

  private static func equalParts(_ count: Int, atMost most: Int) -> Int {
    let parts = (count + most - 1) / most
    return (count + parts - 1) / parts
  }

  /// Multiplies for some pictures, which lie `picture` floats apart, planes of the output side by side.
  func run(
    a: UnsafePointer<Float>, aRow: Int, aStep: Int, bias: UnsafePointer<Float>?,
    source: UnsafePointer<Float>, picture: Int, pictures: Int,
    output: UnsafeMutablePointer<Float>, outputPicture: Int, preparation: Preparation?
  ) {
    tables.biases.clear()
    if let bias { biases.update(from: bias, count: rows) }
    tiling.copyEdges(a, row: aRow, step: aStep)
    let job = Job(
      a: a, aRow: aRow, aStep: aStep, source: source, picture: picture, pictures: pictures,
      output: output, outputPicture: outputPicture, slots: order.slots(pictures),
      preparation: preparation)
    let plan = tiling.panels(job.slots)
    if fills(plan.main.tile),
      places?.contain(pictures: pictures, source: picture, target: outputPicture) != true
    {
      places = PixelOrder.Places(
        order, pictures: pictures, source: picture, target: outputPicture)
    }
    let count = plan.count
    // Equal tasks: a small last one would read all of A for itself.
    let tasks = workers.evenly((count + panelsOfTask - 1) / panelsOfTask, atMost: count)
    workers.forEach(tasks) { task, worker in
      let all = count * task / tasks..<count * (task + 1) / tasks
      for first in stride(from: all.lowerBound, to: all.upperBound, by: panelsAtOnce) {
        let panels = first..<min(first + panelsAtOnce, all.upperBound)
        let followsOthers = workers.count > 1 && task > 0 && first == all.lowerBound
        multiply(plan, panels, followsOthers: followsOthers, job, lanes[worker])
      }
    }
  }

  /// Whether rows can be written by whole tiles; of others the pixels are put one by one.
  private func fills(_ tile: Tile) -> Bool {
    rows % tile.rows == 0 || isWhole && rows >= tile.rows
  }

  private struct Job {
    let a: UnsafePointer<Float>
    let aRow, aStep: Int
    let source: UnsafePointer<Float>
    let picture, pictures: Int
    let output: UnsafeMutablePointer<Float>
    let outputPicture, slots: Int
    let preparation: Preparation?
  }

  private func multiply(
    _ plan: Tiling.Panels, _ panels: Range<Int>, followsOthers: Bool, _ job: Job, _ lane: Lane
  ) {
    for panel in panels {
      let (tile, target) = (plan.rows(panel).tile, lane.panels[panel - panels.lowerBound])
      let (first, followsOthers) = (
        plan.firstSlot(panel), followsOthers && panel == panels.lowerBound
      )
      if let places, fills(tile) && first + tile.slots <= job.slots, !followsOthers {
        target.take(places, first, tile.slots)
      } else {
        order.lay(
          first, tile.slots, of: job.slots, pictures: job.pictures,
          source: job.picture, target: job.outputPicture, followsOthers: followsOthers, target)
      }
    }
    if isPacked { findMoves(plan, panels, job, lane) }
    for first in stride(from: 0, to: self.depth, by: chunk) {
      let depth = min(chunk, self.depth - first)
      if isPacked {
        job.preparation.measure { pack(plan, panels, first, depth, job, lane) }
      }
      for row in stride(from: 0, to: rows, by: Self.rowsAtOnce) {
        let some = row..<min(rows, row + Self.rowsAtOnce)
        for panel in panels {
          multiply(
            plan.rows(panel), panel - panels.lowerBound, some, first, depth, job, lane)
        }
      }
    }
  }

  /// Adds one chunk of depths to some rows of a panel.
  private func multiply(
    _ matrix: Tiling.Rows, _ index: Int, _ some: Range<Int>, _ first: Int, _ depth: Int,
    _ job: Job, _ lane: Lane
  ) {
    let tile = matrix.tile
    let columns = matrix.columns
    let isLast = first + depth == self.depth
    let panel = lane.panels[index]
    if asks, some.lowerBound == 0, let next = panel.next {
      multiplyAsking(matrix, panel, some, next, job)
      return
    }
    let isDirect = panel.isDirect
    let targets = UnsafePointer(panel.targets)
    let dense = matrix.slots
    let packed = UnsafePointer(lane.packed + index * chunk * tiling.mostColumns)
    let right = isPacked ? packed : job.source
    let rightSlots = isPacked ? dense : UnsafePointer(panel.sources)
    let rightDepths = isPacked ? matrix.depths : offsets + first
    let partials = lane.partial + index * tiling.mostFloats
    let edge = matrix.edge + first
    let last = isWhole ? max(0, rows - tile.rows) : rows
    for start in stride(from: some.lowerBound, to: some.upperBound, by: tile.rows) {
      let row = min(start, last)
      let partial = partials + row * columns
      let isEdge = row + tile.rows > rows
      let left = isEdge ? edge : job.a + (row * job.aRow + first * job.aStep)
      let isThere = isLast && isDirect && !isEdge
      let target =
        isThere ? job.output + row * pixels : isLast ? lane.result : partial
      let (leftRow, leftStep) = isEdge ? (self.depth, 1) : (job.aRow, job.aStep)
      let from = first > 0 ? UnsafePointer(partial) : nil
      let (slots, targetRow) = isThere ? (targets, pixels) : (dense, columns)
      tile.multiply(
        depth, left, leftRow, leftStep, right, rightSlots, rightDepths, from, biases + row,
        target, slots, targetRow)
      if isLast, isEdge || !isDirect {
        put(row..<min(rows, row + tile.rows), panel, columns, job, lane)
      }
    }
  }

  /// Whether each panel reads what no other does, from as many places as it has depths: too far apart for the
  /// processor to see what comes next.
  private var asks: Bool { !isPacked && isWhole && taps == 1 }

  /// The same for all depths and slots that are written whole, and asks for the next panel, which starts at `next`.
  private func multiplyAsking(
    _ matrix: Tiling.Rows, _ panel: PixelOrder.Panel, _ some: Range<Int>, _ next: Int, _ job: Job
  ) {
    let tile = matrix.tile
    let (sources, targets) = (UnsafePointer(panel.sources), UnsafePointer(panel.targets))
    // A tile asks for a part of the depths, and for one of the cache lines that a row of the panel has.
    let lines = (matrix.columns + 15) / 16
    let parts = max(1, some.count / tile.rows / lines)
    for start in stride(from: some.lowerBound, to: some.upperBound, by: tile.rows) {
      let row = min(start, rows - tile.rows)
      let (part, line) = (start / tile.rows).quotientAndRemainder(dividingBy: lines)
      let depths = part < parts ? depth * part / parts..<depth * (part + 1) / parts : 0..<0
      tile.asking(
        depth, job.a + row * job.aRow, job.aRow, job.aStep, job.source, sources, offsets, nil,
        biases + row, job.output + row * pixels, targets, pixels,
        job.source + next + line * 16, offsets + depths.lowerBound, depths.count)
    }
  }

  /// Copies the wanted part of a tile to where it belongs.
  private func put(
    _ rows: Range<Int>, _ panel: PixelOrder.Panel, _ columns: Int, _ job: Job, _ lane: Lane
  ) {
    for piece in panel.pieces {
      kernels.copyRows(
        rows.count, piece.length, lane.result + piece.column, columns,
        job.output + rows.lowerBound * pixels + piece.target, pixels)
    }
  }

  /// Finds where the pixels of some panels lie, for every element of the window alike.
  private func findMoves(
    _ plan: Tiling.Panels, _ panels: Range<Int>, _ job: Job, _ lane: Lane
  ) {
    let (slot, end) = (kernels.slot, job.pictures * pixels)
    let band = lane.band
    band?.cover(
      plan.firstSlot(panels.lowerBound) * slot..<min(end, plan.firstSlot(panels.upperBound) * slot))
    for panel in panels {
      let start = plan.firstSlot(panel) * slot
      lane.moves[panel - panels.lowerBound].fill(
        start..<min(start + plan.rows(panel).columns, end), order, picture: job.picture, band)
    }
  }

  /// Packs `depth` elements of the windows of some panels.
  ///
  /// Of pictures as they are a channel is laid out and packed while it is in the first-level cache.
  private func pack(
    _ plan: Tiling.Panels, _ panels: Range<Int>, _ first: Int, _ depth: Int, _ job: Job,
    _ lane: Lane
  ) {
    lane.fills.removeAll(keepingCapacity: true)
    for panel in panels {
      let index = panel - panels.lowerBound
      let moves = lane.moves[index]
      lane.fills.append(
        Fill(
          counts: moves.counts.start, sources: moves.sources.start, targets: moves.targets.start,
          columns: plan.rows(panel).columns,
          panel: lane.packed + index * chunk * tiling.mostColumns))
    }
    guard let band = lane.band else {
      for fill in lane.fills {
        kernels.packMoves(
          fill.counts, tiling.mostColumns, fill.sources, fill.targets, depth, offsets + first,
          job.source, fill.panel, fill.columns)
      }
      return
    }
    for element in stride(from: 0, to: depth, by: taps) {
      band.layOut(
        job.source, picture: job.picture, channel: (first + element) / taps)
      for fill in lane.fills {
        kernels.packMoves(
          fill.counts, tiling.mostColumns, fill.sources, fill.targets, taps, offsets,
          band.floats.start, fill.panel + element * fill.columns, fill.columns)
      }
    }
  }

  /// A panel that is filled, and by which moves: plain pointers, since there are many short fills.
  private struct Fill {
    let counts, sources, targets: UnsafePointer<Int>
    let columns: Int
    let panel: UnsafeMutablePointer<Float>
  }
}
