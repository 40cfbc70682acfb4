import Days

/// Counts rows whose numbers contradict each other, which is how wrong units show: an amount in thousands,
/// a volume in lots, a change in yuan.
struct UnitCheck {
  /// Rows that could contradict themselves.
  private(set) var checked = 0
  /// Rows that did.
  private(set) var disagreeing = 0
  /// The first of them, with its place.
  private(set) var first: (place: String, text: String)?

  /// Looks at a row whose bar is good; counts a contradiction, or throws it where each is refused.
  mutating func check(
    _ row: RawBar, lastClose: Double, isIndex: Bool, isAdjusted: Bool,
    _ name: @autoclosure () -> String, _ place: () -> String, refuses: Bool
  ) throws {
    guard !row.change.isNaN || !row.vwap.isNaN || !row.amount.isNaN else { return }
    checked += 1
    guard
      let text = Self.disagreement(
        row, lastClose: lastClose, isIndex: isIndex, isAdjusted: isAdjusted)
    else { return }
    if refuses { throw BarError.disagreement("\(name()): \(text)") }
    disagreeing += 1
    if first == nil { first = (place(), "\(name()): \(text)") }
  }

  /// What contradicts itself in a row; nil where nothing does.
  ///
  /// Prices are rounded to a cent, so a mean of them may lie a cent outside their range, and a return is
  /// off by a cent at either end; vendors round changes to a hundredth of a per cent. An index has a
  /// volume and an amount of its stocks, which make no price of its own.
  private static func disagreement(
    _ row: RawBar, lastClose: Double, isIndex: Bool, isAdjusted: Bool
  ) -> String? {
    let factor = row.factor.isNaN ? 1 : row.factor
    // Of prices as they stand in the row.
    let cent = isAdjusted ? 0.01 : 0.01 * factor
    let (high, low) = (row.prices[1], row.prices[2])
    let isGiven = !row.vwap.isNaN
    let mean = isGiven ? row.vwap : row.amount / row.volume
    if !isIndex, mean < low - cent - 1e-4 * low || mean > high + cent + 1e-4 * high {
      let name = isGiven ? "vwap" : "amount / volume"
      return mean < low
        ? "\(name) \(Float(mean)) is below low \(low)"
        : "\(name) \(Float(mean)) is above high \(high)"
    }
    guard !row.change.isNaN, !lastClose.isNaN else { return nil }
    let close = row.prices[3] * (isAdjusted ? factor : 1)
    guard
      !RememberedClose.agrees(
        change: row.change, close: close, before: lastClose, cent: 0.01 * factor)
    else { return nil }
    return "change \(row.change) is not that of the closes, \(Float(close / lastClose - 1))"
  }

  /// What to say of rows that were kept; nil where there are none.
  ///
  /// Throws where there are too many.
  func note() throws -> String? {
    guard let first else { return nil }
    let text =
      "\(disagreeing) of \(checked) rows contradict themselves, first \(first.place): \(first.text)"
    guard disagreeing * 100 <= checked else {
      throw DayError.rule(
        text + "; are the units right (--source, --columns)? --trust takes them as they are")
    }
    return text
  }
}
