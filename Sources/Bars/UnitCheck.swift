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
  /// Rows whose open or close is not between low and high, of how many, and the first of them.
  private var outside = (rows: 0, of: 0, first: "")

  /// Looks at a row whose bar is good; counts a contradiction, or throws it where each is refused.
  mutating func check(
    _ row: RawBar, lastClose: Double, isIndex: Bool, isAdjusted: Bool,
    _ name: @autoclosure () -> String, _ place: () -> String, refuses: Bool
  ) throws {
    outside.of += 1
    if let text = Self.outside(row, isAdjusted: isAdjusted) {
      if refuses { throw BarError.disagreement("\(name()): \(text)") }
      outside.rows += 1
      if outside.rows == 1 { outside.first = "\(place()): \(name()): \(text)" }
    }
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

  /// An open or a close that the day's range does not have, as where one of them is adjusted and the others
  /// are not; nil where there is none.
  private static func outside(_ row: RawBar, isAdjusted: Bool) -> String? {
    let cent = isAdjusted || row.factor.isNaN ? 0.01 : 0.01 * row.factor
    let (high, low) = (row.prices[1], row.prices[2])
    for (column, price) in [(BarColumn.open, row.prices[0]), (.close, row.prices[3])] {
      if price < low - cent - 1e-4 * low { return "\(column.name) \(price) is below low \(low)" }
      if price > high + cent + 1e-4 * high {
        return "\(column.name) \(price) is above high \(high)"
      }
    }
    return nil
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

  /// What to say of rows that were kept, a line each.
  ///
  /// Throws where there are too many.
  func notes() throws -> [String] {
    var notes: [String] = []
    if outside.rows > 0 {
      let text =
        "\(outside.rows) of \(outside.of) rows have an open or a close outside their low and high, first "
        + outside.first
      guard outside.rows * 100 <= outside.of else {
        throw DayError.rule(
          text + "; are all prices raw, or all adjusted? --trust takes them as they are")
      }
      notes.append(text)
    }
    guard let first else { return notes }
    let text =
      "\(disagreeing) of \(checked) rows contradict themselves, first \(first.place): \(first.text)"
    guard disagreeing * 100 <= checked else {
      throw DayError.rule(
        text + "; are the units right (--source, --columns)? --trust takes them as they are")
    }
    return notes + [text]
  }
}
