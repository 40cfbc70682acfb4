import Days

/// Days that were wanted and not taken, and why.
struct DayNotes {
  let leastShare: Double
  /// Days on which nothing had a close.
  var closed: [Day] = []
  /// Days that are doubtful, and why.
  var refused: [(day: Day, why: MembersOfDay.Doubt)] = []

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
    for kind in 0..<3 {
      let days = refused.filter { $0.why.kind == kind }
      guard let first = days.first else { continue }
      lines.append(
        "day is not taken, as \(first.why.text(first.day, others(days.map(\.day)), leastShare))")
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

extension MembersOfDay.Doubt {
  /// Reasons of one kind have one line.
  fileprivate var kind: Int {
    switch self {
    case .few: 0
    case .untraded: 1
    case .stale: 2
    }
  }

  fileprivate func text(_ day: Day, _ others: String, _ leastShare: Double) -> String {
    switch self {
    case .few(let present, let expected):
      "few members have a row: \(day), \(present) of \(expected) with a close before\(others); "
        + "--least-share \(leastShare) can be lowered"
    case .untraded(let members):
      "no member was traded: \(day), \(members) with a row and none with a volume\(others)"
    case .stale(let stale, let closed):
      "it has the numbers of the day before: \(day), prices and volume of \(stale) of \(closed)"
        + others
    }
  }
}
