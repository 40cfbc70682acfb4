import Days
import Streams

/// Rows of minutes on their way into a collection of bars, a day of an instrument at a time.
///
/// Rows of an instrument come in order of time, those of several in any. What would give other days than the
/// exchange's is looked for: totals for volumes, prices far from their neighbours, days that are not whole, rows
/// beyond a session, a last day that may not have ended.
final class MinuteDays {
  /// Days of an instrument that were looked at; those of one row, of the night, of more hours than a session.
  private var (days, ofOneRow, ofNight, long) = (0, 0, 0, 0)
  /// Days of each instrument, and those whose volume is a running total.
  private var running: [InstrumentCode: (days: Int, running: Int)] = [:]
  /// Rows within the session and beyond it.
  private var (inside, outside) = (0, 0)
  /// Rows with a price far from the others of the row, and the first of them.
  private var spikes: (count: Int, first: String) = (0, "")
  /// Rows whose close is far from that of the row before, and the first of them.
  private var jumps: (count: Int, first: String) = (0, "")
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
  private let session: ClosedRange<Int>?

  /// Rows whose days are looked at for what would be wrong, or trusted; of a session alone, which is from one
  /// second of the day to another.
  init(trusting: Bool, session: ClosedRange<Int>? = nil) {
    (trusts, self.session) = (trusting, session)
  }

  /// Adds a row; gives the day before to `body` where a new one begins.
  ///
  /// Throws where the time is not after the last one of the instrument.
  func add(
    _ code: InstrumentCode, _ moment: Moment, _ row: RawBar, delisted: Day?,
    _ body: (InstrumentCode, MinuteDay) throws -> Void
  ) throws {
    guard session?.contains(moment.second) ?? true else {
      outside += 1
      return
    }
    inside += 1
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
    if !trusts { try check(row, of: day, code, moment) }
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
    guard inside > 0 || outside == 0 else {
      throw DayError.rule("no row is within --session")
    }
    let unfinished = unfinishedDay
    if unfinished == nil, let text = earlyEnds { note(text) }
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

  /// Looks at a row beside those before it on its day.
  private func check(
    _ row: RawBar, of day: MinuteDay, _ code: InstrumentCode, _ moment: Moment
  ) throws {
    guard row.volume > 0 else { return }
    if day.tradedCount >= 10, row.volume == day.volume {
      throw BarError.disagreement(
        "\(code) at \(moment): volume is that of all rows of the day before it, as a total: \(row.volume)"
      )
    }
    let (open, high, low, close) = (row.prices[0], row.prices[1], row.prices[2], row.prices[3])
    if high > 1.5 * max(open, close) || low * 1.5 < min(open, close) {
      if spikes.count == 0 {
        spikes.first = "\(code) at \(moment), low \(low), close \(close), high \(high)"
      }
      spikes.count += 1
    }
    let change = close / day.lastClose
    if change > 1.25 || change < 1 / 1.25 {
      if jumps.count == 0 {
        jumps.first = "\(code) at \(moment), \(close) after \(day.lastClose)"
      }
      jumps.count += 1
    }
  }

  private func give(
    _ code: InstrumentCode, _ day: MinuteDay, _ body: (InstrumentCode, MinuteDay) throws -> Void
  ) throws {
    days += 1
    if day.count == 1 { ofOneRow += 1 }
    let known = running[code] ?? (0, 0)
    running[code] = (known.days + 1, known.running + (day.hasRunningVolume ? 1 : 0))
    if day.first < 6 * 3600 || day.last > 20 * 3600 {
      ofNight += 1
    } else if day.last - day.first > Self.longest {
      long += 1
    }
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

  /// Seconds of the longest session of a day, with its auctions.
  private static let longest = 9 * 3600 + 1800

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

  /// What to say of instruments whose last day ends long before that of others.
  private var earlyEnds: String? {
    guard !trusts, let last = open.values.map(\.day).max() else { return nil }
    let ending = open.filter { $0.value.day == last }
    guard let end = ending.values.map(\.last).max() else { return nil }
    let early = ending.filter { end - $0.value.last >= 1800 }
    guard let (code, day) = early.min(by: { $0.key < $1.key }) else { return nil }
    return
      "\(early.count) of \(ending.count) instruments end before the others on \(last), which is taken: "
      + "first \(code) at \(Moment.clock(day.last)), the others at \(Moment.clock(end))"
  }

  /// What to say where days end an hour earlier or later from one on, three and more on either side.
  private var movedClock: String? {
    let ends = self.ends.sorted { $0.key < $1.key }
    for place in ends.indices.dropFirst(3).dropLast(2) {
      let (before, after) = (ends[place - 1].value, ends[place].value)
      if abs(before - after) == 3600, ends[place - 3].value == before,
        ends[place - 2].value == before,
        ends[place + 1].value == after, ends[place + 2].value == after
      {
        return
          "rows end at \(Moment.clock(before)) until \(ends[place - 1].key), and from \(ends[place].key) on "
          + "at \(Moment.clock(after)): is it another clock than the exchange's, of summer and winter?"
      }
    }
    return nil
  }

  private func check(_ note: (String) -> Void) throws {
    guard days > 0, !trusts else { return }
    if ofOneRow == days {
      throw DayError.rule(
        "--minutes expects several rows a day, and no day has more than one: are these daily bars?")
    }
    let totals = running.filter { $0.value.days > 1 && $0.value.running == $0.value.days }
    if let (code, days) = totals.min(by: { $0.key < $1.key }) {
      throw DayError.rule(
        "volume must be that of each row, and of \(code) it never falls on any of \(days.days) days, as a "
          + "running total: --trust takes it as it is")
    }
    if spikes.count > 0 {
      note(
        "rows with a price half as far again as their open and close: \(spikes.count), first \(spikes.first)"
      )
    }
    if jumps.count > 0 {
      note(
        "rows whose close is a quarter away from that of the row before, which high and low of the day take "
          + "in: \(jumps.count), first \(jumps.first)")
    }
    if let text = movedClock { note(text) }
    if long > 0, session == nil {
      note(
        "on \(long) of \(days) days rows span more than 9.5 hours: are some before or after the session? "
          + "--session 09:30-16:00 takes those within")
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
    let few = counts.filter { $0.key * 4 < usual * 3 }.values.reduce(0, +)
    guard few > 0, let first = short.min(by: { $0.count < $1.count }) else { return }
    note(
      "\(few) of \(days) days have fewer than three quarters of the usual \(usual) rows, and are taken; the fewest has "
        + "\(first.code) on \(first.day), \(first.count)")
  }
}
