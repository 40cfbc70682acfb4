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
    days = DayNotes(leastShare: selection.leastShare)
  }

  /// Begins a day.
  mutating func begin(_ day: Day) {
    (self.day, hasClose, members) = (day, false, MembersOfDay())
  }

  /// Takes in a bar of the day; returns whether it is a member's.
  @inline(__always)
  mutating func add(_ number: Int, _ bar: Bar, isWhole: Bool) -> Bool {
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
      return false
    }
    if isWanted { days.see(day, members, hasClose: hasClose) }
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
