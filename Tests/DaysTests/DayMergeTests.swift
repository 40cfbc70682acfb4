import Days
import Mechanics
import Streams
import TestFolders
import Testing

@Suite struct DayMergeTests {
  private typealias Row = ShardedMarket.Row

  /// Joins files; what it says of their ends.
  @discardableResult
  private func merge(
    _ names: [String], in folder: String, tolerant: Bool = false, sealed: Bool = false
  ) throws -> (bytes: [UInt8], note: String?) {
    let output = try ByteWriter("\(folder)/out")
    let bad = BadRecords(tolerated: tolerant)
    let merge = try DayMerge(ByteReader(names.map { "\(folder)/\($0)" }, badRecords: bad))
    try merge.write(to: output)
    try output.finish()
    return (contents("\(folder)/out") ?? [], merge.note)
  }

  @Test("rows of many streams come as if all were sorted by date and instrument", arguments: 1...24)
  func twin(_ seed: Int) throws {
    let market = ShardedMarket(
      seed: seed, days: 12, instruments: 5 + 17 * seed % 90, hasGaps: seed % 2 == 0,
      isShuffled: seed % 3 == 0)
    let count = 1 + seed % 9
    try withFolder { folder in
      let parts = (0..<count).map { market.shard($0, of: count) }
      for (place, part) in parts.enumerated() {
        var days = part
        // A table without rows is no day.
        if seed % 4 == 0 { days.insert([], at: days.count / 2) }
        try ShardedMarket.write(days, to: "\(folder)/\(place)", sealed: true)
      }
      let joined = try merge(parts.indices.map(String.init), in: folder).bytes
      #expect(joined == (try ShardedMarket.bytes(ShardedMarket.joined(parts))))
    }
  }

  @Test("rows larger than what is written in one piece")
  func large() throws {
    let fields = [
      NpyField("instrument", .bytes(4)), NpyField("date", .day), NpyField("x", .uint8, [300_000]),
    ]
    func table(_ codes: [String]) throws -> NpyArray {
      var table = NpyTable(fields)
      for code in codes {
        try table.append(code)
        table.append(day: 5)
        table.append([UInt8](repeating: UInt8(code.utf8.count), count: 300_000))
      }
      return table.array
    }
    try withFolder { folder in
      for (name, codes) in [("a", ["B", "CC"]), ("b", ["DDD", "A"])] {
        put(try ShardedMarket.bytes([table(codes)]), "\(folder)/\(name)")
      }
      #expect(
        try merge(["a", "b"], in: folder).bytes
          == ShardedMarket.bytes([table(["A", "B", "CC", "DDD"])]))
    }
  }

  @Test("what cannot be shards of one market is refused")
  func refused() throws {
    func days(_ rows: (String, Int64)...) -> [[Row]] {
      rows.map { [Row(code: $0.0, day: $0.1, x: 1)] }
    }
    let cases: [(one: [[Row]], other: [[Row]], rule: String)] = [
      (days(("A", 1), ("B", 2)), days(("C", 1), ("B", 3)), "B is in "),
      (days(("A", 1)), days(("A", 1)), "A is in "),
      (days(("A", 1)), days(("B", 3), ("B", 2)), "days must ascend: 1970-01-03 after 1970-01-04"),
      (days(("A", 1)), [], "no day in it, and no seal"),
      (
        [[Row(code: "A", day: 1, x: 1), Row(code: "A", day: 1, x: 1)]], days(("B", 1)),
        "row 2: A has a row of 1970-01-02 already"
      ),
    ]
    for (one, other, rule) in cases {
      try withFolder { folder in
        try ShardedMarket.write(one, to: "\(folder)/a")
        try ShardedMarket.write(other, to: "\(folder)/b")
        #expect { try merge(["a", "b"], in: folder) } throws: { "\($0)".contains(rule) }
      }
    }
    try withFolder { folder in
      try ShardedMarket.write(days(("A", 1)), to: "\(folder)/a")
      var table = NpyTable([NpyField("instrument", .bytes(8)), NpyField("date", .day)])
      try table.append("B")
      table.append(day: 1)
      put(try ShardedMarket.bytes([table.array]), "\(folder)/b")
      #expect { try merge(["a", "b"], in: folder) } throws: { "\($0)".contains("fields differ") }
    }
  }

  @Test("nothing of a day that is refused is written, and where it may be dropped the others are")
  func dropped() throws {
    let one: [[Row]] = (1...3).map { [Row(code: "B", day: $0, x: 1)] }
    let other: [[Row]] = (1...3).map { day in
      ["A", "C"].map { Row(code: day == 2 ? "C" : $0, day: day, x: 2) }
    }
    try withFolder { folder in
      try ShardedMarket.write(one, to: "\(folder)/a")
      try ShardedMarket.write(other, to: "\(folder)/b")
      let kept = [one, other].map { [$0[0], $0[2]] }
      #expect(
        try merge(["a", "b"], in: folder, tolerant: true).bytes
          == ShardedMarket.bytes(ShardedMarket.joined(kept)))
    }
  }

  @Test("a stream that ends before the others is named")
  func early() throws {
    let market = ShardedMarket(seed: 1, days: 9, instruments: 30)
    try withFolder { folder in
      for part in 0..<3 {
        let days = market.shard(part, of: 3)
        try ShardedMarket.write(
          part > 0 ? Array(days.dropLast(part)) : days, to: "\(folder)/\(part)")
      }
      let note = try #require(try merge(["0", "1", "2"], in: folder).note)
      #expect(note.contains("/1 ends on ") && note.contains("as 1 more end early"))
      #expect(try merge(["0"], in: folder).note == nil)
    }
  }

  @Test("an array whose rows are read to where they are wanted is cut short as any other")
  func cut() throws {
    let market = ShardedMarket(seed: 3, days: 2, instruments: 9000)
    try withFolder { folder in
      try ShardedMarket.write(market.days, to: "\(folder)/whole")
      let whole = try #require(contents("\(folder)/whole"))
      try ShardedMarket.write(market.days, to: "\(folder)/sealed", sealed: true)
      for (name, isSealed) in [("whole", false), ("sealed", true)] {
        let reader = ByteReader(["\(folder)/\(name)"], piece: 4096)
        var count = 0
        try reader.arrays { count += $0.count }
        #expect(count == market.days.joined().count && reader.isSealed == isSealed)
        #expect(reader.offset == (contents("\(folder)/\(name)") ?? []).count)
      }
      for kept in [whole.count - 1, whole.count / 2, 5000] {
        put(Array(whole[..<kept]), "\(folder)/cut")
        #expect { try merge(["cut"], in: folder) } throws: { "\($0)".contains("cut short") }
      }
    }
  }
}
