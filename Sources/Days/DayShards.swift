import Streams

/// Splits a stream of days by instrument: each shard gets its rows of a day as a table of their own.
///
/// A table without rows is no day, and is left out. Memory is that of a day and does not grow with the
/// history.
public final class DayShards {
  private let rule: ShardRule
  /// Whether a shard may lack days between its own.
  private let allowsGaps: Bool
  /// What writes each shard; nil of those that nobody wants.
  private let outputs: [ByteWriter?]
  private var order = DayOrder()
  /// The instruments of the last day, in the order of its rows, and the shard of each.
  private var codes: [InstrumentCode] = []
  private var shards: [Int32] = []
  private var known: [InstrumentCode: Int32] = [:]
  private var type: NpyType?
  /// How many days there were, and how many up to the last one of each shard.
  private var days = 0
  private var lastDays: [Int]

  /// Shards of which those are written that have an output.
  public init(_ rule: ShardRule, to outputs: [ByteWriter?], allowingGaps: Bool = false) {
    precondition(outputs.count == rule.count)
    (self.rule, self.outputs, allowsGaps) = (rule, outputs, allowingGaps)
    lastDays = Array(repeating: 0, count: rule.count)
  }

  /// Writes the rows of a day to their shards, a record of each.
  ///
  /// Throws, and writes nothing, where it is none, has another type than the first, is not after the last
  /// one, or has an instrument twice.
  public func add(_ array: NpyArray) throws {
    guard let day = try DayTable(array) else { return }
    if let type, type != array.type {
      throw DayError.rule("fields differ from those of the first table")
    }
    try order.check(day.day)
    try assign(day)
    var counts = [Int](repeating: 0, count: rule.count)
    for shard in shards { counts[Int(shard)] += 1 }
    try checkGaps(counts, day.day)
    type = array.type
    try order.advance(to: day.day)
    days += 1
    for (shard, count) in counts.enumerated() where count > 0 {
      lastDays[shard] = days
      outputs[shard]?.writeHeader(array.type, [count])
    }
    writeRows(array)
    for (shard, count) in counts.enumerated() where count > 0 { try outputs[shard]?.commit() }
  }

  /// Finds the shard of each row; throws where an instrument has two.
  ///
  /// Most rows are those of the day before, in order: so the two days are walked along together, and only
  /// what is not found there is looked up.
  private func assign(_ day: DayTable) throws {
    let (array, size, field) = (day.array, day.array.type.size, day.key.instrument)
    var (codes, shards): ([InstrumentCode], [Int32]) = ([], [])
    codes.reserveCapacity(array.count)
    shards.reserveCapacity(array.count)
    var (next, isAscending) = (0, true)
    try array.bytes.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return }
      for row in 0..<array.count {
        let code = try InstrumentCode(field: start + row * size + field.offset, field.size)
        while next < self.codes.count, self.codes[next] < code { next += 1 }
        if next < self.codes.count, self.codes[next] == code {
          shards.append(self.shards[next])
        } else {
          shards.append(shard(of: code))
        }
        if let last = codes.last, code <= last { isAscending = false }
        codes.append(code)
      }
    }
    if !isAscending { _ = try day.distinctCodes() }
    (self.codes, self.shards) = (codes, shards)
  }

  private func shard(of code: InstrumentCode) -> Int32 {
    if let shard = known[code] { return shard }
    let shard = Int32(truncatingIfNeeded: rule.shard(of: code))
    known[code] = shard
    return shard
  }

  /// Throws where a shard has rows again after a day that others had: windows over its days would not
  /// see that day.
  private func checkGaps(_ counts: [Int], _ day: Day) throws {
    guard !allowsGaps else { return }
    for (shard, count) in counts.enumerated()
    where count > 0 && lastDays[shard] > 0 && lastDays[shard] < days {
      throw DayError.rule(
        "shard \(shard + 1) of \(rule.count) lacks \(days - lastDays[shard]) of the days before "
          + "\(day), which windows over its rows would not count: take fewer shards, or --gaps")
    }
  }

  /// Writes each row to its shard, and rows that follow each other in one piece.
  private func writeRows(_ array: NpyArray) {
    let size = array.type.size
    array.bytes.withUnsafeBytes { bytes in
      var start = 0
      while start < shards.count {
        var end = start + 1
        while end < shards.count, shards[end] == shards[start] { end += 1 }
        outputs[Int(shards[start])]?.write(
          UnsafeRawBufferPointer(rebasing: bytes[start * size..<end * size]))
        start = end
      }
    }
  }
}
