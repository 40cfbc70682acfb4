/// Which pixels of the pictures each vector of a register tile holds; a vector is called a slot.
struct PixelOrder {
  enum Kind {
    /// Each row by itself, read in place; the last vector of a row overlaps the one before.
    case rows
    /// Rows run on through the padding between them, read in place; what lies there is thrown away.
    case flowing
    /// Pixel after pixel, from picture to picture, packed into panels: no lane is wasted.
    case packed
  }

  let kind: Kind
  /// Rows whose pixels are neighbours in the source, and how many pixels each has.
  private let rows, length: Int
  /// Floats from row to row in the source.
  private let rowLength: Int
  private let slot: Int

  /// Packed panels.
  init(packing geometry: TapGeometry, slot: Int) { self.init(geometry, .packed, slot: slot) }

  private init(_ geometry: TapGeometry, _ kind: Kind, slot: Int) {
    let isFlat = geometry.rowLength == geometry.outWidth
    rows = isFlat ? 1 : geometry.outHeight
    length = isFlat ? geometry.outHeight * geometry.outWidth : geometry.outWidth
    rowLength = isFlat ? length : geometry.rowLength
    self.slot = slot
    self.kind = kind
  }

  /// The fastest order for a matrix of `matrixRows` rows.
  ///
  /// Packing takes about as long as six rows of products, and finding what to pack as long as 128 depths of one;
  /// pixels that are thrown away waste lanes.
  init(_ geometry: TapGeometry, matrixRows: Int, slot: Int) {
    let packed = PixelOrder(packing: geometry, slot: slot)
    let (rows, length) = (packed.rows, packed.length)
    let vectors = (length + slot - 1) / slot
    let inRows = length < slot ? 0 : Double(length) / Double(vectors * slot)
    let lanes = (rows - 1) * packed.rowLength + length
    let put = 1 - min(0.5, 10 / Double(geometry.depth))
    let inFlow = lanes < slot ? 0 : Double(length) / Double(packed.rowLength) * put
    let packing = 6 + 128 / Double(geometry.depth)
    let inPanels = Double(matrixRows) / (Double(matrixRows) + packing)
    // Planes a multiple of 2 KiB apart fall into the same few sets of the cache, and a deep window
    // leaves it before the next tile wants it again.
    let collides =
      geometry.channels > 1 && geometry.depth > 8 && geometry.channelLength % 512 == 0
    let isPacked = geometry.depth > 640 || collides || inPanels > max(inRows, inFlow)
    self.init(
      geometry, isPacked ? .packed : inRows >= inFlow ? .rows : .flowing, slot: slot)
  }

  /// Pixels of a picture.
  var pixels: Int { rows * length }

  /// Positions that slots run over in one picture.
  private var positions: Int { kind == .flowing ? (rows - 1) * rowLength + length : length }
  private var slotsOfRun: Int { (positions + slot - 1) / slot }

  /// Slots that cover some pictures.
  func slots(_ pictures: Int) -> Int {
    switch kind {
    case .rows: pictures * rows * slotsOfRun
    case .flowing: pictures * slotsOfRun
    case .packed: (pictures * pixels + slot - 1) / slot
    }
  }

  /// Where the pixels of a panel are, and where they go.
  final class Panel {
    /// Where each slot is read, in place.
    private(set) var sources: UnsafeMutablePointer<Int>
    /// Where each slot is written, where `isDirect`.
    private(set) var targets: UnsafeMutablePointer<Int>
    private let tables = [IndexTable(4), IndexTable(4)]
    /// Whether whole slots can be written to the output; else the wanted columns are copied.
    var isDirect = true
    /// Columns of the panel that are wanted, and where they go.
    private(set) var pieces: [(column: Int, length: Int, target: Int)] = []
    /// Where the panel after it is read, where that is known.
    private(set) var next: Int?

    init() { (sources, targets) = (tables[0].start, tables[1].start) }

    fileprivate func add(_ column: Int, _ length: Int, _ target: Int) {
      if let last = pieces.last, last.column + last.length == column,
        last.target + last.length == target
      {
        pieces[pieces.count - 1].length += length
      } else {
        pieces.append((column, length, target))
      }
    }

    fileprivate func clear() {
      (sources, targets) = (tables[0].start, tables[1].start)
      pieces.removeAll(keepingCapacity: true)
      isDirect = true
      next = nil
    }

    /// Takes a panel of `count` slots that are all written whole; it has no pieces.
    func take(_ places: Places, _ first: Int, _ count: Int) {
      clear()
      next = first + count < places.count ? places.sources.start[first + count] : nil
      (sources, targets) = (places.sources.start + first, places.targets.start + first)
    }
  }

  /// Where the slots of some pictures are read and written in order, each whole: worked out once for all passes over
  /// so many pictures, or fewer.
  ///
  /// Finding a few slots' places takes as long as some rows of their products.
  final class Places {
    fileprivate let sources, targets: IndexTable
    private let pictures, source, target: Int
    fileprivate let count: Int

    /// The places of rows by themselves; nil for other orders.
    init?(_ order: PixelOrder, pictures: Int, source: Int, target: Int) {
      guard order.kind == .rows else { return nil }
      (self.pictures, self.source, self.target) = (pictures, source, target)
      count = order.slots(pictures)
      (sources, targets) = (IndexTable(count), IndexTable(count))
      for index in 0..<count {
        let place = order.place(index, source: source, target: target)
        (sources.start[index], targets.start[index]) = (place.source, place.target)
      }
    }

    /// Whether those of so many pictures, which lie so far apart, are among them.
    func contain(pictures: Int, source: Int, target: Int) -> Bool {
      pictures <= self.pictures && (source, target) == (self.source, self.target)
    }
  }

  /// Where a slot of rows by themselves is read and written, and how far the one before reaches into it.
  private func place(
    _ index: Int, source: Int, target: Int
  ) -> (source: Int, target: Int, overlap: Int) {
    let (run, vector) = index.quotientAndRemainder(dividingBy: slotsOfRun)
    let (picture, row) = run.quotientAndRemainder(dividingBy: rows)
    let x = min(vector * slot, length - slot)
    return (
      picture * source + row * rowLength + x, picture * target + row * length + x,
      vector * slot - x
    )
  }

  /// Lays out slots `first ..< first + count` of `slots`; pictures lie apart as the strides say.
  ///
  /// Where another thread has the slot before the first, what both hold is left to that one.
  func lay(
    _ first: Int, _ count: Int, of slots: Int, pictures: Int, source: Int, target: Int,
    followsOthers: Bool, _ panel: Panel
  ) {
    panel.clear()
    for i in 0..<count {
      // A panel that is not full repeats its last slot.
      let index = min(first + i, slots - 1)
      let column = i * slot
      let isAfterOthers = followsOthers && index == first
      switch kind {
      case .rows:
        let place = place(index, source: source, target: target)
        (panel.sources[i], panel.targets[i]) = (place.source, place.target)
        let before = isAfterOthers ? place.overlap : 0
        if before > 0 { panel.isDirect = false }
        panel.add(column + before, slot - before, place.target + before)
      case .flowing:
        let (picture, vector) = index.quotientAndRemainder(dividingBy: slotsOfRun)
        let position = min(vector * slot, positions - slot)
        panel.sources[i] = picture * source + position
        panel.isDirect = false
        let before = isAfterOthers ? vector * slot - position : 0
        layFlow(position, from: position + before, column, picture * target, panel)
      case .packed:
        let (picture, pixel) = (index * slot).quotientAndRemainder(dividingBy: pixels)
        panel.targets[i] = picture * target + pixel
        if pixel + slot > pixels { panel.isDirect = false }
        if first + i < slots { layPacked(picture, pixel, column, pictures, target, panel) }
      }
    }
    if kind == .packed, first + count > slots { panel.isDirect = false }
  }

  private func layFlow(
    _ position: Int, from start: Int, _ column: Int, _ target: Int, _ panel: Panel
  ) {
    var place = start
    while place < position + slot {
      let (row, x) = place.quotientAndRemainder(dividingBy: rowLength)
      let wanted = min(length - x, position + slot - place)
      if wanted > 0 { panel.add(column + place - position, wanted, target + row * length + x) }
      place += rowLength - x
    }
  }

  private func layPacked(
    _ first: Int, _ start: Int, _ column: Int, _ pictures: Int, _ target: Int, _ panel: Panel
  ) {
    var (picture, pixel, done) = (first, start, 0)
    while done < slot, picture < pictures {
      let count = min(slot - done, pixels - pixel)
      panel.add(column + done, count, picture * target + pixel)
      done += count
      (picture, pixel) = (picture + 1, 0)
    }
  }

  /// Calls `body` with the runs of neighbouring pixels among `first ..< last` of the packed order.
  func forEachRun(
    _ first: Int, _ last: Int, source: Int,
    _ body: (_ source: Int, _ pixel: Int, _ length: Int) -> Void
  ) {
    var pixel = first
    while pixel < last {
      let (picture, place) = pixel.quotientAndRemainder(dividingBy: pixels)
      let (row, x) = place.quotientAndRemainder(dividingBy: length)
      let count = min(length - x, last - pixel)
      body(picture * source + row * rowLength + x, pixel, count)
      pixel += count
    }
  }
}
