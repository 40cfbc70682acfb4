/// A close that a state remembers, held against the bar that follows it.
///
/// A source whose prices are adjusted from today backwards writes its history anew at each split and
/// dividend. What was remembered of it then no longer fits, and shows: the bar's own change is not that of
/// its close since the remembered one.
public enum RememberedClose {
  /// Whether a change is that of two closes, within what rounding can do.
  ///
  /// That is half a cent of either close, in the unit of the closes, and of the change a hundredth of a
  /// per cent. What is NaN agrees.
  @inline(__always)
  public static func agrees(change: Double, close: Double, before: Double, cent: Double) -> Bool {
    let found = close / before - 1
    let rounding = 1e-4 + cent / min(close, before)
    return !(abs(found - change) > rounding * (1 + abs(found)))
  }

  /// Throws where a bar's change is not that since the remembered close, within what rounding can do.
  ///
  /// Prices are in cents at best, adjusted by `factor` (NaN where it is not known): either may be off by
  /// half of one. What is NaN says nothing.
  public static func check(
    _ code: InstrumentCode, _ day: Day, close: Float, change: Float, factor: Float,
    remembered: Float
  ) throws {
    let (close, remembered) = (Double(close), Double(remembered))
    let cent = 0.01 * (factor.isFinite && factor > 0 ? Double(factor) : 1)
    if agrees(change: Double(change), close: close, before: remembered, cent: cent) { return }
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
    "history was rewritten, or a day is missing before it: the change of \(code) on \(day) is \(change), but its close \(close) over "
      + "the remembered \(remembered) makes \(close / remembered - 1): begin a new state with the history"
  }
}
