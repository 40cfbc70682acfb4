import Days
import Streams

/// Bars that are held in memory: what is read row by row, each instrument in order of its dates.
public final class BarCollection {
  private let rules: BarRules
  private let calendar: TradingCalendar?
  /// Whose closes count without volume.
  private let index: InstrumentCode?
  private var histories: [InstrumentHistory] = []
  private var places: [InstrumentCode: Int] = [:]
  /// Rows of one instrument mostly follow each other.
  private var latest = 0
  private var marks = DayMarks()
  /// What the columns of CSV files hold.
  let columns: ColumnMap
  /// Is told, a line at a time, what the user should know of a file.
  let note: (String) -> Void
  /// Whether the source has columns of limits.
  var hasLimits = false
  /// Names the row that is being added.
  var place: () -> String = { "" }
  /// What rows of minutes are made to days by; nil where rows are of days.
  let minutes: MinuteDays?
  /// Whether numbers of a row that contradict each other are looked for.
  private let checksUnits: Bool
  private var units = UnitCheck()
  private var factors = FactorCheck()
  private var jumps = JumpCheck()

  /// An empty collection; `adjusting` raw prices into qlib's, or taking them as they are.
  ///
  /// With a calendar, only its days can have rows, and its days without a row are suspended ones. The
  /// `index` needs no volume. Rows can be `ofMinutes`, or of any other part of a day, of a session alone.
  public init(
    adjusting: Bool = false, calendar: TradingCalendar? = nil, index: InstrumentCode? = nil,
    columns: ColumnMap = .plain, ofMinutes: Bool = false, session: Session? = nil,
    checksUnits: Bool = true,
    note: @escaping (String) -> Void = { _ in }
  ) {
    rules = BarRules(adjusts: adjusting)
    self.calendar = calendar
    self.index = index
    self.columns = columns
    self.note = note
    self.checksUnits = checksUnits
    minutes =
      ofMinutes ? MinuteDays(trusting: !checksUnits, session: session?.seconds) : nil
  }

  /// Whether rows need a factor.
  var needsFactor: Bool { rules.adjusts }

  /// Whether nothing was read.
  public var isEmpty: Bool { marks.isEmpty }

  /// Adds a row; `isMember` and `delisted` are nil where the source does not tell.
  ///
  /// Throws where the day is not after the last one, and where a value breaks a rule.
  func add(
    _ code: InstrumentCode, _ day: Day, _ row: RawBar, isMember: Bool? = nil, delisted: Day? = nil
  ) throws {
    try calendar?.check(day)
    if latest >= histories.count || histories[latest].code != code {
      if let place = places[code] {
        latest = place
      } else {
        latest = histories.count
        places[code] = latest
        histories.append(InstrumentHistory(code, isIndex: code == index))
      }
    }
    let hasClose = try histories[latest].add(
      day, row, rules, isMember: isMember, delisted: delisted,
      limits: hasLimits ? try rules.limits(row) : .none
    ) { lastClose, isIndex, lastDays in
      guard checksUnits else { return }
      try units.check(
        row, lastClose: lastClose, isIndex: isIndex, isAdjusted: rules.adjusts,
        "\(code) on \(day)", place, refuses: refusesContradictions)
      // A change of the source's own that agrees vouches for a jump.
      if row.change.isNaN, !lastClose.isNaN {
        let factor = rules.adjusts && !row.factor.isNaN ? row.factor : 1
        jumps.check(
          row.prices[3] * factor, before: lastClose,
          limit: isIndex || !lastDays.isTraded(by: day) ? nil : code.priceLimit,
          cent: row.factor.isNaN ? 0.01 : 0.01 * row.factor, "\(code) on \(day)", place)
      }
      if !rules.adjusts, !row.factor.isNaN {
        factors.check(row.prices[3], row.factor, of: latest, "\(code) on \(day)")
      }
    }
    marks.mark(day, hasClose: hasClose)
  }

  /// Adds a row of a day or, where rows are of minutes, of a minute: the rules of a row hold for it too.
  @inline(__always)
  func add(_ code: InstrumentCode, _ moment: Moment, _ row: RawBar, delisted: Day?) throws {
    guard let minutes else { return try add(code, moment.day, row, delisted: delisted) }
    try calendar?.check(moment.day)
    var close = Double.nan
    _ = try rules.bar(row, lastClose: &close, isIndex: code == index)
    try minutes.add(code, moment, row, delisted: delisted) { try add($0, $1) }
  }

  /// Adds what the minutes of a day came to.
  private func add(_ code: InstrumentCode, _ day: MinuteDay) throws {
    try add(code, day.day, day.row, delisted: day.delisted)
  }

  /// Adds the days whose minutes may have ended with the input.
  func endMinutes() throws {
    place = { "the last day" }
    try minutes?.finish(note: note) { try add($0, $1) }
  }

  /// Whether rows whose numbers contradict each other are bad records, each by itself.
  var refusesContradictions = false

  /// Tells of contradictions in what was read; throws where they are too many to believe the rest.
  public func checkUnits() throws {
    for text in try units.notes() { note(text) }
    if let text = factors.note ?? jumps.note { note(text) }
  }
}

extension BarCollection: BarSource {
  /// The days that rows have, from the first to the last.
  public var span: ClosedRange<Day>? {
    let days = marks.days
    guard let first = days.first, let last = days.last else { return nil }
    return first.day...last.day
  }

  /// All instruments, in order.
  public var codes: [InstrumentCode] { places.keys.sorted() }

  /// Members are those of the selection, or those that the rows tell.
  public func members(_ selection: BarSelection) -> Membership? { selection.members }

  /// Gives the tables of all days that are selected, in order; days without a row are left out.
  ///
  /// Throws where the benchmark, or everything, has no bars.
  public func days(_ selection: BarSelection, _ body: (BarDay) throws -> Void) throws {
    try days(selection, until: nil, body)
  }

  /// The same, of the rows up to a day alone.
  func days(
    _ selection: BarSelection, until end: Day?, _ body: (BarDay) throws -> Void
  ) throws {
    if let benchmark = selection.benchmark, places[benchmark] == nil {
      throw DayError.rule("benchmark has no bars: \(benchmark)")
    }
    let whole = WholeDays(selection, hasCalendar: calendar != nil)
    whole.hasLimits = hasLimits
    var readers: [HistoryReader] = []
    for history in histories.sorted(by: { $0.code < $1.code }) {
      if let place = whole.place(history.code) { readers.append(HistoryReader(history, place)) }
    }
    for (day, hasClose) in marks.days(of: calendar) {
      if let end, day > end { break }
      for place in readers.indices { readers[place].give(day, to: whole) }
      if let table = try whole.end(day, hasClose: hasClose) { try body(table) }
    }
    if end == nil { try whole.finish() }
  }
}

/// The rows of one instrument.
private struct InstrumentHistory {
  let code: InstrumentCode
  private let isIndex: Bool
  private(set) var keys: [RowKey] = []
  private(set) var bars: [Bar] = []
  /// The limits of each row; none at all until a row has some.
  private(set) var limits: [TradingLimits] = []
  /// Its delisting, with the day of the row that tells it.
  private(set) var delistings: [(told: Day, delisted: Day)] = []
  private var lastDay = Day(number: .min)
  private var lastClose = Double.nan
  private var lastDays = ClosesBefore()

  init(_ code: InstrumentCode, isIndex: Bool) {
    self.code = code
    self.isIndex = isIndex
  }

  /// Adds a row; returns whether it has a close.
  ///
  /// `check` sees the close before it, whether it is an index's, and how closes have followed each other; what
  /// it throws leaves the row out.
  @inline(__always)
  mutating func add(
    _ day: Day, _ row: RawBar, _ rules: BarRules, isMember: Bool?, delisted: Day?,
    limits: TradingLimits, _ check: (Double, Bool, ClosesBefore) throws -> Void
  ) throws -> Bool {
    if lastDay >= day { throw DayError.order(code, day, last: lastDay) }
    var close = lastClose
    let bar = try rules.bar(row, lastClose: &close, isIndex: isIndex)
    if !bar.close.isNaN { try check(lastClose, isIndex, lastDays) }
    lastDays.see(day, hasClose: !bar.close.isNaN)
    lastClose = close
    if !limits.isNone || !self.limits.isEmpty {
      self.limits += repeatElement(.none, count: bars.count - self.limits.count)
      self.limits.append(limits)
    }
    bars.append(bar)
    keys.append(RowKey(day, hasNumbers: row.hasNumbers, isMember: isMember))
    if let delisted { delistings.append((day, delisted)) }
    lastDay = day
    return !bar.close.isNaN
  }
}

/// The day of a row and, in the same four bytes, what there is to know of it besides its bar.
private struct RowKey {
  private let bits: Int32

  @inline(__always)
  init(_ day: Day, hasNumbers: Bool, isMember: Bool?) {
    bits = day.number << 3 | (hasNumbers ? 4 : 0) | (isMember.map { $0 ? 2 : 1 } ?? 0)
  }

  var day: Int32 { bits >> 3 }
  var hasNumbers: Bool { bits & 4 != 0 }
  var isMember: Bool? { bits & 3 == 0 ? nil : bits & 2 != 0 }
}

/// Reads the rows of an instrument from its first to its last.
private struct HistoryReader {
  private let history: InstrumentHistory
  private let place: Int
  private var next = 0
  private var nextDelisting = 0

  init(_ history: InstrumentHistory, _ place: Int) { (self.history, self.place) = (history, place) }

  /// Gives the row of a day, if there is one.
  @inline(__always)
  mutating func give(_ day: Day, to whole: WholeDays) {
    guard next < history.keys.count, history.keys[next].day == day.number else { return }
    let key = history.keys[next]
    var delisted: Day?
    if nextDelisting < history.delistings.count, history.delistings[nextDelisting].told == day {
      delisted = history.delistings[nextDelisting].delisted
      nextDelisting += 1
    }
    whole.add(
      place,
      ListingRow(
        bar: history.bars[next], hasNumbers: key.hasNumbers, isMember: key.isMember,
        delisted: delisted, limits: history.limits.isEmpty ? .none : history.limits[next]))
    next += 1
  }
}

/// Which days have rows, and which of them a close.
private struct DayMarks {
  private var first: Int32 = 0
  private var marks: [UInt8] = []

  var isEmpty: Bool { marks.isEmpty }

  @inline(__always)
  mutating func mark(_ day: Day, hasClose: Bool) {
    var place = Int(day.number) - Int(first)
    if !marks.indices.contains(place) {
      makeRoom(for: day)
      place = Int(day.number - first)
    }
    marks[place] |= hasClose ? 3 : 1
  }

  private mutating func makeRoom(for day: Day) {
    // Years at a time, as instruments come one after the other.
    if marks.isEmpty {
      first = day.number
      marks = [0]
    } else if day.number < first {
      let more = Int(first - day.number) + 1000
      marks.insert(contentsOf: repeatElement(0, count: more), at: 0)
      first -= Int32(more)
    } else {
      let more = Int(day.number - first) + 1000 - marks.count
      marks += repeatElement(0, count: more)
    }
  }

  /// The days that have rows, and whether one has a close.
  var days: [(day: Day, hasClose: Bool)] {
    marks.indices.filter { marks[$0] > 0 }
      .map { (Day(number: first + Int32($0)), marks[$0] == 3) }
  }

  /// The days of a calendar, as far as there are rows; without one those that have rows.
  func days(of calendar: TradingCalendar?) -> [(day: Day, hasClose: Bool)] {
    let days = days
    guard let calendar, let last = days.last?.day else { return days }
    let closes = Set(days.lazy.filter(\.hasClose).map(\.day))
    return calendar.days[calendar.range(from: days.first?.day, to: last)]
      .map { ($0, closes.contains($0)) }
  }
}
