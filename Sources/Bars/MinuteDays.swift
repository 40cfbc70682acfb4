import Days
import Streams

/// Rows of minutes on their way into a collection of bars, a day of an instrument at a time.
///
/// Rows of an instrument come in order of time, those of several in any. What would give other days than the
/// exchange's is looked for: running totals for volumes, days that are not whole, a last day that may not have
/// ended.
final class MinuteDays {
  /// Days of an instrument that were looked at; those of one row, of a running total, of the night.
  private var (days, ofOneRow, running, ofNight) = (0, 0, 0, 0)
  /// How many days of an instrument have so many rows.
  private var counts: [Int: Int] = [:]
  /// Days of an instrument with their number of rows, as long as fewer than usual may be told.
  private var short: [(count: Int, code: InstrumentCode, day: Day)] = []
  /// The time of the last row of each day.
  private var ends: [Day: Int] = [:]
  private var open: [InstrumentCode: MinuteDay] = [:]
  /// Rows of one instrument mostly follow each other.
  private var latest: (code: InstrumentCode, day: MinuteDay)?
  private let trusts: Bool

  /// Rows whose days are looked at for what would be wrong, or trusted.
  init(trusting: Bool) { trusts = trusting }

  /// Adds a row; gives the day before to `body` where a new one begins.
  ///
  /// Throws where the time is not after the last one of the instrument.
  func add(
    _ code: InstrumentCode, _ moment: Moment, _ row: RawBar, delisted: Day?,
    _ body: (InstrumentCode, MinuteDay) throws -> Void
  ) throws {
    if latest?.code != code {
      if let latest { open[latest.code] = latest.day }
      latest = open[code].map { (code, $0) }
    }
    var done: MinuteDay?
    if let (_, day) = latest {
      let last = Moment(day: day.day, second: day.last)
      guard moment > last else { throw BarError.time(code, "\(moment)", last: "\(last)") }
      if moment.day > day.day { done = day }
    }
    var day = latest?.day ?? MinuteDay(moment)
    if done != nil { day = MinuteDay(moment) }
    try day.add(moment.second, row, delisted: delisted)
    latest = (code, day)
    if let done { try give(code, done, body) }
  }

  /// Gives the days that are left, the last of each instrument, and says what is to be known of all.
  ///
  /// Throws where rows are none of minutes. The last day is left out where its rows end earlier than those of
  /// other days: it may not have ended.
  func finish(
    note: (String) -> Void, _ body: (InstrumentCode, MinuteDay) throws -> Void
  ) throws {
    if let latest { open[latest.code] = latest.day }
    latest = nil
    let unfinished = unfinishedDay
    for (code, day) in open.sorted(by: { $0.key < $1.key }) where day.day != unfinished?.day {
      try give(code, day, body)
    }
    open = [:]
    if let (day, end, usual) = unfinished {
      note(
        "day is not taken, as its minutes may still be coming: \(day), whose rows end at "
          + "\(Moment.clock(end)), those of other days at \(Moment.clock(usual)); --trust takes it")
    }
    try check(note)
  }

  private func give(
    _ code: InstrumentCode, _ day: MinuteDay, _ body: (InstrumentCode, MinuteDay) throws -> Void
  ) throws {
    days += 1
    if day.count == 1 { ofOneRow += 1 }
    if day.hasRunningVolume { running += 1 }
    if day.first < 6 * 3600 || day.last > 20 * 3600 { ofNight += 1 }
    counts[day.count, default: 0] += 1
    // What is usual is known in the end; of some thousand days the shortest are kept.
    if short.count == 4096 {
      short.sort { $0.count < $1.count }
      short.removeLast(2048)
    }
    short.append((day.count, code, day.day))
    ends[day.day] = max(ends[day.day] ?? 0, day.last)
    try body(code, day)
  }

  /// The last day of all, when its rows end, and when those of half the other days at least do; nil where it
  /// ends as they do.
  private var unfinishedDay: (day: Day, end: Int, usual: Int)? {
    guard !trusts, let last = open.values.map(\.day).max(),
      let end = open.values.filter({ $0.day == last }).map(\.last).max()
    else { return nil }
    var others = ends
    for day in open.values where day.day < last {
      others[day.day] = max(others[day.day] ?? 0, day.last)
    }
    others[last] = nil
    let sorted = others.values.sorted()
    guard sorted.count >= 3 else { return nil }
    let usual = sorted[sorted.count / 2]
    return end < usual ? (last, end, usual) : nil
  }

  private func check(_ note: (String) -> Void) throws {
    guard days > 0, !trusts else { return }
    if ofOneRow == days {
      throw DayError.rule(
        "--minutes expects several rows a day, and no day has more than one: are these daily bars?")
    }
    if running * 10 > days * 9, days > 1 {
      throw DayError.rule(
        "volume must be that of each row, and within \(running) of \(days) days it never falls, as a "
          + "running total: --trust takes it as it is")
    }
    if ofNight > 0 {
      note(
        "rows between 20:00 and 6:00 count for the day that they bear, on \(ofNight) of \(days) days; is a "
          + "session of the night part of the next trading day, or the clock another than the exchange's?"
      )
    }
    var rest = days / 2
    let usual = counts.sorted { $0.key < $1.key }.first {
      rest -= $0.value; return rest < 0
    }?.key
    guard let usual, usual > 1 else { return }
    let few = counts.filter { $0.key * 2 < usual }.values.reduce(0, +)
    guard few > 0, let first = short.min(by: { $0.count < $1.count }) else { return }
    note(
      "\(few) of \(days) days have fewer than half of the usual \(usual) rows, and are taken; the fewest has "
        + "\(first.code) on \(first.day), \(first.count)")
  }
}
