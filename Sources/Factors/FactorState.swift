import Days
import FactorCatalogue
import Streams

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What an engine remembers, as a file: an npy stream with a seal.
///
/// The first array is a table of the instruments: `instrument S16, date <M8[D]` (the last day taken
/// in), `rows <i4` (since the listing, 64 at most) and `bars <f4[61,6]`, the last 61 days of open,
/// high, low, close, volume and vwap, the oldest first, NaN before the listing. The days that wait for
/// their label follow as they will be written; where these have rows of others than members, the table
/// says so by a field `all_rows u1`.
extension FactorEngine {
  private static let historyDays = 61
  private static let stateFields = [
    NpyField("instrument", .bytes(InstrumentCode.size)), NpyField("date", .day),
    NpyField("rows", .int32), NpyField("bars", .float32, [historyDays, BarField.count]),
  ]
  private static let allRowsField = NpyField("all_rows", .uint8)

  /// Whether rows of others than members may wait for their label.
  private var keepsAllRows: Bool { plan.allRows && plan.hasLabel }

  /// Writes what is remembered to a file, whole or not at all.
  public func save(to path: String) throws {
    if let rewritten { throw rewritten }
    guard let lastDay = order.last else { return }
    var table = NpyTable(
      Self.stateFields + (keepsAllRows ? [Self.allRowsField] : []), rows: keys.count)
    for (key, slot) in zip(keys, slots) {
      try table.append(key.description)
      table.append(day: Int64(lastDay.number))
      table.append(Int32(blocks.age(slot)))
      table.append(
        (0..<Self.historyDays).reversed().flatMap { daysAgo in
          BarField.allCases.map { blocks.value(slot, $0, daysAgo: daysAgo) }
        })
      if keepsAllRows { table.append([UInt8(1)]) }
    }
    let output = try ByteWriter(path)
    output.sealArrays()
    output.write(table.array)
    for day in waiting { output.write(day) }
    try output.finish()
  }

  /// Goes on from a file that `save` wrote; false where there is none.
  ///
  /// Throws a `Failure` that names the file where it is no state, or one of other factors.
  public func resume(from path: String) throws -> Bool {
    guard access(path, F_OK) == 0 else { return false }
    let reader = ByteReader([path])
    var isFirst = true
    try reader.arrays { array in
      if isFirst { try restoreInstruments(array) } else { try restoreWaiting(array) }
      isFirst = false
    }
    guard !isFirst else { throw Failure.badData(path, "not a state of alpha158: it is empty") }
    guard waiting.isEmpty != plan.hasLabel else {
      throw Failure.badData(path, "state is of factors without label: add --no-label")
    }
    if !reader.isSealed { noteUnchecked(path) }
    return true
  }

  private func restoreInstruments(_ array: NpyArray) throws {
    let hasAllRows = array.type == .table(Self.stateFields + [Self.allRowsField])
    guard hasAllRows || array.type == .table(Self.stateFields), array.shape.count == 1 else {
      throw DayError.rule("not a state of alpha158: expected instrument, date, rows, bars")
    }
    guard let table = try DayTable(array) else {
      throw DayError.rule("not a state of alpha158: it has no instruments")
    }
    // Without a label nothing waits, and the bars are of all instruments in any case.
    guard hasAllRows == keepsAllRows || !plan.hasLabel else {
      throw DayError.rule("state is of rows \(hasAllRows ? "with" : "without") --all-rows")
    }
    let (rowsField, barsField) = (
      try array.field("rows", .int32),
      try array.field("bars", .float32, [Self.historyDays, BarField.count])
    )
    var restored: [(slot: Int, rows: Int)] = []
    for row in 0..<array.count {
      let instrument = try table.key.code(array, row: row)
      guard keys.last.map({ $0 < instrument }) ?? true else {
        throw DayError.rule("instruments of a state must ascend: row \(row + 1)")
      }
      let rows = Int(array.int32(rowsField, row: row))
      guard (1...64).contains(rows) else {
        throw DayError.rule("rows of a state must be from 1 to 64: \(rows)")
      }
      restored.append((try restore(instrument), rows))
    }
    for daysAgo in (0..<Self.historyDays).reversed() {
      blocks.beginDay()
      for (row, (slot, rows)) in restored.enumerated() {
        blocks.setListed(slot, daysAgo < rows)
        let lanes = blocks.today(slot)
        for field in 0..<BarField.count {
          let place = (Self.historyDays - 1 - daysAgo) * BarField.count + field
          lanes[field * FactorBlock.width] = array.float(barsField, row: row, place)
        }
      }
      pushRestored()
    }
    for (slot, rows) in restored { blocks.setAge(slot, rows) }
    remembered = restored.indices.map { lastClose($0) }
    order = DayOrder(after: table.day)
  }

  /// The last close that a slot had and that is still kept; NaN where there is none.
  private func lastClose(_ slot: Int) -> Float {
    for daysAgo in 0..<Self.historyDays {
      let close = blocks.value(slot, .close, daysAgo: daysAgo)
      if close.isFinite { return close }
    }
    return .nan
  }

  private func restoreWaiting(_ array: NpyArray) throws {
    let key = try DayKey(array)
    let type = array.type
    guard case .structured(let fields) = type, plan.hasLabel, waiting.count < 2,
      fields.suffix(plan.names.count + 1).map(\.name) == plan.names + [FactorPlan.labelName]
    else { throw DayError.rule("state is of other factors: days that wait do not fit") }
    var slots: [Int32] = []
    for row in 0..<array.count {
      guard let found = slot(try key.code(array, row: row)) else {
        throw DayError.rule("state has no instrument of row \(row + 1) of a day that waits")
      }
      slots.append(Int32(found))
    }
    let day = FactorDay()
    day.restore(array, factors: plan.names.count, slots: slots)
    waiting.append(day)
  }
}
