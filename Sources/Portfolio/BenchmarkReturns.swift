import Days

/// What a benchmark's return is on a day without a close.
public enum BenchmarkGap: String, Sendable, CaseIterable {
  /// 0, and the next return is that from the last close there was.
  case bridge
  /// 0, and so is the return of the day after, as in qlib: the way over the gap is lost.
  case zero
}

/// The daily returns of a benchmark, from its closes.
struct BenchmarkReturns: Sendable {
  let code: InstrumentCode
  let gap: BenchmarkGap
  /// The close that the next return is from; NaN where there is none.
  var lastClose = Float.nan
  /// Whether there was a close up to now.
  var hasClose = false
  /// The days traded, and those of them that had a return, and that had no close.
  private(set) var days = 0
  private(set) var returns = 0
  private(set) var missing = 0
  private var firstMissing: Day?

  init(_ code: InstrumentCode, gap: BenchmarkGap) { (self.code, self.gap) = (code, gap) }

  /// Takes in a day on which nothing is traded yet.
  mutating func skip(_ quotes: QuoteDay) { _ = advance(quotes.close(code)) }

  /// The return of a day that is traded: 0 where there is none, as in qlib.
  mutating func next(_ quotes: QuoteDay) -> Double {
    let close = quotes.close(code)
    days += 1
    if close.isNaN {
      missing += 1
      if firstMissing == nil { firstMissing = quotes.day }
    }
    let change = advance(close)
    if change.isNaN { return 0 }
    returns += 1
    return Double(change)
  }

  private mutating func advance(_ close: Float) -> Float {
    if !close.isNaN { hasClose = true }
    if close.isNaN, gap == .bridge { return .nan }
    defer { lastClose = close }
    return close / lastClose - 1
  }

  /// What to say of the days without a close; nil where there were none.
  var note: String? {
    guard let firstMissing else { return nil }
    let way =
      gap == .bridge
      ? "bridged from its last close"
      : "their returns are 0, and so is that of the day after"
    return "the benchmark \(code) has no close on \(missing) of \(days) days, the first "
      + "\(firstMissing): \(way) (see --benchmark-gap)"
  }
}
