import Days
import Streams

/// Bars that come by the day already, as tables of a stream: selected and passed on, a day at a time.
///
/// Of each instrument the last close is kept, and nothing else: memory does not grow with history. A
/// row that a day does not have is not made up.
public final class BarDays {
  let selection: BarSelection
  private let rules: BarRules
  private let calendar: TradingCalendar?
  private(set) var lastCloses: [InstrumentCode: Double] = [:]
  private(set) var days: ClosedRange<Day>?
  private var written = 0

  /// Days of a selection; `adjusting` raw prices, and on trading days of a calendar if there is one.
  public init(
    _ selection: BarSelection, adjusting: Bool = false, calendar: TradingCalendar? = nil
  ) {
    self.selection = selection
    rules = BarRules(adjusts: adjusting)
    self.calendar = calendar
  }

  /// Whether a day was taken in.
  public var isEmpty: Bool { days == nil }

  /// Takes in a table, and gives the day to `body` if it is wanted and has a row.
  ///
  /// Throws where the table is not of one day, after the last.
  func add(_ array: NpyArray, _ input: ByteReader, _ body: (BarDay) throws -> Void) throws {
    guard let day = try DayTable(array)?.day else { return }
    try DayOrder(after: days?.upperBound).check(day)
    try calendar?.check(day)
    days = (days?.lowerBound ?? day)...day
    var rows: [(code: InstrumentCode, bar: Bar, isMember: Bool)] = []
    var seen: Set<InstrumentCode> = []
    try BarTable(array).forEach(input) { code, day, row, isMember in
      guard seen.insert(code).inserted else {
        throw DayError.order(code, day, last: day)
      }
      var lastClose = lastCloses[code] ?? .nan
      let bar = try rules.bar(
        row, lastClose: &lastClose, isIndex: code == selection.benchmark)
      lastCloses[code] = lastClose
      if let isMember = selection.isMember(code, day, ofItself: isMember) {
        rows.append((code, bar, isMember))
      }
    }
    guard selection.includes(day), !rows.isEmpty else { return }
    // Rows mostly are in order of their codes.
    if !zip(rows, rows.dropFirst()).allSatisfy({ $0.code < $1.code }) {
      rows.sort { $0.code < $1.code }
    }
    var table = BarDay(day, rows: rows.count)
    for row in rows { table.append(row.code, row.bar, isMember: row.isMember) }
    written += 1
    try body(table)
  }

  /// Ends the days; throws where the benchmark, or everything, had no bars.
  public func finish() throws {
    guard let days else { return }
    if let benchmark = selection.benchmark, lastCloses[benchmark] == nil {
      throw DayError.rule("benchmark has no bars: \(benchmark)")
    }
    if written == 0, selection.after == nil {
      throw BarSelection.nothing(
        days, instruments: selection.members?.codes.count ?? lastCloses.count)
    }
  }
}
