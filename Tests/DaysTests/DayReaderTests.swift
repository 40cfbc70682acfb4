import Days
import Mechanics
import Streams
import TestFolders
import Testing

@Suite struct DayReaderTests {
  private static let fields = [
    NpyField("instrument", .bytes(8)), NpyField("date", .day), NpyField("x", .float32),
  ]

  private func table(_ rows: [(code: String, day: Int64, x: Float)]) throws -> NpyArray {
    var table = NpyTable(Self.fields)
    for row in rows {
      try table.append(row.code)
      table.append(day: row.day)
      table.append([row.x])
    }
    return table.array
  }

  private func days(of arrays: [NpyArray]) throws -> [NpyArray] {
    try withFolder { folder in
      let output = try ByteWriter("\(folder)/a")
      for array in arrays { output.write(array) }
      try output.finish()
      var days: [NpyArray] = []
      try ByteReader(["\(folder)/a"]).days { days.append($0) }
      return days
    }
  }

  @Test("however a stream of days is joined into tables, the same days come out", arguments: 1...20)
  func joined(_ seed: Int) throws {
    var random = SplitMix64(seed: UInt64(seed))
    var expected: [NpyArray] = []
    var arrays: [NpyArray] = []
    var pending: [(code: String, day: Int64, x: Float)] = []
    for day in 0..<30 {
      let rows = (0..<random.next() % 5 + 1).map { row in
        ("I\(row)", Int64(3 * day), Float(random.next() % 100))
      }
      expected.append(try table(rows))
      pending += rows
      if random.next() % 3 == 0 {
        arrays.append(try table(pending))
        pending = []
        if random.next() % 3 == 0 { arrays.append(try table([])) }
      }
    }
    if !pending.isEmpty { arrays.append(try table(pending)) }
    let found = try days(of: arrays).filter { $0.count > 0 }
    try #require(found.count == expected.count)
    for (one, other) in zip(found, expected) {
      #expect(one.type == other.type && one.shape == other.shape && one.bytes == other.bytes)
    }
  }

  @Test("what does not ascend, and what has no days, is left to the tool")
  func whole() throws {
    let descending = try table([("A", 2, 1), ("A", 3, 2), ("A", 2, 3)])
    let found = try days(of: [descending])
    #expect(found.count == 1 && found[0].bytes == descending.bytes)
    #expect(throws: DayError.self) { try found[0].day() }
    #expect(throws: DayError.notAscending(Day(number: 2), last: Day(number: 3))) {
      try table([("A", 3, 1), ("A", 2, 3)]).day()
    }
    let plain = NpyArray([1, 2, 3], shape: [3])
    #expect(try days(of: [plain]).map(\.bytes) == [plain.bytes])
    #expect(try plain.day() == nil)
    #expect(try table([("A", 3, 1), ("B", 3, 2)]).day() == Day(number: 3))
    #expect(try table([]).day() == nil)
  }

  @Test("an error names the table and the day in it")
  func place() throws {
    let text = try withFolder { folder in
      let output = try ByteWriter("\(folder)/a")
      output.write(try table([("A", 1, 1), ("A", 2, 1), ("A", 3, 1)]))
      try output.finish()
      var text = ""
      do {
        try ByteReader(["\(folder)/a"]).days { array in
          if try array.day() == Day(number: 2) { throw DayError.rule("no") }
        }
      } catch { text = "\(error)" }
      return text
    }
    #expect(text.hasSuffix("/a: array 1, day 2 of 3: no"), "\(text)")
  }
}
