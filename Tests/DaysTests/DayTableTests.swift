import Days
import Mechanics
import Streams
import TestFolders
import Testing

@Suite struct DayTableTests {
  /// A table of codes and days, its field of codes so many bytes wide.
  private func table(_ rows: [(code: String, day: Int64)], width: Int = 16) throws -> NpyArray {
    var table = NpyTable([NpyField("instrument", .bytes(width)), NpyField("date", .day)])
    for row in rows {
      try table.append(row.code)
      table.append(day: row.day)
    }
    return table.array
  }

  private func refusal(_ rows: [(code: String, day: Int64)]) -> String {
    var text = ""
    do { _ = try DayTable(try table(rows))?.distinctCodes() } catch { text = "\(error)" }
    return text
  }

  @Test("the rows of a day, in fields of any width")
  func rows() throws {
    for width in [2, 7, 8, 9, 16] {
      let day = try #require(try DayTable(table([("B", 3), ("A1", 3), ("c", 3)], width: width)))
      #expect(day.day.number == 3 && day.count == 3)
      #expect(try day.codes().map(\.description) == ["B", "A1", "C"])
    }
    #expect(try DayTable(table([])) == nil)
  }

  @Test("two days, a day out of reach, an instrument twice, what is no code")
  func refused() throws {
    #expect(refusal([("A", 3), ("B", 4)]).hasSuffix("row 2 is of 1970-01-05"))
    #expect(refusal([("A", .min)]) == "date must be YYYY-MM-DD: 'NaT'")
    #expect(refusal([("A", 1 << 40)]).hasPrefix("date must be"))
    #expect(refusal([("A", 3), ("B", 3), ("a", 3)]) == "row 3: A has a row of 1970-01-04 already")
    #expect(refusal([("A", 3), ("B/C", 3)]).hasPrefix("instrument must be"))
    #expect(refusal([("", 3)]).hasPrefix("instrument must be"))
    #expect(throws: DayError.self) {
      try DayTable(NpyArray(type: .plain(.float32), shape: [1], bytes: [0, 0, 0, 0]))
    }
  }

  @Test("codes are read eight bytes at a time as they are one by one")
  func codes() throws {
    var random = SplitMix64(seed: 12)
    let letters = Array("0359@;AMZ[az._-/,\"\\ ~\u{7f}\0".utf8)
    var refused = 0
    for _ in 0..<20_000 {
      let width = Int(random.next() % 16) + 1
      // Most are good, so that a single wrong byte is met too.
      let plain = Array("SH600000BX9Z4567".utf8)
      var bytes = Array(plain.prefix(Int(random.next() % UInt64(width + 1))))
      bytes += Array(repeating: 0, count: width - bytes.count)
      for _ in 0..<random.next() % 3 {
        bytes[Int(random.next() % UInt64(width))] =
          letters[Int(random.next() % UInt64(letters.count))]
      }
      let text = Array(bytes[..<(bytes.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0)])
      let slow = try? text.withUnsafeBytes { try InstrumentCode($0) }
      let fast = try? bytes.withUnsafeBytes { bytes in
        try bytes.baseAddress.map { try InstrumentCode(field: $0, width) }
      }
      #expect(fast == slow, "\(bytes)")
      if slow == nil { refused += 1 }
    }
    #expect((2_000..<18_000).contains(refused))
  }

  @Test("days come in order, each once")
  func order() throws {
    let days = (0..<3).map { Day(number: $0) }
    var order = DayOrder()
    try order.advance(to: days[1])
    #expect(throws: DayError.notAscending(days[1], last: days[1])) { try order.check(days[1]) }
    #expect(throws: DayError.notAscending(days[0], last: days[1])) {
      try order.advance(to: days[0])
    }
    #expect(order.last == days[1])
    try order.advance(to: days[2])
    #expect(order.last == days[2])
  }

  @Test("a span has both its ends, and an end that is left out is open")
  func span() throws {
    let days = (0..<4).map { Day(number: $0) }
    let span = try DaySpan(from: days[1], to: days[2])
    #expect(days.map(span.contains) == [false, true, true, false])
    #expect(days.map(span.isAfter) == [true, false, false, false])
    #expect(days.map(span.isBefore) == [false, false, false, true])
    #expect(days.allSatisfy(DaySpan.all.contains))
    #expect(days.map(try DaySpan(from: nil, to: days[0]).contains) == [true, false, false, false])
    #expect(throws: (any Error).self) { try DaySpan(from: days[1], to: days[0]) }
  }
}
