/// A close that a state remembers, held against the bar that follows it.
///
/// A source whose prices are adjusted from today backwards writes its history anew at each split and
/// dividend. What was remembered of it then no longer fits, and shows: the bar's own change is not that of
/// its close since the remembered one.
public enum RememberedClose {
  /// Throws where a bar's change is not that since the remembered close, within what rounding can do.
  ///
  /// Prices are in cents at best, adjusted by `factor` (NaN where it is not known): either may be off by
  /// half of one. What is NaN says nothing.
  public static func check(
    _ code: InstrumentCode, _ day: Day, close: Float, change: Float, factor: Float,
    remembered: Float
  ) throws {
    let (close, remembered) = (Double(close), Double(remembered))
    let found = close / remembered - 1
    guard found.isFinite, change.isFinite else { return }
    let cent = 0.01 * (factor.isFinite && factor > 0 ? Double(factor) : 1)
    let rounding = 1e-5 + cent / min(close, remembered)
    guard abs(found - Double(change)) > rounding * (1 + abs(found)) else { return }
    throw RewrittenHistory(
      code: code, day: day, close: Float(close), change: change, remembered: Float(remembered))
  }
}

/// What is wrong where a source's history is not the one that a state remembers.
public struct RewrittenHistory: Error, CustomStringConvertible {
  /// The instrument.
  public let code: InstrumentCode
  /// The day of its bar.
  public let day: Day
  /// The bar's close.
  public let close: Float
  /// The bar's own change.
  public let change: Float
  /// The close that the state remembers.
  public let remembered: Float

  /// Both numbers, and what to do.
  public var description: String {
    "history was rewritten: the change of \(code) on \(day) is \(change), but its close \(close) over "
      + "the remembered \(remembered) makes \(close / remembered - 1): begin a new state with the history"
  }
}
