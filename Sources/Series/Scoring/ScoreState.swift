import Days
import Streams

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What the scoring of days remembers, as a file: an npy stream of two tables, with a seal.
///
/// The first has one row: `model S16`, a number of the model in hexadecimal, and `date <M8[D]`, the last
/// day taken in. The second has a row for each row that a window may still want, the oldest day first:
/// `instrument S16`, `days_ago <i4`, and `inputs <f4[n]` as the network reads them.
extension DayScores {
  private static let headFields = [NpyField("model", .bytes(16)), NpyField("date", .day)]
  private var rowFields: [NpyField] {
    [
      NpyField("instrument", .bytes(InstrumentCode.size)), NpyField("days_ago", .int32),
      NpyField("inputs", .float32, [memory.inputs]),
    ]
  }

  private var modelName: String {
    let digits = String(fingerprint, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }

  /// Writes what is remembered to a file, whole or not at all.
  public func save(to path: String) throws {
    guard let lastDay = order.last else { return }
    var head = NpyTable(Self.headFields)
    try head.append(modelName)
    head.append(day: Int64(lastDay.number))
    var kept: [(day: Int, key: InstrumentCode, slot: Int)] = []
    for (key, track) in memory.tracks {
      for (day, slot) in zip(track.days, track.slots) where day > memory.day - memory.steps {
        kept.append((day, key, slot))
      }
    }
    kept.sort { $0.day != $1.day ? $0.day < $1.day : $0.key < $1.key }
    var rows = NpyTable(rowFields, rows: kept.count)
    for (day, key, slot) in kept {
      try rows.append(key.description)
      rows.append(Int32(memory.day - day))
      rows.append(
        Array(UnsafeBufferPointer(start: memory.values(slot), count: memory.inputs)))
    }
    let output = try ByteWriter(path)
    output.sealArrays()
    output.write(head.array)
    output.write(rows.array)
    try output.finish()
  }

  /// Goes on from a file that `save` wrote, if it is there.
  ///
  /// Throws a `Failure` that names the file where it is no state, or one of another model.
  public func resume(from path: String) throws {
    guard access(path, F_OK) == 0 else { return }
    var count = 0
    let reader = ByteReader([path])
    try reader.arrays { array in
      count += 1
      switch count {
      case 1: try restoreHead(array)
      case 2: try restoreRows(array)
      default: throw DayError.rule("not a state of cnn1d-infer: it has more than two arrays")
      }
    }
    guard count == 2 else {
      throw Failure.badData(path, "not a state of cnn1d-infer: it has \(count) of two arrays")
    }
    if !reader.isSealed { noteUnchecked(path) }
  }

  private func restoreHead(_ array: NpyArray) throws {
    guard array.type == .table(Self.headFields), array.shape == [1] else {
      throw DayError.rule("not a state of cnn1d-infer: expected a row of model and date")
    }
    let found = try array.text(try array.field("model", .bytes(16)), row: 0)
    guard found == modelName else {
      throw DayError.rule("state is of another model: \(found), expected \(modelName)")
    }
    let date = try array.field("date", .day)
    let number = array.bytes(date, row: 0).withUnsafeBytes { $0.loadUnaligned(as: Int64.self) }
    guard let day = Day(stored: number) else {
      throw DayError.rule("date of a state must be of years 1 to 9999: \(number)")
    }
    order = DayOrder(after: day)
  }

  private func restoreRows(_ array: NpyArray) throws {
    guard array.type == .table(rowFields), array.shape.count == 1 else {
      throw DayError.rule("not a state of this model: expected instrument, days_ago, inputs")
    }
    let (instrument, daysAgo) = (
      try array.field("instrument", .bytes(InstrumentCode.size)),
      try array.field("days_ago", .int32)
    )
    let inputs = try array.field("inputs", .float32, [memory.inputs])
    var before = Int.max
    var keys: Set<InstrumentCode> = []
    for row in 0..<array.count {
      let key = try array.code(instrument, row: row)
      let ago = Int(array.int32(daysAgo, row: row))
      if ago != before { keys = [] }
      guard (0..<memory.steps).contains(ago), ago <= before, keys.insert(key).inserted else {
        throw DayError.rule("row \(row + 1) of a state: days_ago \(ago) is out of order")
      }
      before = ago
      let values = (0..<memory.inputs).map { array.float(inputs, row: row, $0) }
      guard values.allSatisfy(\.isFinite) else {
        throw DayError.rule("row \(row + 1) of a state: inputs must be finite")
      }
      values.withUnsafeBufferPointer {
        guard let start = $0.baseAddress else { return }
        memory.push(day: memory.steps - ago, [key], start)
      }
    }
  }
}
