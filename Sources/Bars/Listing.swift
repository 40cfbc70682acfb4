import Days

/// A row as it comes to a day.
struct ListingRow {
  var bar: Bar
  /// Whether it has any number; one that has none counts as missing, though it stays.
  var hasNumbers: Bool
  /// Whether the instrument is a member, where the source tells.
  var isMember: Bool?
  /// The day from which on it has no rows, where the source tells.
  var delisted: Day?
  var limits = TradingLimits.none
}

/// What is known of one instrument, day by day.
struct Listing {
  let code: InstrumentCode
  /// Its row of the day.
  private(set) var bar = Bar.suspended
  private(set) var limits = TradingLimits.none
  private(set) var hasRow = false
  private var hasNumbers = false
  /// Whether its prices and its volume are those of its row before, to the bit, though it was traded.
  private(set) var isStale = false
  private(set) var isSeen = false
  /// The last close of a day that was taken, and the number of that day.
  private var close = Float.nan
  /// The volume of that day.
  private(set) var volume = Float.nan
  private(set) var closedOn = 0
  /// Whether a day with a close of it was left out since.
  private var isBridged = false
  /// On how many days its rows have been missing.
  private var missing = 0

  /// Whether spans say when it is a member; otherwise its rows do, or nothing.
  var hasSpans = false
  /// An index.
  var isNoMember = false
  private var memberFrom = Int32.max
  private(set) var memberTo = Int32.min
  private var spansEnded = 0
  private var toldMember: Bool?
  private var wasMember = false
  /// Whether its row of the last day said that it is a member.
  private var wroteMember = false
  private var delisted = Int32.max

  init(_ code: InstrumentCode) { self.code = code }

  /// Takes in the row of a day.
  @inline(__always)
  mutating func take(_ row: ListingRow) {
    isStale = row.bar.volume > 0 && row.bar.hasPricesAndVolume(of: bar)
    (bar, hasNumbers, hasRow, isSeen) = (row.bar, row.hasNumbers, true, true)
    limits = row.limits
    if let isMember = row.isMember { toldMember = isMember }
    if let day = row.delisted { delisted = day.number }
  }

  /// Goes on to the first span that has not ended.
  mutating func enterSpan(_ day: Day, _ spans: [ClosedRange<Day>]) {
    while spansEnded < spans.count, spans[spansEnded].upperBound < day { spansEnded += 1 }
    guard spansEnded < spans.count else {
      (memberFrom, memberTo) = (.max, .max)
      return
    }
    memberFrom = spans[spansEnded].lowerBound.number
    memberTo = spans[spansEnded].upperBound.number
  }

  /// Whether it is a member on a day: by spans, or by its last row; without word of it, it is.
  @inline(__always)
  func isMember(on day: Day) -> Bool {
    if !hasRow, delisted <= day.number { return false }
    return hasSpans ? memberFrom <= day.number : !isNoMember && toldMember ?? true
  }

  /// Leaves out a day on which it has a row.
  mutating func leave() {
    hasRow = false
    if hasNumbers { missing = 0 }
    if !bar.close.isNaN { isBridged = true }
  }

  /// Ends a day on which it has a row: whether that is of a member.
  @inline(__always)
  mutating func endWithRow(_ day: Day, _ number: Int) -> Bool? {
    let isMember = isMember(on: day)
    hasRow = false
    missing = hasNumbers ? 0 : missing + 1
    if !bar.close.isNaN {
      if isBridged {
        bar.values[7] = Float(Double(bar.close) / Double(close) - 1)
        isBridged = false
      }
      (close, volume, closedOn) = (bar.close, bar.volume, number)
    }
    wroteMember = isMember
    wasMember = wasMember || isMember
    return isMember
  }

  /// Ends a day on which it has no row: whether one of NaN stands in for it, and if that is of a member.
  ///
  /// Where a member's time is over, the first such row says so, that it is none; then there is no more.
  mutating func endWithoutRow(_ day: Day, _ delistedAfter: Int) -> Bool? {
    guard isSeen else { return nil }
    (bar, limits) = (.suspended, .none)
    missing += 1
    let isMember = isMember(on: day)
    let isOver = delisted <= day.number || wasMember && !isMember
    let saysSo = isOver && wroteMember
    wroteMember = !isOver && missing <= delistedAfter && isMember
    wasMember = wasMember || wroteMember
    if isOver { return saysSo ? false : nil }
    return missing <= delistedAfter ? isMember : nil
  }
}
