import Mechanics
import Streams
import TestFolders
import Testing

@testable import Days
@testable import Processors
@testable import Statistics

/// qlib's processors beside plain versions of them.
@Suite struct ProcessorTests {
  /// A table of a day: a key, three fields, a label, with NaN, equal values and infinities.
  static func table(_ random: inout SplitMix64, day: Int, rows: Int) -> NpyArray {
    let fields =
      [NpyField("instrument", .bytes(16)), NpyField("date", .day)]
      + ["A", "B", "C", "LABEL0"].map { NpyField($0, .float32) }
    var table = NpyTable(fields, rows: rows)
    for row in 0..<rows {
      try? table.append("I\(row)")
      table.append(day: Int64(15_000 + day))
      for column in 0..<4 {
        let value: Float =
          switch random.int(0...40) {
          case 0...2: .nan
          case 3: column == 1 ? .infinity : 0
          case 4...9: Float(random.int(-3...3))
          default: Float(random.int(-1_000_000...1_000_000)) / 977
          }
        table.append([value])
      }
    }
    return table.array
  }

  static func stream(seed: UInt64, days: Int, rows: Int) -> [NpyArray] {
    var random = SplitMix64(seed: seed)
    return (0..<days).map { table(&random, day: $0, rows: random.int(0...rows)) }
  }

  private func column(_ days: [NpyArray], _ name: String) -> [Float] {
    days.flatMap { day in day.field(name).map { day.numbers($0) } ?? [] }
  }

  private func median(_ values: [Float]) -> Float {
    let sorted = values.filter { !$0.isNaN }.sorted()
    guard !sorted.isEmpty else { return .nan }
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }

  @Test("fit and apply, in memory or spooled", arguments: [1 << 30, 1])
  func robustZScore(_ limit: Int) throws {
    let days = Self.stream(seed: 1, days: 40, rows: 150)
    let (from, to) = (Day(number: 15_003), Day(number: 15_030))
    for threads in [1, 3] {
      let fit = RobustZScoreFit(
        NumberRows(try TableFields(nil, default: .features), limit: limit),
        try DaySpan(from: from, to: to), threads: threads)
      for day in days { try fit.add(day) }
      let found = try fit.parameters()
      #expect(found.names == ["A", "B", "C"])
      #expect(fit.isSpooled == (limit == 1))
      try withFolder { folder in
        put(found.bytes(), "\(folder)/params")
        var zscore = try RobustZScore(path: "\(folder)/params")
        #expect(zscore.names == found.names)
        let range = Array(days[3...30])
        #expect(fit.rows == range.reduce(0) { $0 + $1.count })
        for name in found.names {
          let values = column(range, name)
          let center = median(values)
          let scale = (median(values.map { abs($0 - center) }) + 1e-12) * 1.4826
          for day in days {
            var scaled = day
            try zscore.apply(&scaled)
            let expected = column([day], name).map {
              $0.isNaN ? $0 : min(3, max(-3, ($0 - center) / scale))
            }
            for (one, other) in zip(column([scaled], name), expected) {
              #expect(one == other || (one.isNaN && other.isNaN))
            }
            #expect(same(column([scaled], "LABEL0"), column([day], "LABEL0")))
          }
        }
      }
    }
  }

  private func same(_ one: [Float], _ other: [Float]) -> Bool {
    one.map(\.bitPattern) == other.map(\.bitPattern)
  }

  @Test("a range without rows, other fields later, a file that is no parameters")
  func zscoreRefusals() throws {
    let days = Self.stream(seed: 2, days: 3, rows: 9)
    let fit = RobustZScoreFit(
      NumberRows(try TableFields(nil, default: .features), limit: 1 << 20),
      try DaySpan(from: Day(number: 20_000), to: nil))
    for day in days { try fit.add(day) }
    #expect(throws: Failure.self) { try fit.parameters() }
    let other = NpyTable([
      NpyField("instrument", .bytes(4)), NpyField("date", .day),
      NpyField("Z", .float32),
    ]).array
    #expect(throws: NpyError.self) { try fit.add(other) }
    try withFolder { folder in
      put("no parameters", "\(folder)/p")
      #expect(throws: Failure.self) { try RobustZScore(path: "\(folder)/p") }
      #expect(throws: Failure.self) { try RobustZScore(path: "\(folder)/none") }
    }
  }

  @Test(
    "sizes of memory: a number above 0, in units that the machine can count to",
    arguments: [
      ("1", 1), ("3K", 3 << 10), ("256M", 256 << 20), ("2G", 2 << 30),
      ("9223372036854775807", .max),
      ("8589934591G", 8_589_934_591 << 30), ("8589934592G", nil), ("9007199254740992K", nil),
      ("9223372036854775807K", nil), ("9223372036854775808", nil), ("0", nil), ("-1", nil),
      ("", nil),
      ("G", nil), ("1T", nil), ("1.5G", nil),
    ] as [(String, Int?)])
  func memorySizes(_ text: String, _ bytes: Int?) {
    #expect(MemorySize(argument: text)?.bytes == bytes)
  }

  @Test("no bit of the parameters can be turned without notice")
  func zscoreDamage() throws {
    let bytes = RobustZScore(names: ["A", "KMID", "x y"], pairs: [1, 2, 3, 4, 5, 6]).bytes()
    try expectFlipsRefused(bytes) { _ = try RobustZScore(path: $0) }
    try withFolder { folder in
      for pairs in [[1, 0], [1, -1], [1, .nan], [1, .infinity], [.nan, 1]] as [[Float]] {
        put(RobustZScore(names: ["A"], pairs: pairs).bytes(), "\(folder)/p")
        let error = #expect(throws: Failure.self) { try RobustZScore(path: "\(folder)/p") }
        #expect(error?.status == .badData)
      }
    }
  }

  @Test func fillAndDrop() throws {
    for day in Self.stream(seed: 3, days: 30, rows: 60) {
      var filled = day
      var fill = MissingValueFill(try TableFields("A,C", default: .features), value: -7)
      try fill.fill(&filled)
      for name in ["A", "C"] {
        #expect(same(column([filled], name), column([day], name).map { $0.isNaN ? -7 : $0 }))
      }
      #expect(same(column([filled], "B"), column([day], "B")))
      var dropped = day
      var drop = MissingLabelDrop(try TableFields(nil, default: .labels))
      try drop.drop(&dropped)
      let labels = column([day], "LABEL0")
      let kept = labels.indices.filter { !labels[$0].isNaN }
      #expect(dropped.shape == [kept.count] && drop.dropped == labels.count - kept.count)
      let size = day.type.size
      #expect(dropped.bytes == kept.flatMap { day.bytes[$0 * size..<($0 + 1) * size] })
    }
  }

  @Test func crossSectionRank() throws {
    for day in Self.stream(seed: 4, days: 30, rows: 60) {
      var ranks = CrossSectionRank(try TableFields("B,LABEL0", default: .labels))
      try ranks.rank(day) { type, shape, bytes in
        let ranked = NpyArray(type: type, shape: shape, bytes: Array(bytes))
        for name in ["B", "LABEL0"] {
          let values = column([day], name)
          let field = try ranked.field(name, .float64)
          let valid = values.filter { !$0.isNaN }
          for (row, value) in values.enumerated() {
            let found = ranked.bytes(field, row: row).withUnsafeBytes {
              $0.loadUnaligned(as: Double.self)
            }
            if value.isNaN {
              #expect(found.isNaN)
            } else {
              let below = valid.count { $0 < value }
              let equal = valid.count { $0 == value }
              let rank = (Double(below) + Double(equal + 1) / 2) / Double(valid.count)
              #expect(found == (rank - 0.5) * 3.46)
            }
          }
        }
        #expect(same(column([ranked], "A"), column([day], "A")))
      }
      // Fields on both sides of one that is ranked stay as they are.
      var middle = CrossSectionRank(try TableFields("B", default: .labels))
      try middle.rank(day) { type, shape, bytes in
        let ranked = NpyArray(type: type, shape: shape, bytes: Array(bytes))
        for name in ["A", "C", "LABEL0"] {
          #expect(same(column([ranked], name), column([day], name)), "\(name)")
        }
      }
    }
  }

  @Test("order statistics are those of a sorted column", arguments: [1 << 30, 1])
  func orderStatistics(_ limit: Int) throws {
    let days = Self.stream(seed: 5, days: 60, rows: 120)
    let rows = NumberRows(try TableFields("A,B,C", default: .numbers), limit: limit)
    for day in days { try rows.add(day) }
    for finiteOnly in [true, false] {
      let found = try OrderStatistics(rows, finiteOnly: finiteOnly) { _, count in
        [0, count / 7, count / 7 + 1, count / 2, count - 2, count - 1]
      }
      for (place, name) in ["A", "B", "C"].enumerated() {
        let sorted = column(days, name).filter { finiteOnly ? $0.isFinite : !$0.isNaN }.sorted()
        let count = sorted.count
        #expect(found.counts[place] == count)
        #expect(
          found.values[place]
            == [0, count / 7, count / 7 + 1, count / 2, count - 2, count - 1].map { sorted[$0] })
      }
    }
  }

  @Test("summaries, and correlations of every day")
  func describe() throws {
    let days = Self.stream(seed: 6, days: 50, rows: 80)
    let summaries = FieldSummaries(
      NumberRows(try TableFields(nil, default: .numbers), limit: 1 << 20), label: "LABEL0")
    for day in days { try summaries.add(day) }
    let found = try summaries.summaries()
    #expect(found.map(\.name) == ["A", "B", "C", "LABEL0"])
    for summary in found {
      let values = column(days, summary.name)
      let finite = values.filter(\.isFinite).map(Double.init)
      #expect(summary.count == finite.count && summary.missing == values.count(where: \.isNaN))
      let mean = finite.reduce(0, +) / Double(finite.count)
      let variance = finite.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(finite.count - 1)
      #expect(abs(summary.mean - mean) <= 1e-9 * abs(mean) + 1e-9)
      #expect(abs(summary.deviation - variance.squareRoot()) < 1e-9 * variance.squareRoot())
      let sorted = finite.sorted()
      let shares = [0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1]
      for (share, quantile) in zip(shares, summary.quantiles) {
        let place = share * Double(sorted.count - 1)
        let low = sorted[Int(place, within: 0...sorted.count - 1)]
        let high = sorted[min(Int(place, within: 0...sorted.count) + 1, sorted.count - 1)]
        #expect(abs(quantile - (low + (high - low) * (place - place.rounded(.down)))) < 1e-6)
      }
      guard summary.name != "LABEL0" else { continue }
      var (linear, ranks): ([Double], [Double]) = ([], [])
      for day in days {
        let pairs = zip(column([day], summary.name), column([day], "LABEL0"))
          .filter { $0.isFinite && $1.isFinite }.map { (Double($0), Double($1)) }
        linear.append(pearson(pairs.map(\.0), pairs.map(\.1)))
        ranks.append(pearson(plainRanks(pairs.map(\.0)), plainRanks(pairs.map(\.1))))
      }
      let information = try #require(summary.information)
      for (correlation, daily) in [(information.linear, linear), (information.ranks, ranks)] {
        let valid = daily.filter { !$0.isNaN }
        let mean = valid.reduce(0, +) / Double(valid.count)
        let variance = valid.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(valid.count - 1)
        #expect(correlation.days == valid.count)
        #expect(abs(correlation.mean - mean) < 1e-9)
        #expect(abs(correlation.ratio - mean / variance.squareRoot()) < 1e-9)
      }
    }
  }

  private func pearson(_ x: [Double], _ y: [Double]) -> Double {
    let n = Double(x.count)
    guard n > 1 else { return .nan }
    let (meanX, meanY) = (x.reduce(0, +) / n, y.reduce(0, +) / n)
    let xy = zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
    let xx = x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
    let yy = y.reduce(0) { $0 + ($1 - meanY) * ($1 - meanY) }
    return xy / (xx * yy).squareRoot()
  }

  private func plainRanks(_ values: [Double]) -> [Double] {
    values.map { value in
      Double(values.count { $0 < value }) + Double(values.count { $0 == value } + 1) / 2
    }
  }
}
