import Days
import Streams

@testable import Days
@testable import Portfolio

/// A few bars by hand, by the names of the instruments, day by day.
struct SmallBars {
  /// A bar: close, change, and what a limit says of it.
  struct Bar {
    var close: Float
    var change: Float = 0
    var factor: Float = 1
    var limitUp = Float.nan
    var limitDown = Float.nan
    var tradable: UInt8 = 1
    var low = Float.nan
    var high = Float.nan
  }

  private(set) var days: [(day: Day, rows: [String: Bar])] = []

  /// Adds the day after the last.
  mutating func add(_ rows: [String: Bar]) {
    days.append((Day(number: Int32(17_000 + days.count)), rows))
  }

  /// A day's table; `withLimits` has the columns of limits.
  static func table(_ day: Day, _ rows: [String: Bar], withLimits: Bool) throws -> NpyArray {
    var fields = [NpyField("instrument", .bytes(16)), NpyField("date", .day)]
    fields += ["close", "factor", "change", "low", "high"].map { NpyField($0, .float32) }
    if withLimits {
      fields += ["limit_up", "limit_down"].map { NpyField($0, .float32) }
      fields.append(NpyField("tradable", .uint8))
    }
    var table = NpyTable(fields)
    for (name, bar) in rows.sorted(by: { $0.key < $1.key }) {
      try table.append(name)
      table.append(day: Int64(day.number))
      for value in [bar.close, bar.factor, bar.change, bar.low, bar.high] { table.append([value]) }
      guard withLimits else { continue }
      table.append([bar.limitUp])
      table.append([bar.limitDown])
      table.append([bar.tradable])
    }
    return table.array
  }

  /// The quotes of one day.
  static func quotes(_ rows: [String: Bar], withLimits: Bool = false) throws -> QuoteDay? {
    try QuoteDay(try table(Day(number: 17_000), rows, withLimits: withLimits), withRange: true)
  }

  /// Writes the bars as a stream of days.
  func write(_ path: String) throws {
    let output = try ByteWriter(path)
    for (day, rows) in days {
      output.write(try Self.table(day, rows, withLimits: false))
      try output.commit()
    }
    try output.finish()
  }

  /// A backtest over all days, with these scores on each, told to a ledger.
  func trade(
    _ settings: Backtest.Settings, scores: [String: Double], in folder: String,
    onlyListed: Bool = false, fills: Fills? = nil
  ) throws -> (ledger: [LedgerDay], notes: [String]) {
    try write("\(folder)/bars")
    var ledger: [LedgerDay] = []
    let quotes = DayStream(ByteReader(["\(folder)/bars"])) { try QuoteDay($0) }
    let backtest = Backtest(settings, quotes, lots: .history { _ in nil }) { ledger.append($0) }
    if let fills { backtest.book(fills) }
    for (day, rows) in days {
      let codes = try scores.keys.sorted().filter { !onlyListed || rows[$0] != nil }
        .map { try InstrumentCode($0) }
      try backtest.push(
        ScoreDay(day: day, codes: codes, scores: codes.map { scores["\($0)"] ?? .nan }))
    }
    try backtest.finish()
    return (ledger, backtest.notes)
  }
}
