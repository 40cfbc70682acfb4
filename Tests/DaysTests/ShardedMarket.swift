import Days
import Mechanics
import Streams
import TestFolders

/// A stream of days with rows at random, to be split and joined.
struct ShardedMarket {
  static let fields = [
    NpyField("instrument", .bytes(8)), NpyField("date", .day), NpyField("x", .float32),
  ]

  /// A row before it is part of a table.
  struct Row {
    var code: String
    var day: Int64
    var x: Float
  }

  /// The rows of the days, those of a day in any order.
  var days: [[Row]] = []

  /// Days of up to so many instruments: most are there on most days, or on all where there are no gaps.
  init(
    seed: Int, days count: Int, instruments: Int, hasGaps: Bool = false, isShuffled: Bool = false
  ) {
    var random = SplitMix64(seed: UInt64(seed))
    var day: Int64 = 16_000
    for number in 0..<count {
      day += 1 + Int64(random.next() % 3)
      var rows: [Row] = []
      for instrument in 0..<instruments where instrument % 7 <= number {
        if hasGaps, random.next() % 4 == 0 { continue }
        rows.append(
          Row(code: "I\(1000 + instrument)", day: day, x: Float(random.next() % 1_000_000)))
      }
      if isShuffled { rows.sort { fnv1a("\(seed)\($0.code)") < fnv1a("\(seed)\($1.code)") } }
      days.append(rows)
    }
  }

  /// A table of rows.
  static func table(_ rows: [Row]) throws -> NpyArray {
    var table = NpyTable(fields)
    for row in rows {
      try table.append(row.code)
      table.append(day: row.day)
      table.append([row.x])
    }
    return table.array
  }

  /// Writes a stream, a table a day.
  static func write(_ days: [[Row]], to path: String, sealed: Bool = false) throws {
    let output = try ByteWriter(path)
    if sealed { output.sealArrays() }
    for rows in days { output.write(try table(rows)) }
    try output.finish()
  }

  /// The plain twin of `DayMerge`: all rows of each day, sorted.
  static func joined(_ streams: [[[Row]]]) throws -> [NpyArray] {
    var rows: [Int64: [Row]] = [:]
    for row in streams.joined().joined() { rows[row.day, default: []].append(row) }
    return try rows.sorted { $0.key < $1.key }.map {
      try table($0.value.sorted { $0.code < $1.code })
    }
  }

  /// The plain twin of `DayShards`: of each day the rows whose hash leaves `shard`.
  func shard(_ shard: Int, of count: Int) -> [[Row]] {
    days.map { $0.filter { fnv1a($0.code) % UInt64(count) == shard } }.filter { !$0.isEmpty }
  }

  /// The bytes of a stream.
  static func bytes(_ arrays: [NpyArray]) throws -> [UInt8] {
    try withFolder { folder in
      let output = try ByteWriter("\(folder)/a")
      for array in arrays { output.write(array) }
      try output.finish()
      return contents("\(folder)/a") ?? []
    }
  }
}
