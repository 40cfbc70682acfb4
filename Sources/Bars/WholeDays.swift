import Days

/// The days of a source made whole, one after the other: which of them are trading days, and which
/// rows these have.
///
/// What becomes of a day depends on the rows up to it alone. From its first row on an instrument has a
/// row every trading day: of NaN where the source has none, until its membership has ended, it is
/// delisted, or its rows were missing on more than `delistedAfter` days. A day on which nothing has a
/// close is none, unless a calendar says so; nor is one on which too few members have a row, none of them
/// was traded, or nearly all have the numbers of the day before: a delivery that went wrong.
final class WholeDays {
  private let selection: BarSelection
  private let hasCalendar: Bool
  private var listings: [Listing] = []
  /// The spans of members of each, merged and in order; nil where the source tells.
  private var spans: [[ClosedRange<Day>]] = []
  /// The places of the instruments in order of their codes.
  private var order: [Int] = []
  /// How many days were taken; the number of the last one that had a close.
  private var (taken, traded) = (0, 0)
  private var knowsAfter = false
  private var notes: DayNotes
  /// Whether tables have the fields of limits.
  var hasLimits = false

  /// Days that a source has, taken in or refused.
  private(set) var days: ClosedRange<Day>?
  /// How many days had rows that are wanted.
  private(set) var written = 0

  /// Days of a selection; on trading days of a calendar, or those that have a close.
  init(_ selection: BarSelection, hasCalendar: Bool) {
    self.selection = selection
    self.hasCalendar = hasCalendar
    notes = DayNotes(leastShare: selection.leastShare)
  }

  /// The place of a new instrument; nil where its rows are not wanted.
  func place(_ code: InstrumentCode) -> Int? {
    let isBenchmark = code == selection.benchmark
    var listing = Listing(code)
    if let members = selection.members {
      guard members.lists(code) || isBenchmark else { return nil }
      listing.hasSpans = true
      spans.append(Self.merged(members.spans(of: code)))
    } else {
      listing.isNoMember = isBenchmark
      spans.append([])
    }
    listings.append(listing)
    // Those of a collection come in order.
    let next =
      order.last.map { listings[$0].code < code } ?? true
      ? order.count : order.firstIndex { listings[$0].code > code } ?? order.count
    order.insert(listings.count - 1, at: next)
    return listings.count - 1
  }

  /// How many instruments are wanted.
  var count: Int { listings.count }

  /// Takes in a row of the day that comes; `isMember` and `delisted` are nil where it does not tell.
  @inline(__always)
  func add(_ place: Int, _ row: ListingRow) {
    listings.withUnsafeMutableBufferPointer { $0[place].take(row) }
  }

  /// Ends a day whose rows are in; nil where it is not taken, or has no row that is wanted.
  ///
  /// `hasClose` tells whether any instrument of the source has one. Throws where the day after which
  /// days are wanted has not come.
  func end(_ day: Day, hasClose: Bool) throws -> BarDay? {
    guard hasClose || hasCalendar else {
      if selection.includes(day) { notes.closed.append(day) }
      leave()
      return nil
    }
    if let after = selection.after, day > after, !knowsAfter {
      throw DayError.rule(
        "days after \(after) are wanted, but the source has no such trading day: "
          + (days.map { "\($0.upperBound), then \(day)" } ?? "it begins on \(day)"))
    }
    if let last = days?.upperBound, selection.includes(day) { notes.follow(day, after: last) }
    days = (days?.lowerBound ?? day)...day
    let wasTaken = day == selection.after
    knowsAfter = knowsAfter || wasTaken
    let members = members(day)
    if hasClose, !wasTaken,
      let reason = members.doubt(selection.leastShare, trusts: selection.trustsVolumes)
    {
      if selection.includes(day) { notes.refused.append((day, reason)) }
      leave()
      return nil
    }
    if selection.includes(day) { notes.see(day, members, hasClose: hasClose) }
    return rows(day, hasClose: hasClose)
  }

  /// What the members have that had a close on the last day, and so should have a row.
  private func members(_ day: Day) -> MembersOfDay {
    var members = MembersOfDay()
    listings.withUnsafeMutableBufferPointer { listings in
      for place in listings.indices {
        if listings[place].hasSpans, day.number > listings[place].memberTo {
          listings[place].enterSpan(day, spans[place])
        }
        guard traded > 0, listings[place].closedOn == traded,
          listings[place].isMember(on: day)
        else { continue }
        members.expected += 1
        guard listings[place].hasRow else { continue }
        members.present += 1
        if !listings[place].bar.close.isNaN {
          members.countClose(
            volume: listings[place].bar.volume, before: listings[place].volume)
        }
        if listings[place].isStale { members.stale += 1 }
      }
    }
    return members
  }

  /// Leaves a day out, whose closes then are not those of which the next change is.
  private func leave() {
    for place in listings.indices where listings[place].hasRow {
      listings[place].leave()
    }
  }

  /// The rows of a day that is taken.
  private func rows(_ day: Day, hasClose: Bool) -> BarDay? {
    taken += 1
    if hasClose { traded = taken }
    let isWanted = selection.includes(day)
    var table = BarDay(day, rows: isWanted ? listings.count : 0, hasLimits: hasLimits)
    listings.withUnsafeMutableBufferPointer { listings in
      for place in order {
        let isMember =
          listings[place].hasRow
          ? listings[place].endWithRow(day, taken)
          : listings[place].endWithoutRow(day, selection.delistedAfter)
        guard isWanted, let isMember else { continue }
        table.append(
          listings[place].code, listings[place].bar, isMember: isMember,
          limits: listings[place].limits)
      }
    }
    guard table.count > 0 else { return nil }
    written += 1
    return table
  }

  /// Ends the source; throws where it ended before the day after which days are wanted, and where no
  /// row was.
  func finish() throws {
    // Where no day is one of trade, that is all there is to say.
    if days != nil { for line in notes.lines { selection.note(line) } }
    if let benchmark = selection.benchmark,
      !listings.contains(where: { $0.code == benchmark && $0.isSeen })
    {
      throw DayError.rule("benchmark has no bars: \(benchmark)")
    }
    if let after = selection.after {
      try BarSelection.check(after, notBeyond: days?.upperBound)
    } else if written == 0 {
      guard let days else { throw DayError.rule("there is no trading day: nothing has a close") }
      throw BarSelection.nothing(days, instruments: selection.members?.codes.count ?? count)
    }
  }

  /// Spans in order, those that meet made one.
  private static func merged(_ spans: [ClosedRange<Day>]) -> [ClosedRange<Day>] {
    var merged: [ClosedRange<Day>] = []
    for span in spans.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = merged.last, span.lowerBound.number <= last.upperBound.number + 1 {
        merged[merged.count - 1] = last.lowerBound...max(last.upperBound, span.upperBound)
      } else {
        merged.append(span)
      }
    }
    return merged
  }
}
