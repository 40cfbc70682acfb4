import Days

/// Days that were wanted and not taken, and why.
struct DayNotes {
  let leastShare: Double
  /// Days on which nothing had a close.
  var closed: [Day] = []
  /// Days on which few members had a row, and how many should have had one.
  var refused: [(day: Day, present: Int, expected: Int)] = []

  /// Long times between trading days.
  private var gaps: [(from: Day, to: Day)] = []

  /// No holiday is as long; a date that is wrong mostly lies further off.
  private static let longest: Int32 = 30

  /// Looks at a trading day and the one before it.
  mutating func follow(_ day: Day, after last: Day) {
    if day.number - last.number > Self.longest { gaps.append((last, day)) }
  }

  init(leastShare: Double) { self.leastShare = leastShare }

  /// A line for each reason; none where there is nothing to say.
  var lines: [String] {
    var lines: [String] = []
    if let first = closed.first {
      lines.append(
        "no trading day, as nothing has a close: \(first)\(others(closed)); "
          + "--calendar names days without trade")
    }
    if let first = refused.first {
      lines.append(
        "day is not taken, as few members have a row: \(first.day), \(first.present) of "
          + "\(first.expected) with a close before\(others(refused.map(\.day))); "
          + "--least-share \(leastShare) can be lowered")
    }
    if let first = gaps.first {
      lines.append(
        "no trading day between \(first.from) and \(first.to)\(others(gaps.map(\.to))): are the dates right?"
      )
    }
    return lines
  }

  private func others(_ days: [Day]) -> String {
    guard let last = days.last, days.count > 1 else { return "" }
    return " and \(days.count - 1) more up to \(last)"
  }
}
