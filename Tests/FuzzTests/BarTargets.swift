import Days
import Streams

@testable import Bars

let barTargets = [
  FuzzTarget(
    "csv-bars",
    words: [
      "instrument,date,open,high,low,close,volume", ",factor", ",vwap", ",amount", ",change",
      ",delisted", ",limit_up,limit_down,tradable", "SH600000,2020-01-02,", "2020-02-29",
      "0001-01-01", "9999-12-31", "\"1,234\"", "1e308", "ts_code,trade_date", "sh.600000",
      "20200103", "Adj Close", "日期", "pctChg", "nan", "--", "1e-45", ",datetime,", " 09:31:00",
      "T14:59", "trade_time", "20200831093100000",
    ],
    seeds: {
      [minutesOfDays]
        + samples(
          "market/bars.csv", "market/cases/c01-tushare-raw.csv", "market/cases/c03-baostock.csv")
    }
  ) { bytes in
    let header = String(decoding: bytes.prefix { $0 != 0x0a }, as: UTF8.self).lowercased()
    let names = header.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    // A vendor's file as its own, too.
    try oneOf(
      { try readBars(bytes, nil) }, { try readBars(bytes, Vendor.of(names)) },
      { try readMinutes(bytes, nil) }, { try readMinutes(bytes, Vendor.of(names)) })
  },
  FuzzTarget(
    "ndjson-bars",
    words: [
      "{\"instrument\":\"SH600000\"", "\"date\":\"2020-01-02\"", "\"open\":1", "\"high\":2",
      "\"low\":1", "\"close\":1.5", "\"volume\":100", "\"factor\":1", "\"delisted\":\"2020-01-03\"",
      "\"limit_up\":2", "\"member\":true", "null", "1e308",
    ],
    seeds: {
      let row = #","open":1,"high":2,"low":1,"close":1.5,"volume":100,"factor":1}"#
      return [
        Array(
          [
            #"{"instrument":"A","date":"2020-01-02""#, #"{"instrument":"B","date":"2020-01-02""#,
            #"{"instrument":"A","date":"2020-01-03""#,
          ].flatMap { "\($0)\(row)\n".utf8 })
      ]
    }
  ) { bytes in
    try readBars(bytes, nil)
    try reading(bytes) { input in
      _ = try input.nextSource()
      try input.barDaysOfSource { table in
        try hold(try DayTable(table) != nil, "a day without rows")
      }
    }
  },
  FuzzTarget(
    "calendars",
    words: [
      "2020-01-02\n", "SH600000\t2019-01-01\t2020-12-31", "instrument,start,end", "SZ000001,",
    ],
    seeds: { samples("market/members.csv") + [Array("2020-01-02\n2020-01-03\n".utf8)] }
  ) { bytes in
    try withFile(bytes) { path in
      try oneOf(
        {
          let days = try TradingCalendar(reading: path).days
          try hold(zip(days, days.dropFirst()).allSatisfy { $0 < $1 }, "days do not ascend")
        },
        {
          let members = try Membership(reading: path)
          try hold(members.codes.allSatisfy { !members.spans(of: $0).isEmpty }, "without a span")
        })
    }
  },
]

/// A few rows of minutes of two instruments.
private let minutesOfDays: [UInt8] = {
  var text = "instrument,datetime,open,high,low,close,volume,amount\n"
  for minute in ["09:31", "09:32", "14:59"] {
    for day in 2...4 { text += "A,2020-01-0\(day) \(minute):00,1,2,1,1.5,100,150\n" }
  }
  return Array(text.utf8)
}()

/// Rows of minutes: days never have more volume than their rows, nor a price that no row has.
private func readMinutes(_ bytes: UnsafeRawBufferPointer, _ vendor: Vendor?) throws {
  try reading(bytes, skipBad: true) { input in
    let bars = BarCollection(
      columns: try ColumnMap(vendor, columns: nil, market: nil), ofMinutes: true,
      checksUnits: false, note: { _ = $0 })
    try bars.read(input)
    for day in try tables(bars) {
      try hold(try DayTable(day.array) != nil, "a day without rows")
    }
  }
}

/// Reads bars, adjusted and as they are; the stream that becomes of them is read as the same.
private func readBars(_ bytes: UnsafeRawBufferPointer, _ vendor: Vendor?) throws {
  var failures: [any Error] = []
  for (adjusts, skipBad) in [(false, false), (true, true)] {
    do {
      let days = try reading(bytes, skipBad: skipBad) { input in
        let bars = BarCollection(
          adjusting: adjusts, columns: try ColumnMap(vendor, columns: nil, market: nil),
          note: { _ = $0 })
        try bars.read(input)
        try bars.checkUnits()
        return try tables(bars)
      }
      // Infinite numbers, which are refused, may come of factors; so does what is out of order.
      guard !adjusts else { continue }
      let stream = days.flatMap { day in written { $0.write(day.array) } }
      let again = try mustSucceed("the stream of days") {
        try stream.withUnsafeBytes { bytes in
          try reading(bytes) { input in
            let bars = BarCollection(checksUnits: false)
            let passing = BarDays(BarSelection())
            var days: [BarDay] = []
            try bars.read(input, passing: passing) { days.append($0) }
            if bars.isEmpty { try passing.finish() } else { days = try tables(bars) }
            return days
          }
        }
      }
      try hold(again.map(\.day) == days.map(\.day), "the stream has other days")
    } catch let error as BrokenProperty {
      throw error
    } catch {
      failures.append(error)
    }
  }
  if failures.count == 2 { throw failures[0] }
}

private func tables(_ bars: BarCollection) throws -> [BarDay] {
  var days: [BarDay] = []
  if !bars.isEmpty { try bars.days(BarSelection()) { days.append($0) } }
  return days
}
