import Mechanics
import Streams
import TestFolders
import Testing

@testable import Bars
@testable import Days

/// Rows of minutes, made into days.
@Suite struct MinuteDaysTests {
  @Test("times in the forms that vendors write them, and what is none")
  func moments() throws {
    func moment(_ text: String) -> Moment? {
      Array(text.utf8).withUnsafeBytes { try? Moment($0) }
    }
    let expected = Moment(day: try #require(Day("2020-08-31")), second: 9 * 3600 + 31 * 60)
    for text in [
      "2020-08-31 09:31:00", "2020-08-31T09:31:00", "2020-08-31 09:31", "2020-08-31 9:31:00",
      "2020-08-31 09:31:00.000", "2020/8/31 09:31", "20200831 093100", "20200831 0931",
      "20200831093100", "202008310931", "20200831093100000",
    ] { #expect(moment(text) == expected, "\(text)") }
    for text in [
      "2020-08-31", "2020-08-31 ", "2020-08-31 24:00:00", "2020-08-31 09:60", "2020-08-31 09",
      "2020-02-30 09:31:00", "2020-08-31 09:31:00Z", "2020-08-31 09:31:00+08:00", "09:31:00",
      "31/08/2020 09:31:00", "2020-08-31 09:31:00 PM", "2020-08-31 09:31:", "2020-08-31 :31:00",
      "1598866260", "2020-08-31 009:31:00", "",
    ] { #expect(moment(text) == nil, "\(text)") }
  }

  @Test("days are those that plain loops over the rows give, in any order of instruments")
  func days() throws {
    var random = SplitMix64(seed: 3)
    for trial in 0..<20 {
      let source = Source(&random, withAmount: trial % 2 == 0)
      let days = try bars(source.days).rows()
      #expect(!days.isEmpty)
      expectSame(try minutes(source.byInstrument).rows(), days)
      expectSame(try minutes(source.byTime).rows(), days)
    }
  }

  @Test("qlib's date, a column of times, NDJSON: the same days")
  func forms() throws {
    var random = SplitMix64(seed: 4)
    let source = Source(&random, withAmount: true)
    let days = try minutes(source.byInstrument).rows()
    let lines = source.byInstrument.split(separator: "\n").map { $0.split(separator: ",") }
    func text(_ header: String, _ body: ([Substring]) -> String) -> String {
      header + "\n" + lines.dropFirst().map { body($0) + "\n" }.joined()
    }
    let numbers = "open,high,low,close,volume,amount"
    func rest(_ line: [Substring]) -> String { line.dropFirst(2).joined(separator: ",") }
    expectSame(
      try minutes(text("instrument,date,\(numbers)") { "\($0[0]),\($0[1]),\(rest($0))" }).rows(),
      days)
    expectSame(
      try minutes(
        text("instrument,date,time,\(numbers)") { line in
          let parts = line[1].split(separator: " ")
          return "\(line[0]),\(parts[0]),\(parts[1]),\(rest(line))"
        }
      ).rows(), days)
    let objects = lines.dropFirst().map { line in
      let members = zip(numbers.split(separator: ","), line.dropFirst(2)).map { "\"\($0)\":\($1)" }
      return
        #"{"instrument":"\#(line[0])","datetime":"\#(line[1])",\#(members.joined(separator: ","))}"#
        + "\n"
    }
    expectSame(try minutes(objects.joined()).rows(), days)
  }

  @Test("a last day that ends early is left out, and told; a trusted one is taken")
  func unfinished() throws {
    var random = SplitMix64(seed: 5)
    let source = Source(&random, withAmount: true)
    let cut = source.byTime.split(separator: "\n").dropLast(12).joined(separator: "\n") + "\n"
    var notes: [String] = []
    let days = try minutes(cut) { notes.append($0) }.rows()
    #expect(Set(days.map(\.date)).count == source.dates.count - 1)
    #expect(
      notes.count == 1 && notes[0].contains("may still be coming: \(source.dates.last ?? "")"))
    #expect(Set(try minutes(cut, trusting: true).rows().map(\.date)).count == source.dates.count)
  }

  @Test("a running total for a volume, one row a day, two factors a day, times that do not ascend")
  func refusals() throws {
    let header = "instrument,datetime,open,high,low,close,volume,factor\n"
    func rows(_ count: Int, days: Int = 3, volume: (Int) -> Int, factor: (Int) -> Int = { _ in 1 })
      -> String
    {
      var text = header
      for day in 0..<days {
        for row in 0..<count {
          text += "A,2024-01-0\(day + 1) 10:\(row + 10):00,1,1,1,1,\(volume(row)),\(factor(row))\n"
        }
      }
      return text
    }
    func message(_ text: String) -> String {
      do { _ = try minutes(text) } catch { return "\(error)" }
      return "nothing"
    }
    #expect(message(rows(20) { $0 * 100 + 100 }).contains("running total"))
    #expect(message(rows(20) { $0 % 7 * 100 + 100 }) == "nothing")
    #expect(message(rows(1) { _ in 100 }).contains("no day has more than one"))
    #expect(
      message(rows(2, volume: { _ in 100 }, factor: { $0 + 1 }))
        .contains("factor must be one number a day: 1.0, then 2.0"))
    let twice = header + String(repeating: "A,2024-01-01 10:00:00,1,1,1,1,1,1\n", count: 2)
    #expect(message(twice).contains("second row of A at a time: 2024-01-01 10:00:00"))
    #expect(
      message(header + "A,2024-01-01 10:00:00,1,1,2,1,1,1\n").contains("high must not be below low")
    )
  }

  @Test(
    "a row with the volume of all before it is refused, the same volume twice of a quiet stock is not"
  )
  func totalsInRows() throws {
    let header = "instrument,datetime,open,high,low,close,volume\n"
    func text(_ volumes: [Int]) -> String {
      header
        + volumes.enumerated().map { place, volume in
          "A,2024-01-02 10:\(place + 10):00,1,1,1,1,\(volume)\n"
        }.joined()
    }
    let volumes = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5]
    #expect(throws: Failure.self) { try minutes(text(volumes + [volumes.reduce(0, +)])) }
    _ = try minutes(text(volumes + [volumes.reduce(0, +)]), trusting: true)
    _ = try minutes(text([100] + [Int](repeating: 0, count: 12) + [100]))
  }

  @Test("of a session its rows alone, both ends with it; without, more hours than one has are told")
  func sessions() throws {
    var text = "instrument,datetime,open,high,low,close,volume\n"
    for day in 2...4 {
      for (time, price) in [("07:00", 9), ("09:30", 1), ("12:00", 2), ("16:00", 3), ("19:00", 8)] {
        text += "A,2024-01-0\(day) \(time):00,\(price),\(price),\(price),\(price),1\n"
      }
    }
    let session = try #require(Session(argument: "09:30-16:00"))
    let rows = try minutes(text, session: session).rows()
    #expect(
      rows.map { Array($0.floats.prefix(5)) } == [[Float]](repeating: [1, 3, 1, 3, 3], count: 3))
    var notes: [String] = []
    _ = try minutes(text) { notes.append($0) }
    #expect(notes.count == 2 && notes[1].contains("--session"), "\(notes)")
    let night = try #require(Session(argument: "01:00-02:00"))
    #expect(throws: DayError.self) { try minutes(text, session: night) }
    for text in ["9:30", "16:00-09:30", "a-b", "09:30-16:00-17:00", "09:30-25:00", ""] {
      #expect(Session(argument: text) == nil, "\(text)")
    }
  }

  @Test("a close far from the row before, and days that end an hour earlier from one on, are told")
  func jumps() throws {
    func notes(_ price: (Int, Int) -> Double, hour: (Int) -> Int = { _ in 10 }) throws -> [String] {
      var text = "instrument,datetime,open,high,low,close,volume\n"
      for day in 2...9 {
        for minute in 10..<60 {
          let price = price(day, minute)
          text +=
            "A,2024-01-0\(day) \(hour(day)):\(minute):00,\(price),\(price),\(price),\(price),"
            + "\(minute * 7 % 11 + 1)\n"
        }
      }
      var notes: [String] = []
      _ = try minutes(text) { notes.append($0) }
      return notes
    }
    // From one day to the next a split may come.
    #expect(try notes { day, _ in day < 5 ? 10 : 5 } == [])
    #expect(try notes { _, minute in minute == 30 ? 12.5 : 10 } == [])
    #expect(
      try notes { day, minute in day == 4 && minute == 30 ? 12.51 : 10 } == [
        "rows whose close is a quarter away from that of the row before, which high and low of the day take "
          + "in: 2, first A at 2024-01-04 10:30:00, 12.51 after 10.0"
      ])
    #expect(try notes { day, minute in day == 4 && minute == 30 ? 7.9 : 10 }.count == 1)
    #expect(
      try notes({ _, _ in 10 }, hour: { $0 < 5 ? 11 : 10 }) == [
        "rows end at 11:59 until 2024-01-04, and from 2024-01-05 on at 10:59: is it another clock than the "
          + "exchange's, of summer and winter?"
      ])
    #expect(try notes({ _, _ in 10 }, hour: { $0 < 4 ? 11 : 10 }) == [], "two days alone")
  }

  @Test("BaoStock's time names the day once more, and must name that of its date")
  func twoDays() throws {
    func rows(_ day: String) -> String {
      "date,time,instrument,open,high,low,close,volume\n"
        + (35..<40).map { "2024-01-02,\(day)09\($0)00000,sh.600000,1,1,1,1,\($0 % 3 + 1)\n" }
        .joined()
    }
    #expect(try minutes(rows("20240102")).rows().count == 1)
    let error = #expect(throws: Failure.self) { try minutes(rows("20240103")) }
    #expect(error?.description.hasSuffix("date is 2024-01-02, and time of 2024-01-03") == true)
  }

  @Test("a price far from its row, a stock that ends before the others, one stock's running total")
  func others() throws {
    func text(_ last: String = "1,1,1,1,2", until: Int = 60, total: Bool = false) -> String {
      var text = "instrument,datetime,open,high,low,close,volume\n"
      for code in ["A", "B"] {
        for day in 2...5 {
          for minute in 10..<(code == "B" && day == 5 ? until : 60) {
            let volume = total && code == "B" ? minute : minute * 7 % 11 + 1
            let rest = minute == 30 && code == "A" ? last : "1,1,1,1,\(volume)"
            text += "\(code),2024-01-0\(day) 10:\(minute):00,\(rest)\n"
          }
        }
      }
      return text
    }
    func said(_ text: String) throws -> [String] {
      var notes: [String] = []
      _ = try minutes(text) { notes.append($0) }
      return notes
    }
    #expect(try said(text()) == [])
    #expect(
      try said(text("1,99,1,1,2")).first?.hasPrefix(
        "rows with a price half as far again as their open and close: 4,") == true)
    #expect(
      try said(text(until: 29)).first
        == "1 of 2 instruments end before the others on 2024-01-05, which is taken: first B at 10:28, "
        + "the others at 10:59")
    #expect(throws: (any Error).self) { try minutes(text(total: true)) }
  }

  @Test("few rows and rows of the night are told")
  func notes() throws {
    var text = "instrument,datetime,open,high,low,close,volume\n"
    for day in 1...5 {
      for row in 0..<(day == 2 ? 3 : 9) {
        text += "A,2024-01-0\(day) \(day == 4 ? 22 : 10):0\(row):00,1,1,1,1,\(row % 3 + 1)\n"
      }
      text += "A,2024-01-0\(day) 22:30:00,1,1,1,1,1\n"
    }
    var notes: [String] = []
    _ = try minutes(text) { notes.append($0) }
    #expect(notes.count == 2)
    #expect(notes.first?.contains("on 5 of 5 days") == true)
    #expect(
      notes.last
        == "1 of 5 days have fewer than three quarters of the usual 10 rows, and are taken; the fewest has "
        + "A on 2024-01-02, 4")
  }
}

private func minutes(
  _ text: String, trusting: Bool = false, session: Session? = nil,
  note: @escaping (String) -> Void = { _ in }
) throws -> BarCollection {
  try withFolder { folder in
    put(text, "\(folder)/minutes")
    let collection = BarCollection(
      ofMinutes: true, session: session, checksUnits: !trusting, note: note)
    try collection.read(ByteReader(["\(folder)/minutes"]))
    return collection
  }
}

/// Rows of minutes made up, and the days that they are, added up here in the plainest way.
private struct Source {
  private(set) var byInstrument = ""
  private(set) var byTime = ""
  private(set) var days = ""
  let dates = (1...6).map { "2024-01-0\($0)" }

  init(_ random: inout SplitMix64, withAmount: Bool) {
    let last = withAmount ? ",amount" : ""
    (byInstrument, byTime) = ("instrument,datetime,open,high,low,close,volume\(last)\n", "")
    days = "instrument,date,open,high,low,close,volume,amount\n"
    var rows: [(time: String, text: String)] = []
    for code in ["A", "B", "C"] {
      for date in dates {
        // Prices of rows that were traded, volumes, and volume times price.
        var (opens, highs, lows, closes): ([Double], [Double], [Double], [Double]) = (
          [], [], [], []
        )
        var (volume, amount) = (0.0, 0.0)
        for minute in 0..<30 {
          let open = Double(random.int(900...1100)) / 8
          let close = Double(random.int(900...1100)) / 8
          let high = max(open, close) + Double(random.int(0...8)) / 8
          let low = min(open, close) - Double(random.int(0...8)) / 8
          // The last minutes are traded, so that days end alike.
          let shares = minute > 25 ? 200.0 : Double(random.int(0...3) * 100)
          let paid = withAmount ? shares * (low + high) / 2 : shares * ((high + low + close) / 3)
          let time = "\(date) \(minute < 10 ? "09" : "14"):\(minute + 10):00"
          let text =
            "\(code),\(time),\(open),\(high),\(low),\(close),\(shares)"
            + (withAmount ? ",\(paid)" : "")
            + "\n"
          rows.append((time, text))
          byInstrument += text
          guard shares > 0 else { continue }
          opens.append(open)
          highs.append(high)
          lows.append(low)
          closes.append(close)
          volume += shares
          amount += paid
        }
        days +=
          "\(code),\(date),\(opens[0]),\(highs.max() ?? 0),\(lows.min() ?? 0),"
          + "\(closes[closes.count - 1]),\(volume),\(amount)\n"
      }
    }
    byTime = byInstrument.prefix { $0 != "\n" } + "\n"
    // Stable, so that an instrument's rows stay in order.
    for time in Set(rows.map(\.time)).sorted() {
      for row in rows where row.time == time { byTime += row.text }
    }
  }
}
