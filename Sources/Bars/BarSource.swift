import Days

/// The bars of one instrument on consecutive trading days: a suspended day has a bar of NaN.
public struct BarSeries: Sendable {
  /// Whose bars they are.
  public let code: InstrumentCode
  /// The place of the first one in the calendar.
  public let first: Int
  /// One bar a trading day.
  public let bars: [Bar]

  /// The place after the last one.
  var end: Int { first + bars.count }
}

/// Where bars come from: a folder of qlib, or what was read from CSV, NDJSON and npy.
public protocol BarSource {
  /// All trading days.
  var calendar: TradingCalendar { get }
  /// All instruments and, where that is known, when they are members of the market.
  var membership: Membership { get }
  /// The bars of an instrument within a range of the calendar's places; nil where it has none there.
  func series(_ code: InstrumentCode, in days: Range<Int>) throws -> BarSeries?
}
