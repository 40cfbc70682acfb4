import Days

/// Days that were wanted and not taken, and why.
struct DayNotes {
  let leastShare: Double
  /// Days on which nothing had a close.
  var closed: [Day] = []
  /// Days of a calendar on which nothing has a close, though members had one before.
  var empty: [Day] = []
  /// Days that are taken although rows of members are missing.
  var thin: [(day: Day, members: MembersOfDay)] = []
  /// Days that are taken although many members have a row without a close.
  var quiet: [(day: Day, members: MembersOfDay)] = []
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

  /// Looks at what members have on a day that is taken.
  mutating func see(_ day: Day, _ members: MembersOfDay, hasClose: Bool) {
    if !hasClose, members.expected > 0 { empty.append(day) }
    // Who takes any share knows that rows are missing.
    guard hasClose, leastShare > 0 else { return }
    if members.isThin { thin.append((day, members)) }
    if members.isQuiet { quiet.append((day, members)) }
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
    for kind in 0..<4 {
      let days = refused.filter { $0.why.kind == kind }
      guard let first = days.first else { continue }
      lines.append(
        "day is not taken, as \(first.why.text(first.day, others(days.map(\.day)), leastShare))")
    }
    if let first = empty.first {
      lines.append(
        "nothing was traded on a day of the calendar, \(first)\(others(empty)): does the source lack it?"
      )
    }
    if let (day, members) = thin.first {
      lines.append(
        "rows are missing, and the day is taken: \(day), \(members.present) of \(members.expected) with a "
          + "close before have one\(others(thin.map(\.day))); --least-share can be raised")
    }
    if let (day, members) = quiet.first {
      lines.append(
        "many were not traded, and the day is taken: \(day), \(members.closed) of \(members.present) with "
          + "a close before have one\(others(quiet.map(\.day))); is it half updated?")
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
    case .volumes: 3
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
    case .volumes(let jumped, let closed, let areMore):
      "volume is in another unit than before: \(day), \(areMore ? "more" : "less") by "
        + "\(Int(MembersOfDay.volumeJump, within: 0...100)) times and above in \(jumped) of \(closed)"
        + "\(others); --trust takes it"
    }
  }
}
