/// Moves that fill a panel, those of each width by themselves.
final class Moves {
  /// How many there are of 16, 8, 4 and 1 floats.
  let counts = IndexTable(4)
  let sources, targets: IndexTable
  private let columns, widest: Int

  init(columns: Int, widest: Int) {
    (self.columns, self.widest) = (columns, widest)
    sources = IndexTable(4 * columns)
    targets = IndexTable(4 * columns)
  }

  /// Fills a panel with the pixels of a packed order, in pictures that lie so far apart or in a band.
  func fill(_ pixels: Range<Int>, _ order: PixelOrder, picture: Int, _ band: PictureBand?) {
    counts.start.update(repeating: 0, count: 4)
    order.forEachRun(
      pixels.lowerBound, pixels.upperBound, source: band?.pictureLength ?? picture
    ) { source, pixel, length in
      add(from: band?.place(source, of: pixel) ?? source, to: pixel - pixels.lowerBound, length)
    }
  }

  /// Covers a run of neighbouring pixels; the last move overlaps the one before to end where it ends.
  private func add(from source: Int, to target: Int, _ length: Int) {
    let most = min(length, widest)
    let (kind, width) = most >= 16 ? (0, 16) : most >= 8 ? (1, 8) : most >= 4 ? (2, 4) : (3, 1)
    var place = kind * columns + counts.start[kind]
    for i in stride(from: 0, to: length, by: width) {
      let shift = min(i, length - width)
      sources.start[place] = source + shift
      targets.start[place] = target + shift
      place += 1
    }
    counts.start[kind] = place - kind * columns
  }
}
