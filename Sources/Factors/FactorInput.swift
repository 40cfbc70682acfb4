import Bars
import Days
import Streams

/// One trading day of bars as it comes: which field of the table is where.
struct FactorInput {
  let array: NpyArray
  let table: DayTable
  /// Open, high, low, close, volume and vwap.
  let values: [NpyField]
  let member: NpyField?
  /// The change of the close since the last valid one, and the factor of its adjustment, where the table
  /// has them.
  let change: NpyField?
  let factor: NpyField?
  /// What passes through.
  let others: [NpyField]
  static let names = ["open", "high", "low", "close", "volume", "vwap"]
  private static let known = Set(
    Bar.names + ["instrument", "date", "member"])

  /// Finds the fields; throws what is missing or of another type.
  ///
  /// All rows must be of one day. A table without rows is nil: it names no day.
  init?(_ array: NpyArray) throws {
    _ = try DayKey(array)
    self.array = array
    values = try Self.names.map { try array.number($0) }
    member = try array.field("member").map { try array.field($0.name, .uint8) }
    change = array.field("change").flatMap { $0.scalar == .float32 ? $0 : nil }
    factor = array.field("factor").flatMap { $0.scalar == .float32 ? $0 : nil }
    guard case .structured(let fields) = array.type else { return nil }
    others = fields.filter { !Self.known.contains($0.name) }
    guard let table = try DayTable(array) else { return nil }
    self.table = table
  }
}
