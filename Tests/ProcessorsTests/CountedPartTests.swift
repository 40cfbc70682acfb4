import Days
import Mechanics
import Statistics
import Streams
import TestFolders
import Testing

@testable import Processors

/// Rows that are counted in parts, beside the same rows at once.
@Suite struct CountedPartTests {
  private static let names = ["A", "B", "C"]

  /// A table of a day: rows of these instruments, with numbers of all kinds.
  private func table(_ day: Int64, _ instruments: [Int], seed: UInt64) throws -> NpyArray {
    var table = NpyTable(
      [NpyField("instrument", .bytes(8)), NpyField("date", .day)]
        + Self.names.map { NpyField($0, .float32) })
    for instrument in instruments {
      var random = SplitMix64(key: [seed, UInt64(day), UInt64(instrument)])
      try table.append("I\(instrument)")
      table.append(day: day)
      for column in Self.names.indices {
        let number: Float =
          switch random.int(0...19) {
          case 0: .nan
          case 1 where column > 0: [.infinity, -.infinity, 0, -0.0][random.int(0...3)]
          default: (Float(random.uniform()) - 0.4) * [1, 1e-6, 1e8][column]
          }
        table.append([column == 2 ? number.rounded() : number])
      }
    }
    return table.array
  }

  private func days(_ shard: Int, of count: Int, byDay: Bool, seed: UInt64) throws -> [NpyArray] {
    try (0..<12).compactMap { day in
      if byDay, day % count != shard { return nil }
      let all = Array(0..<23)
      return try table(
        16_000 + Int64(day), byDay ? all : all.filter { ($0 * 7) % count == shard }, seed: seed)
    }
  }

  private func write(_ path: String, _ body: (ByteWriter) throws -> Void) throws {
    let output = try ByteWriter(path)
    try body(output)
    try output.finish()
  }

  /// Runs all walks over parts; the plan behind the last.
  private func walk(
    _ purpose: CountedPurpose, _ shards: [[NpyArray]], _ folder: String, span: DaySpan = .all
  ) throws -> CountingPlan {
    let fields = try TableFields(nil, default: .numbers)
    var plan: CountingPlan?
    for walk in 1...purpose.walks {
      let names = try shards.enumerated().map { number, days in
        let walk = PartialWalk(purpose, fields, span, plan: plan)
        for day in days { try walk.add(day) }
        let path = "\(folder)/part-\(number)"
        try write(path) { try walk.write(to: $0) }
        return path
      }
      let next = try CountingPlan(adding: ByteReader(names.reversed()), purpose, to: plan)
      #expect(next.isDone == (walk == purpose.walks))
      guard !next.isDone else { return next }
      try write("\(folder)/plan") { next.write(to: $0) }
      plan = try CountingPlan(path: "\(folder)/plan", purpose)
    }
    fatalError("walks do not end")
  }

  @Test(
    "a field without a finite median, or distance from it, is refused by one run and by parts",
    arguments: [[.infinity, .infinity, 1], [2e38, -2e38, 2e38, -2e38], [3e38, 3e38]] as [[Float]])
  func noFiniteMedian(_ numbers: [Float]) throws {
    var table = NpyTable(
      [NpyField("instrument", .bytes(8)), NpyField("date", .day), NpyField("F", .float32)])
    for (place, number) in numbers.enumerated() {
      try table.append("I\(place)")
      table.append(day: 16_000)
      table.append([number])
    }
    let rule = "no finite median, or no finite median distance from it, in 1 of 1 fields"
    let fields = try TableFields(nil, default: .numbers)
    let fit = RobustZScoreFit(NumberRows(fields, limit: 1 << 20))
    try fit.add(table.array)
    #expect { try fit.parameters() } throws: { "\($0)".contains(rule) }
    try withFolder { folder in
      #expect { try walk(.robustZScore, [[table.array]], folder).parameters() } throws: {
        "\($0)".contains(rule)
      }
    }
  }

  @Test(
    "parts by instrument or by day come to the bytes of one run", arguments: [1, 2, 3, 7],
    [false, true])
  func sum(_ count: Int, _ byDay: Bool) throws {
    for seed in UInt64(1)...3 {
      try withFolder { folder in
        let whole = try days(0, of: 1, byDay: false, seed: seed)
        let shards = try (0..<count).map { try days($0, of: count, byDay: byDay, seed: seed) }
        let fields = try TableFields(nil, default: .numbers)

        let summaries = FieldSummaries(NumberRows(fields, limit: 1 << 20), label: nil)
        for day in whole { try summaries.add(day) }
        try write("\(folder)/one") {
          SummaryReport(try summaries.summaries(), hasLabel: false).writeJSON($0)
        }
        let described = try walk(.describe, shards, folder).summaries()
        try write("\(folder)/other") { SummaryReport(described, hasLabel: false).writeJSON($0) }
        #expect(contents("\(folder)/one") == contents("\(folder)/other"))

        let span = try DaySpan(from: Day(number: 16_002), to: nil)
        let fit = RobustZScoreFit(NumberRows(fields, limit: 1 << 20), span)
        for day in whole { try fit.add(day) }
        let found = try walk(.robustZScore, shards, folder, span: span).parameters()
        #expect(try found.bytes() == fit.parameters().bytes())
      }
    }
  }

  @Test("shards without a table add nothing, and a field without a value is told")
  func empty() throws {
    try withFolder { folder in
      let whole = try days(0, of: 1, byDay: false, seed: 1)
      let one = try walk(.describe, [whole], folder).summaries().map(\.mean)
      #expect(try walk(.describe, [[], whole, []], folder).summaries().map(\.mean) == one)
      #expect(try walk(.describe, [[]], folder).summaries().isEmpty)
      #expect { try walk(.robustZScore, [[]], folder).parameters() } throws: {
        "\($0)".contains("no row from the first day to the last")
      }
      var table = NpyTable(
        [NpyField("instrument", .bytes(8)), NpyField("date", .day), NpyField("A", .float32)])
      try table.append("A")
      table.append(day: 5)
      table.append([Float.nan])
      #expect { try walk(.robustZScore, [[table.array]], folder).parameters() } throws: {
        "\($0)".contains("no value from the first day to the last in 1 of 1 fields")
      }
    }
  }

  @Test("parts that cannot be of one whole are refused")
  func refused() throws {
    let fields = try TableFields(nil, default: .numbers)
    try withFolder { folder in
      func part(
        _ name: String, _ days: [NpyArray], _ purpose: CountedPurpose = .describe,
        span: DaySpan = .all, plan: CountingPlan? = nil
      ) throws {
        let walk = PartialWalk(purpose, fields, span, plan: plan)
        for day in days { try walk.add(day) }
        try write("\(folder)/\(name)") { try walk.write(to: $0) }
      }
      func sum(_ names: String..., plan: CountingPlan? = nil) throws -> CountingPlan {
        try CountingPlan(
          adding: ByteReader(names.map { "\(folder)/\($0)" }), .describe, to: plan)
      }
      func expect(_ rule: String, _ body: () throws -> CountingPlan) {
        #expect { try body() } throws: { "\($0)".contains(rule) }
      }
      let (one, other) = (
        try days(0, of: 2, byDay: false, seed: 1), try days(1, of: 2, byDay: false, seed: 1)
      )
      try part("a", one)
      try part("b", other)
      try part("third", try days(0, of: 3, byDay: false, seed: 1))
      expect("different instruments, or of different days: I0 and 2013-10-22 are in two") {
        try sum("a", "a")
      }
      expect("different instruments, or of different days: I") { try sum("a", "third") }
      expect("part must be of 'describe 1': 'robust-zscore 1'") {
        try part("z", one, .robustZScore)
        return try sum("z")
      }
      var table = NpyTable([NpyField("A", .float32)])
      table.append([1 as Float])
      try part("plain", [table.array])
      expect("two parts are the same") { try sum("plain", "plain") }
      expect("parts must have the same fields") { try sum("a", "plain") }

      try write("\(folder)/plan") { try sum("a", "b").write(to: $0) }
      let plan = try CountingPlan(path: "\(folder)/plan", .describe)
      try part("a2", one, plan: plan)
      try part("b2", other, plan: plan)
      _ = try sum("a2", "b2", plan: plan)
      expect("parts must be of one walk: describe 1 and describe 2") { try sum("a", "b2") }
      expect("parts are of walk 2: --plan must name its plan") { try sum("a2", "b2") }
      expect("parts were not counted by this plan") { try sum("a", "b", plan: plan) }
      expect("parts must be of the rows that the plan is of") { try sum("a2", plan: plan) }
      #expect { try part("x", [table.array], plan: plan) } throws: {
        "\($0)".contains("fields differ from those of the plan")
      }
      // Every damage is told.
      let bytes = try #require(contents("\(folder)/a"))
      var random = SplitMix64(seed: 1)
      for _ in 0..<40 {
        var damaged = bytes
        damaged[random.int(0...bytes.count - 1)] ^= UInt8(1 << random.int(0...6))
        put(damaged, "\(folder)/damaged")
        #expect(throws: Failure.self) { try sum("damaged", "b") }
      }
      for kept in [0, 10, bytes.count / 2, bytes.count - 30] {
        put(Array(bytes[..<kept]), "\(folder)/damaged")
        #expect(throws: Failure.self) { try sum("damaged", "b") }
      }
    }
  }
}
