import Days
import Streams

/// Bars that come by the day already, as tables of a stream: made whole and passed on, a day at a time.
///
/// What is kept of each instrument does not grow with history. One whose rows end before the stream
/// begins cannot be known.
public final class BarDays {
  let selection: BarSelection
  private let rules: BarRules
  private let calendar: TradingCalendar?
  private let whole: WholeDays
  /// The instruments that came, with their places among those that are wanted.
  private var known: [InstrumentCode: (place: Int?, lastClose: Double)] = [:]
  private var order = DayOrder()

  /// Days of a selection; `adjusting` raw prices, and on trading days of a calendar if there is one.
  public init(
    _ selection: BarSelection, adjusting: Bool = false, calendar: TradingCalendar? = nil
  ) {
    self.selection = selection
    rules = BarRules(adjusts: adjusting)
    self.calendar = calendar
    whole = WholeDays(selection, hasCalendar: calendar != nil)
  }

  /// The days that came, but for those on which nothing had a close.
  var span: ClosedRange<Day>? { whole.days }

  /// All instruments that came, in order.
  var codes: [InstrumentCode] { known.keys.sorted() }

  /// Whether a day was taken in.
  public var isEmpty: Bool { order.last == nil }

  /// Takes in a table, and gives the day to `body` if it is taken, wanted, and has a row; before it
  /// days of the calendar without a table.
  ///
  /// Throws where the table is not of one day, after the last.
  func add(_ array: NpyArray, _ input: ByteReader, _ body: (BarDay) throws -> Void) throws {
    guard let day = try DayTable(array)?.day else { return }
    let last = order.last
    try order.advance(to: day)
    if let calendar {
      try calendar.check(day)
      if let last {
        for day in calendar.days(between: last, and: day) {
          if let table = try whole.end(day, hasClose: false) { try body(table) }
        }
      }
    }
    var hasClose = false
    var seen: Set<InstrumentCode> = []
    let table = try BarTable(array)
    whole.hasLimits = table.hasLimits
    try table.forEach(input) { code, day, row, isMember in
      guard seen.insert(code).inserted else {
        throw DayError.order(code, day, last: day)
      }
      var (place, lastClose) = known[code] ?? (whole.place(code), .nan)
      defer { known[code] = (place, lastClose) }
      let bar = try rules.bar(
        row, lastClose: &lastClose, isIndex: code == selection.benchmark)
      if !bar.close.isNaN { hasClose = true }
      if let place {
        whole.add(
          place,
          ListingRow(
            bar: bar, hasNumbers: row.hasNumbers, isMember: isMember, limits: try rules.limits(row))
        )
      }
    }
    if let table = try whole.end(day, hasClose: hasClose) { try body(table) }
  }

  /// Ends the days; throws where the benchmark, or everything, had no bars.
  public func finish() throws {
    // Without a day there is nothing to say, but where news of a day is wanted.
    if !isEmpty || selection.after != nil { try whole.finish() }
  }
}
