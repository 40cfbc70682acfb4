import Streams
import TestFolders
import Testing

@testable import Bars
@testable import Days

/// What is known of a day does not depend on rows of later days, whichever rows are missing.
@Suite struct WholeDaysTests {
  /// The first day on which two outputs differ; nil where all bytes are the same.
  private func difference(
    _ one: some Sequence<BarDay>, _ other: some Sequence<BarDay>
  ) -> Day? {
    let (one, other) = (Array(one), Array(other))
    for (day, same) in zip(one, other) where day.array.bytes != same.array.bytes { return day.day }
    return one.count == other.count ? nil : (one + other).map(\.day).max()
  }

  /// A selection of a random source, with few days to delisting.
  private func selection(_ source: RandomSource, _ seed: UInt64) -> BarSelection {
    var selection = source.selection
    selection.delistedAfter = [0, 1, 4, 60][Int(seed % 4)]
    selection.leastShare = [0, 0.5, 0.8][Int(seed / 4 % 3)]
    return selection
  }

  @Test(
    "the source cut after any day: the same bytes up to it", arguments: RandomSource.Format.allCases
  )
  func cuts(_ format: RandomSource.Format) throws {
    var compared = 0
    for seed in 0..<UInt64(60) {
      let source = RandomSource(seed: seed)
      let selection = selection(source, seed)
      let calendar = seed % 5 == 0 ? TradingCalendar(days: source.weekdays) : nil
      let whole = try source.days(format, selection, calendar: calendar)
      // A source that has no row of the index yet is refused.
      let index = source.rows.filter { $0.code == "IDX" }.map(\.day).min()
      for day in source.weekdays where index.map({ $0 <= day }) ?? true {
        let cut = try source.days(format, selection, upTo: day, calendar: calendar)
        let before = whole.filter { $0.day <= day }
        // A calendar's day without rows is one when a later row comes.
        #expect(
          difference(cut, before.prefix(cut.count)) == nil, "seed \(seed), cut after \(day)")
        let missing = before.dropFirst(cut.count)
        let last = source.rows.map(\.day).filter { $0 <= day }.max()
        #expect(
          missing.allSatisfy { $0.day > last ?? day } && (missing.isEmpty || calendar != nil),
          "seed \(seed), cut after \(day): \(missing.map(\.day))")
        compared += cut.count
      }
    }
    #expect(compared > 5_000, "\(compared)")
  }

  @Test("the same rows in any format, and passed on by the day: the same bytes")
  func formats() throws {
    for seed in 100..<UInt64(200) {
      let source = RandomSource(seed: seed)
      let selection = selection(source, seed)
      let csv = try source.days(.csv, selection)
      #expect(difference(try source.days(.ndjson, selection), csv) == nil, "seed \(seed)")
      let table = try source.days(.oneTable, selection)
      #expect(difference(try source.days(.byDay, selection), table) == nil, "seed \(seed)")
      if source.rows.allSatisfy({ $0.delisted == nil }), !source.tellsMembers {
        // Tables hold 32-bit floats.
        #expect(table.map(\.day) == csv.map(\.day) && table.map(\.count) == csv.map(\.count))
      }
    }
  }

  @Test("a run after a day gives what a run over everything gives of later days")
  func after() throws {
    for seed in 200..<UInt64(240) {
      let source = RandomSource(seed: seed)
      let selection = selection(source, seed)
      for format in RandomSource.Format.allCases {
        let whole = try source.days(format, selection)
        for (place, day) in whole.enumerated() {
          var selection = selection
          selection.after = day.day
          #expect(
            difference(try source.days(format, selection), whole[(place + 1)...]) == nil,
            "seed \(seed), after \(day.day)")
        }
      }
    }
  }

  @Test("what was made whole stays as it is when it is read again")
  func again() throws {
    for seed in 300..<UInt64(400) {
      let source = RandomSource(seed: seed)
      var selection = selection(source, seed)
      let once = try source.days(.csv, selection)
      // A day of which only other instruments have a close is none to the second reader.
      let isTraded = once.map { day in
        var closes = 0
        day.forEach { _, bar, _ in closes += bar.close.isNaN ? 0 : 1 }
        return closes > 0
      }
      guard !once.isEmpty, !source.tellsDelisting, !isTraded.contains(false) else { continue }
      try withFolder { folder in
        let output = try ByteWriter("\(folder)/bars.npy")
        for day in once { output.write(day.array) }
        try output.finish()
        selection.members = nil
        let twice = try RandomSource.days(file: "\(folder)/bars.npy", selection)
        #expect(difference(twice, once) == nil, "seed \(seed)")
      }
    }
  }

  /// The rule in other words, for a source whose instruments all are members: which rows there are.
  @Test("rows are there from the first on, until delisting: by a second account of the rule")
  func rule() throws {
    for seed in 400..<UInt64(500) {
      let source = RandomSource(seed: seed)
      var selection = BarSelection()
      selection.delistedAfter = [0, 1, 3, 60][Int(seed % 4)]
      selection.leastShare = 0
      let days = try source.days(.csv, selection)
      let traded = Set(source.rows.filter { ($0.values[4] ?? 0) > 0 }.map(\.day))
      #expect(days.map(\.day) == traded.sorted(), "seed \(seed)")
      var found: [String: [Day: Bool]] = [:]
      for day in days {
        day.forEach { code, _, isMember in found["\(code)", default: [:]][day.day] = isMember }
      }
      for code in source.codes {
        let rows = source.rows.filter { $0.code == code }
        guard let first = rows.first else { continue }
        for day in days.map(\.day) {
          let past = rows.filter { $0.day <= day }
          let isThere = past.last?.day == day
          let lastNumbers =
            past.last { $0.values[4] != nil }?.day ?? Day(number: first.day.number - 1)
          let silent = traded.count { $0 > lastNumbers && $0 <= day && $0 >= first.day }
          let delisted = past.last { $0.delisted != nil }?.delisted ?? Day(number: .max)
          let isExpected =
            isThere || day >= first.day && silent <= selection.delistedAfter && day < delisted
          if found[code]?[day] == true || isExpected {
            #expect(found[code]?[day] == isExpected, "seed \(seed): \(code) on \(day)")
          }
        }
      }
    }
  }
}
