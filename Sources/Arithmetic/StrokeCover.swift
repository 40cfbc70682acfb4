/// Which strokes of a row a path has read: all before a place, and some of the next.
///
/// Strokes are numbered from left to right. A character is read where its first stroke is the first that
/// is not read yet, so that what is read is never far from being a beginning of the row.
struct StrokeCover: Hashable {
  /// How far ahead of the first unread stroke strokes may be read already.
  static let reach = 128

  /// The first stroke that is not read.
  private(set) var next = 0
  /// What is read from there on; the lowest bit, of `next`, is never set.
  private(set) var ahead: UInt128 = 0

  /// How many strokes are read.
  var count: Int { next + ahead.nonzeroBitCount }

  /// With some strokes more, of which the first is `next`; nil where one of them is read already.
  func adding(_ strokes: Span) -> StrokeCover? {
    guard ahead & strokes.bits == 0 else { return nil }
    var cover = self
    cover.ahead |= strokes.bits
    let read = (~cover.ahead).trailingZeroBitCount
    cover.next += read
    cover.ahead = read < Self.reach ? cover.ahead >> UInt128(read) : 0
    return cover
  }

  /// Strokes that are read together.
  struct Span: Hashable {
    let first: Int
    /// From the first on; its own bit is set.
    fileprivate let bits: UInt128

    /// Places in the row, ascending; nil where they are too far apart.
    init?(_ places: [Int]) {
      guard let first = places.first, let last = places.last, last - first < StrokeCover.reach
      else {
        return nil
      }
      self.first = first
      bits = places.reduce(0) { $0 | UInt128(1) << UInt128($1 - first) }
    }

    var count: Int { bits.nonzeroBitCount }
  }
}
