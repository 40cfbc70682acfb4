import Days

/// Closes that jump as at a split that nobody adjusted, or where a price is in another unit.
struct JumpCheck {
  /// A close this many times the one before it, or its part, is told: the half of a split is beyond it, and
  /// so is any day with a price limit.
  private static let jump = 1.9
  /// How far beyond a price limit a close is told: what is rounded, or without its dividend, is nearer.
  private static let beyondLimit = 1.15

  private var count = 0
  private var first: String?

  /// Looks at a close and the one before it; `limit` is the share by which no day moves it, nil where there
  /// is none, and prices are rounded to the `cent`.
  mutating func check(
    _ close: Double, before: Double, limit: @autoclosure () -> Double? = nil, cent: Double = 0.01,
    _ name: @autoclosure () -> String, _ place: () -> String
  ) {
    let ratio = close / before
    // No limit is below a tenth, and few closes are beyond that.
    let isBeyond =
      abs(ratio - 1) > 0.1
      && (limit().map { abs(close - before) > Self.beyondLimit * $0 * before + cent } ?? false)
    guard ratio > Self.jump || ratio < 1 / Self.jump || isBeyond else { return }
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
  /// The share by which a stock of mainland China may move from one close to the next, by the board that its
  /// code tells; nil of others.
  ///
  /// SZ30 had a tenth before 2020-08-24, and stocks under special treatment have less.
  var priceLimit: Double? {
    let text = description
    guard text.utf8.count == 8 else { return nil }
    switch text.prefix(4) {
    case "SH60", "SZ00": return 0.1
    case "SH68", "SZ30": return 0.2
    case let board: return board.hasPrefix("BJ") && board != "BJ89" ? 0.3 : nil
    }
  }
}
