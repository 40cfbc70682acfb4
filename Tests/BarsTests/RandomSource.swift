import Mechanics
import Streams
import TestFolders

@testable import Bars
@testable import Days

/// A small source of bars of which rows are missing at random, in any format.
struct RandomSource {
  /// How it comes to `bars`.
  enum Format: CaseIterable {
    case csv, ndjson, oneTable, byDay
  }

  /// A row as a source has it.
  struct Row {
    let code: String
    let day: Day
    /// Open, high, low, close, volume: nil where there is no number.
    var values: [Double?]
    var isMember: Bool?
    var delisted: Day?
  }

  private(set) var rows: [Row] = []
  let weekdays: [Day]
  private(set) var members: Membership?
  let codes: [String]
  /// Whether rows tell of delisting, which tables cannot.
  let tellsDelisting: Bool
  /// Whether rows tell who is a member, which only tables can.
  let tellsMembers: Bool

  /// A source; of dense ones no more than a row in fifty is missing.
  init(seed: UInt64, isDense: Bool = false) {
    var random = SplitMix64(seed: seed)
    let first = Day("2024-01-01")?.number ?? 0
    weekdays = (0..<(20 + random.index(below: 30))).map { Day(number: first + Int32($0)) }
      .filter { $0.weekday < 5 }
    codes = (0..<(2 + random.index(below: 8))).map { "S\($0)" } + ["IDX"]
    tellsDelisting = random.happens(0.3)
    tellsMembers = random.happens(0.5)
    let missing = isDense ? 0.02 : [0.05, 0.2, 0.5][random.index(below: 3)]
    let lostDays = Set(weekdays.filter { _ in random.happens(0.04) })
    let emptyDays = Set(weekdays.filter { _ in random.happens(0.04) })
    for code in codes {
      let listed = random.happens(0.6) ? 0 : random.index(below: weekdays.count)
      let end =
        random.happens(0.6) ? weekdays.count : listed + random.index(below: weekdays.count)
      let suspended = random.index(below: weekdays.count)
      let delisted = weekdays[min(end, weekdays.count - 1)]
      var close = 10.0
      for (place, day) in weekdays.enumerated() where place >= listed && place < end {
        close = (close * (0.95 + 0.1 * random.uniform()) * 100).rounded() / 100
        if lostDays.contains(day) || random.happens(missing) { continue }
        let isSuspended = (suspended..<suspended + 6).contains(place)
        var row = Row(
          code: code, day: day,
          values: [close, close * 1.01, close * 0.99, close, isSuspended ? 0 : 1000])
        if emptyDays.contains(day) || random.happens(0.03) {
          row.values = Array(repeating: nil, count: 5)
        }
        if tellsMembers { row.isMember = random.happens(0.8) && code != "IDX" }
        if tellsDelisting, random.happens(0.5) { row.delisted = delisted }
        rows.append(row)
      }
    }
    if random.happens(0.5) { members = spans(&random) }
  }

  private func spans(_ random: inout SplitMix64) -> Membership {
    var members = Membership()
    for code in codes.dropLast() where random.happens(0.8) {
      guard let code = try? InstrumentCode(code) else { continue }
      var start = 0
      for _ in 0..<(1 + random.index(below: 2)) where start < weekdays.count {
        let first = start + random.index(below: weekdays.count - start)
        let last = first + random.index(below: weekdays.count)
        members.add(
          code, weekdays[first]...(last < weekdays.count ? weekdays[last] : Day(number: 40_000)))
        start = last + 2
      }
    }
    return members
  }

  /// The selection of its members and index.
  var selection: BarSelection {
    var selection = BarSelection(members: members)
    if rows.contains(where: { $0.code == "IDX" }) {
      selection.benchmark = try? InstrumentCode("IDX")
    }
    return selection
  }

  /// Its text or tables, in files of a folder; `last` leaves out what comes later.
  private func write(_ format: Format, upTo last: Day?, to path: String) throws {
    let rows = self.rows.filter { row in last.map { row.day <= $0 } ?? true }
    switch format {
    case .csv:
      let lines = rows.map { row in
        ([row.code, "\(row.day)"] + row.values.map { $0.map { "\($0)" } ?? "" }
          + [row.delisted.map { "\($0)" } ?? ""]).joined(separator: ",")
      }
      let header = "instrument,date,open,high,low,close,volume,delisted"
      put(([header] + lines).joined(separator: "\n"), path)
    case .ndjson:
      put(
        rows.map { row in
          let names = ["open", "high", "low", "close", "volume"]
          let numbers = zip(names, row.values).map { "\"\($0)\":\($1.map { "\($0)" } ?? "null")" }
          let delisted = row.delisted.map { ",\"delisted\":\"\($0)\"" } ?? ""
          return "{\"instrument\":\"\(row.code)\",\"date\":\"\(row.day)\","
            + "\(numbers.joined(separator: ","))\(delisted)}\n"
        }.joined(), path)
    case .oneTable: try write([rows], to: path)
    case .byDay:
      try write(weekdays.map { day in rows.filter { $0.day == day } }, to: path)
    }
  }

  private func write(_ tables: [[Row]], to path: String) throws {
    let values = ["open", "high", "low", "close", "volume"].map { NpyField($0, .float32) }
    let member = tellsMembers ? [NpyField("member", .uint8)] : []
    let output = try ByteWriter(path)
    for rows in tables where !rows.isEmpty {
      var bytes: [UInt8] = []
      for row in rows {
        bytes += Array(row.code.utf8) + Array(repeating: 0, count: 16 - row.code.utf8.count)
        withUnsafeBytes(of: Int64(row.day.number)) { bytes += $0 }
        for value in row.values {
          withUnsafeBytes(of: value.map(Float.init) ?? .nan) { bytes += $0 }
        }
        if tellsMembers { bytes.append(row.isMember == true ? 1 : 0) }
      }
      output.write(
        NpyArray(
          type: .table(
            [NpyField("instrument", .bytes(16)), NpyField("date", .day)] + values + member),
          shape: [rows.count], bytes: bytes))
    }
    try output.finish()
  }

  /// What `bars` makes of it, day by day; nothing where it refuses.
  func days(
    _ format: Format, _ selection: BarSelection, upTo last: Day? = nil,
    calendar: TradingCalendar? = nil
  ) throws -> [BarDay] {
    try withFolder { folder in
      try write(format, upTo: last, to: "\(folder)/source")
      return try Self.days(file: "\(folder)/source", selection, calendar: calendar)
    }
  }

  /// What `bars` makes of a file; nothing where nothing is selected.
  static func days(
    file path: String, _ selection: BarSelection, calendar: TradingCalendar? = nil
  ) throws -> [BarDay] {
    var days: [BarDay] = []
    let bars = BarCollection(calendar: calendar, index: selection.benchmark)
    let passing = BarDays(selection, calendar: calendar)
    do {
      try bars.read(ByteReader([path]), passing: passing) { days.append($0) }
      if bars.isEmpty { try passing.finish() } else { try bars.days(selection) { days.append($0) } }
    } catch DayError.rule(let rule)
      where rule.contains("no bar is selected") || rule.contains("there is no trading day")
    {
      return []
    }
    return days
  }
}
