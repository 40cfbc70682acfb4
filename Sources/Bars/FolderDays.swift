import Days

/// Which days of a qlib folder are believed: a day that is half updated, or has the numbers of the day before,
/// is none to trade on, as in other sources.
struct FolderDays {
  private let spans: [[ClosedRange<Day>]]
  private let selection: BarSelection
  /// Close and volume on the last day that was taken, NaN where there was no close.
  private var last: [Bar]
  /// Those of the day that comes.
  private var bars: [Bar]
  /// The last close of a day that was taken, and whether a day with a close was left out since.
  private var closes: [(close: Float, isBridged: Bool)]
  private var day = Day(number: 0)
  private var hasClose = false
  private var members = MembersOfDay()
  private var days: DayNotes
  /// The instruments whose files end on different days, and the first of them.
  private var short = (codes: Set<InstrumentCode>(), first: "")

  /// Days of the instruments of these codes, members by their spans.
  init(_ codes: [InstrumentCode], _ membership: Membership, _ selection: BarSelection) {
    spans = codes.map { membership.spans(of: $0) }
    self.selection = selection
    last = codes.map { _ in .suspended }
    bars = last
    closes = codes.map { _ in (.nan, false) }
    days = DayNotes(leastShare: selection.leastShare)
  }

  /// Begins a day.
  mutating func begin(_ day: Day) {
    (self.day, hasClose, members) = (day, false, MembersOfDay())
  }

  /// Takes in a bar of the day; returns whether it is a member's.
  ///
  /// Where days were left out, its change becomes that since the last that was taken.
  @inline(__always)
  mutating func add(_ number: Int, _ bar: inout Bar, isWhole: Bool) -> Bool {
    if closes[number].isBridged, !bar.close.isNaN {
      bar.values[7] = Float(Double(bar.close) / Double(closes[number].close) - 1)
    }
    bars[number] = bar
    let isMember = spans[number].contains { $0.contains(day) }
    if !bar.close.isNaN { hasClose = true }
    guard isMember, !last[number].close.isNaN else { return isMember }
    members.expected += 1
    guard isWhole else { return true }
    members.present += 1
    guard !bar.close.isNaN else { return true }
    members.countClose(volume: bar.volume, before: last[number].volume)
    if bar.volume > 0, bar.hasPricesAndVolume(of: last[number]) { members.stale += 1 }
    return true
  }

  /// An instrument has no bar.
  @inline(__always)
  mutating func addNone(_ number: Int) {
    bars[number] = .suspended
    guard !last[number].close.isNaN, spans[number].contains(where: { $0.contains(day) }) else {
      return
    }
    members.expected += 1
  }

  /// Sees a bar of which not all fields have a file that is as long.
  mutating func see(short series: BarSeries) {
    guard let field = series.shortField, selection.includes(day),
      short.codes.insert(series.code).inserted, short.codes.count == 1
    else { return }
    short.first = "\(series.code), which has no \(field) on \(day)"
  }

  /// Ends the day: whether it is taken.
  mutating func end(isWanted: Bool) -> Bool {
    if hasClose, isWanted,
      let doubt = members.doubt(selection.leastShare, trusts: selection.trustsVolumes)
    {
      days.refused.append((day, doubt))
      for number in bars.indices where !bars[number].close.isNaN {
        closes[number].isBridged = !closes[number].close.isNaN
      }
      return false
    }
    if isWanted { days.see(day, members, hasClose: hasClose) }
    for number in bars.indices where !bars[number].close.isNaN {
      closes[number] = (bars[number].close, false)
    }
    if hasClose { swap(&last, &bars) }
    return true
  }

  /// What there is to say, a line each.
  var notes: [String] {
    let count = short.codes.count
    return days.lines
      + (count == 0
        ? []
        : [
          "files of \(count) instruments end on different days, as of an update that was cut short: first "
            + short.first
        ])
  }
}
