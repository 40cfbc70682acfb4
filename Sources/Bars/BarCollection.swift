import Days
import Streams

/// Bars that are held in memory: what is read row by row, each instrument in order of its dates.
public final class BarCollection: BarSource {
  /// The days that were given, or else those that any instrument has a row of.
  public private(set) var calendar = TradingCalendar(days: [])
  /// All instruments; when they are members, where the rows told.
  public private(set) var membership = Membership()

  private let rules: BarRules
  private let tradingDays: TradingCalendar?
  /// Whose closes count without volume.
  private let index: InstrumentCode?
  private var histories: [InstrumentHistory] = []
  private var places: [InstrumentCode: Int] = [:]
  /// Rows of one instrument mostly follow each other.
  private var latest = 0

  /// An empty collection; `adjusting` raw prices into qlib's, or taking them as they are.
  ///
  /// With a calendar, only its days can have rows, and its days without a row are suspended ones. The
  /// `index` needs no volume.
  public init(
    adjusting: Bool = false, calendar: TradingCalendar? = nil, index: InstrumentCode? = nil
  ) {
    rules = BarRules(adjusts: adjusting)
    tradingDays = calendar
    self.index = index
  }

  /// Whether rows need a factor.
  var needsFactor: Bool { rules.adjusts }

  /// Whether nothing was read.
  public var isEmpty: Bool { histories.isEmpty }

  /// Adds a row; `isMember` is nil where the source does not tell.
  ///
  /// Throws where the day is not after the last one, and where a value breaks a rule.
  func add(_ code: InstrumentCode, _ day: Day, _ row: RawBar, isMember: Bool? = nil) throws {
    try tradingDays?.check(day)
    if latest >= histories.count || histories[latest].code != code {
      if let place = places[code] {
        latest = place
      } else {
        latest = histories.count
        places[code] = latest
        histories.append(InstrumentHistory(code, isIndex: code == index))
      }
    }
    try histories[latest].add(day, row, rules, isMember: isMember)
  }

  /// Ends reading: only now the trading days are known, and with them the days without a row.
  public func finish() {
    // An instrument of which every row was dropped has none.
    histories.removeAll { $0.days.isEmpty }
    calendar = tradingDays ?? TradingCalendar(union: histories.map(\.days))
    places = [:]
    for place in histories.indices {
      histories[place].fill(calendar)
      let code = histories[place].code
      places[code] = place
      membership.include(code)
      for span in histories[place].spans { membership.add(code, span) }
    }
  }

  /// The bars of an instrument within a range of the calendar's places; nil where it has none there.
  public func series(_ code: InstrumentCode, in days: Range<Int>) -> BarSeries? {
    places[code].flatMap { histories[$0].series(in: days) }
  }
}

/// The rows of one instrument.
private struct InstrumentHistory {
  let code: InstrumentCode
  private let isIndex: Bool
  private(set) var days: [Day] = []
  private(set) var spans: [ClosedRange<Day>] = []
  private var bars: [Bar] = []
  private var first = 0
  private var lastDay = Day(number: .min)
  private var lastClose = Double.nan
  /// Since when it has been a member without a break.
  private var memberSince: Day?

  init(_ code: InstrumentCode, isIndex: Bool) {
    self.code = code
    self.isIndex = isIndex
  }

  @inline(__always)
  mutating func add(_ day: Day, _ row: RawBar, _ rules: BarRules, isMember: Bool?) throws {
    if lastDay >= day { throw DayError.order(code, day, last: lastDay) }
    bars.append(try rules.bar(row, lastClose: &lastClose, isIndex: isIndex))
    // Without word of it an instrument is a member as long as it has rows.
    if isMember ?? true {
      if memberSince == nil { memberSince = day }
    } else {
      endSpan()
    }
    days.append(day)
    lastDay = day
  }

  private mutating func endSpan() {
    if let memberSince { spans.append(memberSince...lastDay) }
    memberSince = nil
  }

  /// Puts a suspended day wherever others have a row and this one has none.
  mutating func fill(_ calendar: TradingCalendar) {
    endSpan()
    guard let firstDay = days.first else { return }
    first = calendar.place(notBefore: firstDay)
    let count = calendar.place(notBefore: lastDay) - first + 1
    defer { days = [] }
    guard count > bars.count else { return }
    var filled = [Bar](repeating: .suspended, count: count)
    var place = 0
    for (day, bar) in zip(days, bars) {
      while calendar.days[first + place] < day { place += 1 }
      filled[place] = bar
    }
    bars = filled
  }

  func series(in range: Range<Int>) -> BarSeries? {
    let common = range.clamped(to: first..<first + bars.count)
    guard !common.isEmpty else { return nil }
    let part = bars[common.lowerBound - first..<common.upperBound - first]
    return BarSeries(code: code, first: common.lowerBound, bars: Array(part))
  }
}
