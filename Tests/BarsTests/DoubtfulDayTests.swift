import Streams
import Synchronization
import TestFolders
import Testing

@testable import Bars
@testable import Days

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Days that a source has and nobody should trade on, each rule at its bound.
@Suite struct DoubtfulDayTests {
  private func doubt(
    _ expected: Int, present: Int, closed: Int, stale: Int = 0, least: Double = 0.8
  ) -> MembersOfDay.Doubt? {
    var members = MembersOfDay()
    (members.expected, members.present, members.closed) = (expected, present, closed)
    members.stale = stale
    return members.doubt(least)
  }

  @Test func fewRows() {
    #expect(doubt(10, present: 8, closed: 8) == nil)
    #expect(doubt(10, present: 7, closed: 7) == .few(present: 7, expected: 10))
    // One that is missing is suspended, whatever share it is.
    #expect(doubt(2, present: 1, closed: 1) == nil)
    #expect(doubt(2, present: 0, closed: 0) == .few(present: 0, expected: 2))
  }

  @Test func noTrade() {
    #expect(doubt(5, present: 5, closed: 0) == .untraded(5))
    #expect(doubt(5, present: 5, closed: 1) == nil)
    #expect(doubt(4, present: 4, closed: 0) == nil)
  }

  @Test func yesterdaysNumbers() {
    #expect(doubt(5, present: 5, closed: 5, stale: 5) == .stale(5, of: 5))
    #expect(doubt(4, present: 4, closed: 4, stale: 4) == nil)
    #expect(doubt(10, present: 10, closed: 10, stale: 9) == .stale(9, of: 10))
    #expect(doubt(10, present: 10, closed: 10, stale: 8) == nil)
  }

  @Test(
    "volumes of nearly all that jump by twenty times are in another unit, unless they are trusted")
  func otherUnits() {
    func doubt(_ jumps: Int, of closed: Int, by times: Float = 20.5, trusts: Bool = false)
      -> MembersOfDay.Doubt?
    {
      var members = MembersOfDay()
      (members.expected, members.present) = (closed, closed)
      for place in 0..<closed {
        members.countClose(volume: place < jumps ? times : 1, before: 1)
      }
      return members.doubt(0.8, trusts: trusts)
    }
    #expect(doubt(8, of: 10) == .volumes(8, of: 10, areMore: true))
    #expect(doubt(8, of: 10, by: 0.049) == .volumes(8, of: 10, areMore: false))
    #expect(doubt(7, of: 10) == nil && doubt(10, of: 10, by: 20) == nil)
    #expect(doubt(10, of: 10, by: 0.05) == nil && doubt(4, of: 4) == nil)
    #expect(doubt(5, of: 5) != nil && doubt(5, of: 5, trusts: true) == nil)
  }

  @Test("more rows that are missing than one in twenty are told")
  func thin() {
    for (present, expected, isThin) in [
      (57, 60, false), (56, 60, true), (95, 100, false), (94, 100, true), (8, 10, false),
      (7, 10, true),
    ] {
      var members = MembersOfDay()
      (members.expected, members.present) = (expected, present)
      #expect(members.isThin == isThin, "\(present) of \(expected)")
    }
  }

  @Test("of rows without any close one thing is said: that there is no trading day")
  func nothingHasAClose() throws {
    let header = "instrument,date,open,high,low,close,volume\n"
    let empty = header + "A,2024-01-08,,,,,\nA,2024-01-09,,,,,\n"
    let notes = Told()
    let failure = #expect(throws: (any Error).self) {
      try days(empty) { $0.note = { notes.add($0) } }
    }
    #expect(failure.map { "\($0)".contains("no trading day: nothing has a close") } == true)
    #expect(notes.lines.isEmpty, "\(notes.lines)")
    let (taken, told) = try days(empty + "A,2024-01-10,1,1,1,1,1\n")
    #expect(taken.count == 1 && told.count == 1 && told[0].contains("2024-01-08"), "\(told)")
  }

  @Test("more than three of ten that have a row without a close are told")
  func quiet() throws {
    for (closed, present, isQuiet) in [
      (70, 100, false), (69, 100, true), (4, 6, false), (3, 6, true),
    ] {
      var members = MembersOfDay()
      (members.present, members.closed) = (present, closed)
      #expect(members.isQuiet == isQuiet, "\(closed) of \(present)")
    }
    let (taken, notes) = try days(market { stock, day in day == 2 && stock < 4 ? 0 : 100 })
    #expect(taken.count == 5)
    #expect(
      notes == [
        "many were not traded, and the day is taken: 2024-01-10, 6 of 10 with a close before have one; is it "
          + "half updated?"
      ])
  }

  /// Rows of ten stocks on five days from Monday 2024-01-08 on.
  private func market(
    volume: (Int, Int) -> Int = { 100 + $0 + 10 * $1 }, has: (Int, Int) -> Bool = { _, _ in true }
  ) -> String {
    var text = "instrument,date,open,high,low,close,volume\n"
    for stock in 0..<10 {
      for day in 0..<5 where has(stock, day) {
        let close = "1\(stock).\(day)"
        let date = ["08", "09", "10", "11", "12"][day]
        text += "S\(stock),2024-01-\(date),\(close),19,10,\(close),\(volume(stock, day))\n"
      }
    }
    return text
  }

  /// The days that are taken, and what is said.
  private func days(
    _ text: String, calendar: TradingCalendar? = nil,
    _ change: (inout BarSelection) -> Void = { _ in }
  ) throws -> (taken: [String], notes: [String]) {
    let notes = Told()
    var selection = BarSelection()
    selection.note = { notes.add($0) }
    change(&selection)
    let source = BarCollection(calendar: calendar)
    try withFolder { folder in
      put(text, "\(folder)/a")
      try source.read(ByteReader(["\(folder)/a"]))
    }
    var taken: [String] = []
    try source.days(selection) { taken.append("\($0.day)".suffix(2).description) }
    return (taken, notes.lines)
  }

  @Test("a day whose volumes are lots is not taken, nor one after it until they are shares again")
  func lots() throws {
    let text = market { stock, day in (100_000 + stock) / (day == 2 || day == 3 ? 100 : 1) }
    let (taken, notes) = try days(text)
    #expect(taken == ["08", "09", "12"])
    #expect(
      notes == [
        "day is not taken, as volume is in another unit than before: 2024-01-10, less by 20 times and above "
          + "in 10 of 10 and 1 more up to 2024-01-11; --trust takes it"
      ])
    let trusted = try days(text) { $0.trustsVolumes = true }
    #expect(trusted.taken.count == 5 && trusted.notes.isEmpty)
    // What trades twenty times as much for a day is no unit.
    #expect(try days(market { 100 * ($1 == 2 && $0 < 8 ? 20 : 1) }).taken.count == 5)
  }

  @Test(
    "rows of three stocks of ten that are missing stop a day, and of a share below that are told")
  func missingRows() throws {
    let text = market(has: { stock, day in day != 2 || stock > 2 })
    #expect(try days(text).taken == ["08", "09", "11", "12"])
    let (taken, notes) = try days(text) { $0.leastShare = 0.5 }
    #expect(taken.count == 5)
    #expect(
      notes == [
        "rows are missing, and the day is taken: 2024-01-10, 7 of 10 with a close before have one; "
          + "--least-share can be raised"
      ])
  }

  @Test("a day of the calendar that the source lacks is told")
  func calendar() throws {
    let weekdays = TradingCalendar(days: (0..<5).map { Day(number: 19_730 + $0) })
    let (taken, notes) = try days(market(has: { $1 != 2 && $0 >= 0 }), calendar: weekdays)
    #expect(taken.count == 5)
    #expect(
      notes == ["nothing was traded on a day of the calendar, 2024-01-10: does the source lack it?"]
    )
    #expect(try days(market(), calendar: weekdays).notes.isEmpty)
  }

  /// A folder of the market whose files an update has left as `change` says.
  private func folderDays(
    _ change: (String) throws -> Void, _ select: (inout BarSelection) -> Void = { _ in }
  ) throws -> (taken: [String], notes: [String]) {
    let notes = Told()
    var taken: [String] = []
    try withFolder { folder in
      put(market(), "\(folder)/a")
      let source = BarCollection()
      try source.read(ByteReader(["\(folder)/a"]))
      try source.writeQlibFolder("\(folder)/q", BarSelection(), market: "all")
      try change("\(folder)/q/features")
      var selection = BarSelection()
      selection.note = { notes.add($0) }
      select(&selection)
      try QlibFolder("\(folder)/q").days(selection) {
        taken.append("\($0.day)".suffix(2).description)
      }
    }
    return (taken, notes.lines)
  }

  /// Cuts the last values off a file.
  private func shorten(_ path: String, by count: Int = 1) throws {
    var status = stat()
    try #require(stat(path, &status) == 0 && truncate(path, status.st_size - 4 * count) == 0)
  }

  @Test("a folder of which some stocks have the last day and most have not: the day is not taken")
  func halfUpdated() throws {
    func update(_ without: Int, days: Int = 1) -> (String) throws -> Void {
      { features in
        for stock in 0..<without {
          for field in Bar.names where exists("\(features)/s\(stock)/\(field).day.bin") {
            try self.shorten("\(features)/s\(stock)/\(field).day.bin", by: days)
          }
        }
      }
    }
    let whole = try folderDays({ _ in })
    #expect(whole.taken.count == 5 && whole.notes.isEmpty)
    let half = try folderDays(update(6))
    #expect(half.taken == ["08", "09", "10", "11"])
    #expect(
      half.notes.last?.hasPrefix("day is not taken, as few members have a row: 2024-01-12, 4 of 10")
        == true)
    let two = try folderDays(update(6, days: 2))
    #expect(two.taken == ["08", "09", "10"])
    let after = try folderDays(update(6)) { $0.after = Day("2024-01-11") }
    #expect(after.taken.isEmpty && after.notes.count == 2)
    #expect(try folderDays(update(6)) { $0.leastShare = 0 }.taken.count == 5)
    // One that has ended is delisted.
    #expect(try folderDays(update(1)).taken.count == 5)
  }

  @Test("where a folder's day is left out, the next has its changes since the last that was taken")
  func bridged() throws {
    try withFolder { folder in
      // Lots on one day, and on it a close of its own.
      let text = market { stock, day in (100_000 + 10 * stock + day) / (day == 2 ? 100 : 1) }
      put(text, "\(folder)/a")
      let source = BarCollection()
      try source.read(ByteReader(["\(folder)/a"]))
      var trusting = BarSelection()
      trusting.trustsVolumes = true
      try source.writeQlibFolder("\(folder)/q", trusting, market: "all")
      let changes = try QlibFolder("\(folder)/q").rows().filter { $0.code == "S0" }
        .map { ($0.date.suffix(2), $0.floats[7]) }
      #expect(changes.map(\.0) == ["08", "09", "11", "12"])
      #expect(
        abs(changes[2].1 - (10.3 / 10.1 - 1)) < 1e-6 && abs(changes[3].1 - (10.4 / 10.3 - 1)) < 1e-6
      )
      // As of CSV, and as of a run for the days after the last that was taken.
      let own = try source.rows().filter { $0.code == "S0" }
      #expect(own.map { $0.floats[7] }.suffix(3) == changes.map(\.1).suffix(3))
      var after = BarSelection()
      after.after = Day("2024-01-09")
      let later = try QlibFolder("\(folder)/q").rows(after).filter { $0.code == "S0" }
      #expect(later.map { $0.floats[7] } == changes.map(\.1).suffix(2))
    }
  }

  @Test("a folder whose fields end on different days: told, and where most do the day is not taken")
  func shortFactor() throws {
    func cut(_ stocks: Int) throws -> (taken: [String], notes: [String]) {
      try folderDays { features in
        for stock in 0..<stocks { try shorten("\(features)/s\(stock)/open.day.bin") }
      }
    }
    let one = try cut(1)
    #expect(one.taken.count == 5)
    #expect(
      one.notes == [
        "files of 1 instruments end on different days, as of an update that was cut short: first S0, which "
          + "has no open on 2024-01-12"
      ])
    let most = try cut(7)
    #expect(most.taken == ["08", "09", "10", "11"] && most.notes.count == 2, "\(most.notes)")
  }
}

/// What was told, from any thread.
private final class Told: Sendable {
  private let kept = Mutex<[String]>([])
  var lines: [String] { kept.withLock { $0 } }
  func add(_ line: String) { kept.withLock { $0.append(line) } }
}
