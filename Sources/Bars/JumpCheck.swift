import Days

/// Closes that jump as at a split that nobody adjusted, or where a price is in another unit.
struct JumpCheck {
  /// A close this many times the one before it, or its part, is told: the half of a split is beyond it, and
  /// so is any day with a price limit.
  private static let jump = 1.9
  /// The same where a limit of a tenth holds: a split of five for four is beyond it.
  private static let jumpOfTenth = 1.12

  private var count = 0
  private var first: String?

  /// Looks at a close and the one before it; `hasLimit` where no trade may move it by more than a tenth, and
  /// the `cent` to which that is rounded.
  mutating func check(
    _ close: Double, before: Double, hasLimit: @autoclosure () -> Bool = false, cent: Double = 0.01,
    _ name: @autoclosure () -> String, _ place: () -> String
  ) {
    let ratio = close / before
    let isBeyondLimit =
      max(ratio, 1 / ratio) > Self.jumpOfTenth
      && abs(close - before) > 0.1 * before + cent && hasLimit()
    guard ratio > Self.jump || ratio < 1 / Self.jump || isBeyondLimit else { return }
    count += 1
    if first == nil { first = "\(place()): \(name()), \(Float(before)) to \(Float(close))" }
  }

  /// What to say of jumps; nil where there are none.
  var note: String? {
    guard let first else { return nil }
    let closes = count == 1 ? "a close is" : "\(count) closes are"
    return "\(closes) far from the last, as at a split without factor or in another unit: "
      + (count == 1 ? first : "first \(first)")
  }
}

/// How the closes of an instrument have followed each other.
struct ClosesBefore {
  /// The first days of a listing have no limit.
  private static let newDays = 6
  private var count = 0
  /// The day of the last row; that of one without a close is none.
  private var last: Day?

  /// Takes in a row.
  @inline(__always)
  mutating func see(_ day: Day, hasClose: Bool) {
    last = hasClose ? day : nil
    if hasClose { count += 1 }
  }

  /// Whether it was traded on the weekday before a day, and for a while: on the first day after a suspension
  /// there may be no limit.
  func isTraded(by day: Day) -> Bool {
    guard let last, count >= Self.newDays else { return false }
    // The next weekday, as the days of a suspension may have no rows.
    return day.number - last.number == (last.weekday == 4 ? 3 : 1)
  }
}

extension InstrumentCode {
  /// Whether it is a stock of the main boards of Shanghai and Shenzhen, whose close is no more than a tenth
  /// above or below the last.
  var isOfTenPerCent: Bool {
    let text = description
    return text.utf8.count == 8 && (text.hasPrefix("SH60") || text.hasPrefix("SZ00"))
  }
}
