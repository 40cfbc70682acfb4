/// A matrix times the windows of pictures: implicit matrix multiplication.
///
/// output[row, pixel] = bias[row] + Σ over the window of A[row, element] · source[element, pixel].
/// The right side is never written out as a whole. Where rows of pixels fill vectors well it is read in
/// place, each vector of pixels through the table of `TapGeometry`; else panels of a few vectors are
/// packed, which wastes no lane: at 14×14 that is 14 % more, and it costs 1 % with 512 rows.
final class TapProduct {
  let geometry: TapGeometry
  let rows: Int
  private let kernels: Kernels
  private let workers: Workers
  private let tile: Kernels.Tile
  private let tiles: Int
  /// Rows of pixels whose neighbours are neighbours in the source too, and their length.
  private let runsOfPicture, runLength: Int
  private let isPacked: Bool
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
    let sourceSlots, targetSlots, starts, lengths: IndexTable

    init(_ product: TapProduct) {
      let columns = product.tile.slots * product.kernels.slot
      panels = FloatBuffer(product.isPacked ? product.panelsAtOnce * product.chunk * columns : 0)
      let isPartial = product.chunk < product.geometry.depth
      let area = product.tile.rows * columns
      partial = FloatBuffer(isPartial ? product.panelsAtOnce * product.tiles * area : 0)
      result = FloatBuffer(area)
      sourceSlots = IndexTable(4)
      targetSlots = IndexTable(4)
      starts = IndexTable(columns)
      lengths = IndexTable(columns)
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
    let pixels = geometry.outHeight * geometry.outWidth
    let isFlat = geometry.rowLength == geometry.outWidth
    (runsOfPicture, runLength) = isFlat ? (1, pixels) : (geometry.outHeight, geometry.outWidth)
    let slot = kernels.slot
    let vectors = (runLength + slot - 1) / slot
    let filled = runLength < slot ? 0 : Double(runLength) / Double(vectors * slot)
    // Moving a vector into a panel takes about as long as three products.
    let work = Double(tiles * tile.rows)
    // Planes a multiple of 2 KiB apart fall into the same few sets of the cache.
    let collides = geometry.depth > 8 && geometry.channelLength % 512 == 0
    isPacked = geometry.depth > 640 || collides || work / (work + 6) > filled
    chunk = isPacked ? Self.chunk(geometry.depth) : geometry.depth
    panelsAtOnce = isPacked && tiles * tile.rows > 128 ? 8 : 1
    offsets = IndexTable(geometry.offsets)
    packedDepths = IndexTable((0..<chunk).map { $0 * tile.slots * slot })
    denseSlots = IndexTable((0..<4).map { $0 * slot })
    biases = FloatBuffer(tiles * tile.rows)
    edgeA = FloatBuffer(rows % tile.rows == 0 ? 0 : tile.rows * geometry.depth)
    lanes = (0..<workers.count).map { _ in Lane(self) }
  }

  /// The tile that wastes the fewest rows; among equals the one of three slots.
  static func bestTile(_ rows: Int, _ kernels: Kernels) -> Kernels.Tile {
    let order = kernels.slot == 16 ? [1, 2, 0] : kernels.slot == 8 ? [1, 0] : [0]
    func padded(_ tile: Int) -> Int {
      let height = kernels.tiles[tile].rows
      return (rows + height - 1) / height * height
    }
    var best = order[0]
    for other in order where padded(other) < padded(best) { best = other }
    return kernels.tiles[best]
  }

  /// Equal parts of at most 192: a panel of 48 columns is then 36 KiB.
  private static func chunk(_ depth: Int) -> Int {
    let parts = (depth + 191) / 192
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
    let slots: Int
    if isPacked {
      slots = (pictures * runsOfPicture * runLength + kernels.slot - 1) / kernels.slot
    } else {
      slots = pictures * runsOfPicture * slotsOfRun
    }
    let panels = (slots + tile.slots - 1) / tile.slots
    workers.forEach((panels + panelsAtOnce - 1) / panelsAtOnce) { group, worker in
      let first = group * panelsAtOnce
      multiply(first..<min(panels, first + panelsAtOnce), slots, job, lanes[worker])
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

  private var slotsOfRun: Int { (runLength + kernels.slot - 1) / kernels.slot }
  private var columns: Int { tile.slots * kernels.slot }
  private var pixels: Int { runsOfPicture * runLength }

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
    let isDirect = place(panel, slots, job, lane)
    let dense = UnsafePointer(denseSlots.start)
    let packed = UnsafePointer(lane.panels.start + index * chunk * columns)
    let right = isPacked ? packed : job.source
    let rightSlots = isPacked ? dense : UnsafePointer(lane.sourceSlots.start)
    let rightDepths = UnsafePointer(isPacked ? packedDepths.start : offsets.start)
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
        isThere ? UnsafePointer(lane.targetSlots.start) : dense, isThere ? pixels : columns)
      if isLast, isEdge || !isDirect {
        put(t * tile.rows..<min(rows, (t + 1) * tile.rows), job, lane)
      }
    }
  }

  /// Finds where a panel's pixels are and where they go; false where a vector of them is split.
  private func place(_ panel: Int, _ slots: Int, _ job: Job, _ lane: Lane) -> Bool {
    var isDirect = true
    for i in 0..<tile.slots {
      let slot = panel * tile.slots + i
      if isPacked {
        let pixel = slot * kernels.slot
        let (picture, start) = pixel.quotientAndRemainder(dividingBy: pixels)
        lane.targetSlots.start[i] = picture * job.outputPicture + start
        isDirect = isDirect && start + kernels.slot <= pixels && picture < job.pictures
      } else {
        // A panel that is not full does its last vector again.
        let (run, vector) = min(slot, slots - 1).quotientAndRemainder(dividingBy: slotsOfRun)
        let (picture, row) = run.quotientAndRemainder(dividingBy: runsOfPicture)
        // The last vector of a row overlaps the one before.
        let x = min(vector * kernels.slot, runLength - kernels.slot)
        lane.sourceSlots.start[i] = picture * job.picture + row * geometry.rowLength + x
        lane.targetSlots.start[i] = picture * job.outputPicture + row * runLength + x
      }
    }
    return isDirect
  }

  /// Copies a tile to the rows and pixels that there are.
  private func put(_ rows: Range<Int>, _ job: Job, _ lane: Lane) {
    for i in 0..<tile.slots {
      var target = lane.targetSlots.start[i]
      var column = i * kernels.slot
      var left = kernels.slot
      if isPacked {
        // Vectors are filled from picture to picture.
        let picture = target / max(1, job.outputPicture)
        var pixel = target - picture * job.outputPicture
        var place = picture
        while left > 0, place < job.pictures {
          let length = min(left, pixels - pixel)
          target = place * job.outputPicture + pixel
          copy(rows, column, length, target, job, lane)
          (column, left) = (column + length, left - length)
          (place, pixel) = (place + 1, 0)
        }
      } else {
        copy(rows, column, left, target, job, lane)
      }
    }
  }

  private func copy(
    _ rows: Range<Int>, _ column: Int, _ length: Int, _ target: Int, _ job: Job, _ lane: Lane
  ) {
    kernels.copyRows(
      rows.count, length, lane.result.start + column, columns,
      job.output + rows.lowerBound * pixels + target, pixels)
  }

  /// Packs the pixels of a panel, `depth` elements of their windows.
  private func pack(
    _ panel: Int, _ first: Int, _ depth: Int, _ job: Job, _ lane: Lane, _ index: Int
  ) {
    var runs = 0
    var pixel = panel * columns
    let end = min(pixel + columns, job.pictures * pixels)
    while pixel < end {
      let (picture, place) = pixel.quotientAndRemainder(dividingBy: pixels)
      let (row, x) = place.quotientAndRemainder(dividingBy: runLength)
      lane.starts.start[runs] = picture * job.picture + row * geometry.rowLength + x
      lane.lengths.start[runs] = min(runLength - x, end - pixel)
      pixel += lane.lengths.start[runs]
      runs += 1
    }
    kernels.packRuns(
      depth, offsets.start + first, runs, lane.lengths.start, lane.starts.start, job.source,
      lane.panels.start + index * chunk * columns, columns)
  }
}
