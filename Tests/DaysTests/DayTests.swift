import Mechanics
import Streams
import TestFolders
import Testing

@testable import Days

@Suite struct DayTests {
  @Test("every day from 1600 to 2400 is written and read, and weekdays follow each other")
  func roundTrip() throws {
    let first = try #require(Day("1600-01-01")).number
    let last = try #require(Day("2400-12-31")).number
    #expect(last - first == 292_559)
    for number in first...last {
      let day = Day(number: number)
      #expect(Day(day.description) == day)
      #expect(Day(number: number + 1).weekday == (day.weekday + 1) % 7)
    }
  }

  @Test("days that are known")
  func known() throws {
    #expect(Day("1970-01-01")?.number == 0)
    #expect(Day("2020-08-31")?.number == 18_505)
    #expect(Day("2020-08-31")?.weekday == 0)
    #expect(Day("2000-02-29")?.number == 11_016 && Day("1600-02-29") != nil)
    #expect(Day("0001-01-01") == Day.years.lowerBound && Day("9999-12-31") == Day.years.upperBound)
  }

  @Test(
    "what is no day",
    arguments: [
      "2021-02-29", "1900-02-29", "1800-02-29", "2200-02-29", "2020-02-30", "2020-13-01",
      "2020-00-01", "2020-01-00", "2020-04-31", "20200101", "2020-1-01",
      "0000-01-01", "2020/01/01", "", "2020-01-01 ", "+020-01-01",
    ])
  func refused(_ text: String) { #expect(Day(text) == nil) }

  @Test(
    "a time behind a day is midnight, however it is spelled, or no day",
    arguments: [
      ("T00:00", true), (" 00:00", true), ("T0000", true), ("T00:00:00", true), ("T000000Z", true),
      ("T00:00:00.000", true), ("T00:00:00+08:00", true), ("T00:00-0500", true), ("T000", false),
      ("T00", false), ("T", false), ("T00:01", false), ("T00:00:00+08:00:00", false),
      ("x00:00", false),
    ])
  func midnight(_ time: String, _ isDay: Bool) throws {
    let spelled = Array("2024-01-04\(time)".utf8).withUnsafeBytes { Day(spelled: $0) }
    #expect(spelled == (isDay ? Day("2024-01-04") : nil))
  }

  @Test("a text that is no day here is another form of one, none that there is, or no day at all")
  func faults() {
    for (text, fault) in [
      ("2020-13-01", "there is no such day"), ("20200231", "there is no such day"),
      ("2020/2/30", "there is no such day"), ("2020/1/2", "2020-01-02 is meant?"),
      ("20200102", "2020-01-02 is meant?"), ("2020.01.02", "2020-01-02 is meant?"),
      ("2020-1-2", "2020-01-02 is meant?"), ("31/12/2024", "the year must come first"),
      ("1-2-2024", "the year must come first"), ("1/2/24", nil), ("tomorrow", nil), ("", nil),
      ("2020-01", "a month is no day: give its last"), ("2020--01", nil),
      ("2-Mar", "a month must be a number"),
      ("02-Jan-2018", "a month must be a number"), ("2018-Q1", nil), ("12345", nil),
      ("43102", "a spreadsheet's number of 2018-01-02?"),
      ("1514851200", "seconds since 1970, of 2018-01-02?"),
      ("1514851200000", "milliseconds since 1970, of 2018-01-02?"),
      ("2018-01-02 16:00:00", "a time that is not midnight: give the day alone, 2018-01-02"),
      ("+020-01-01", nil),
    ] {
      #expect(Day.fault(text) == (fault.map { " (\($0))" } ?? ""), "\(text)")
    }
    #expect(
      "\(DayError.date("2020-13-01"))"
        == "date must be YYYY-MM-DD: '2020-13-01' (there is no such day)")
  }

  @Test("an option's value is a day in any form that files may have")
  func options() {
    for text in ["2020-01-02", "20200102", "2020/1/2"] {
      #expect(Day(argument: text) == Day("2020-01-02"))
    }
    for text in ["2020-13-01", "2.1.2020", "2020-1-2", "x"] { #expect(Day(argument: text) == nil) }
  }

  @Test("a file of trading days has each of them once, in order")
  func calendarFile() throws {
    func days(_ text: String) throws -> [String] {
      try withFolder { folder in
        put(text, "\(folder)/day.txt")
        return try TradingCalendar(reading: "\(folder)/day.txt").days.map { "\($0)" }
      }
    }
    #expect(try days("2020-01-02\n2020-01-03\n") == ["2020-01-02", "2020-01-03"])
    #expect(try days("20200102\n2020/1/3\n") == ["2020-01-02", "2020-01-03"])
    let ends = #expect(throws: Failure.self) { try days("2020-01-02\r2020-01-03\r") }
    #expect(ends?.description.contains("day.txt:1: lines must end with LF or CRLF") == true)
    for text in ["2020-01-02\n2020-01-02\n", "2020-01-03\n2020-01-02\n"] {
      let error = #expect(throws: Failure.self) { try days(text) }
      #expect("\(error.map { "\($0)" } ?? "")".contains("day.txt:2: trading days must ascend"))
    }
  }

  @Test("places in a calendar")
  func calendar() throws {
    let days = try ["2020-01-02", "2020-01-03", "2020-01-06"].map { try #require(Day($0)) }
    let calendar = TradingCalendar(days: days)
    #expect(days.map(calendar.contains) == [true, true, true])
    #expect(!calendar.contains(Day(number: days[0].number - 1)))
    #expect(Array(calendar.days(between: days[0], and: days[2])) == [days[1]])
    #expect(calendar.days(between: days[1], and: days[1]).isEmpty)
    #expect(calendar.range(from: nil, to: nil) == 0..<3)
    #expect(calendar.range(from: Day("2020-01-04"), to: nil) == 2..<3)
    #expect(calendar.range(from: nil, to: Day("2020-01-05")) == 0..<2)
    #expect(calendar.range(from: days[1], to: days[1]) == 1..<2)
    #expect(calendar.range(from: Day("2020-01-07"), to: nil).isEmpty)
    #expect(calendar.range(from: days[2], to: days[0]).isEmpty)

    try calendar.check(days[1], after: nil)
    try calendar.check(days[1], after: days[0])
    // A state may end on a day between.
    try calendar.check(days[2], after: Day("2020-01-04"))
    let error = #expect(throws: DayError.self) { try calendar.check(days[2], after: days[0]) }
    #expect("\(error.map { "\($0)" } ?? "")".hasSuffix("the calendar has 2020-01-03"))
    #expect(throws: DayError.self) {
      try calendar.check(Day(number: days[2].number + 1), after: days[2])
    }
  }
}

@Suite struct InstrumentCodeTests {
  @Test("codes are in the order of their bytes, in capitals")
  func order() throws {
    let texts = ["A", "A.B", "AA", "SH600000", "SH6000000", "SZ000001", "Z234567890123456"]
    let codes = try texts.map { try InstrumentCode($0) }
    var random = SplitMix64(seed: 1)
    for _ in 0..<20 { #expect(codes == codes.shuffled(using: &random).sorted()) }
    #expect(codes.map(\.description) == texts)
    #expect(try InstrumentCode("sh600000") == codes[3])
    #expect(try InstrumentCode("az09") == InstrumentCode("AZ09"))
  }

  @Test(
    "what is no code", arguments: ["", "12345678901234567", "A B", "A/B", "..", "A,B", "Ä", "A\0"])
  func refused(_ text: String) {
    #expect(throws: DayError.self) { try InstrumentCode(text) }
  }
}
