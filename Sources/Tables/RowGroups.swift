import Days
import Streams

/// Rows as the arrays that they belong to: one a trading day, or one a drawing.
///
/// A new array begins where `date` changes, else `id`, else only where a table ends. Days must not go back,
/// as tools that read a stream of days see the past only.
public final class RowGroups: TableSink {
  private let each: String?
  private let body: (NpyArray) throws -> Void
  private var fields: [NpyField] = []
  private var size = 0
  /// Where the value stands in a row whose change begins an array.
  private var key: NpyField?
  private var rows: [UInt8] = []
  private var last: [UInt8] = []
  /// The bytes of all rows of the table.
  private var count = 0
  /// A table without such a column is cut where it would take more memory than this.
  private static let most = 8 << 20

  /// Groups by the column of that name; nil takes what is usual, `none` no column.
  public init(each: String?, _ body: @escaping (NpyArray) throws -> Void) {
    self.each = each
    self.body = body
  }

  /// A table of these columns begins, and with it an array.
  public func begin(_ fields: [NpyField]) throws {
    let header = NpyType.table(fields).description.utf8.count
    guard header <= 60 << 10 else {
      throw NpyError("columns must fit a header of 60 KiB: \(fields.count) take \(header) bytes")
    }
    self.fields = fields
    size = NpyType.table(fields).size
    guard case .structured(let placed) = NpyType.table(fields) else { return }
    let name = each ?? ["date", "id"].first { name in placed.contains { $0.name == name } }
    key = name == nil || name == "none" ? nil : placed.first { $0.name == name }
    if let each, each != "none", key == nil { throw NpyError("table has no field '\(each)'") }
    last = []
    count = 0
  }

  /// Takes rows; those whose key is another's begin an array.
  public func take(_ rows: UnsafeRawBufferPointer) throws {
    count += rows.count
    guard let key else {
      self.rows += rows
      if self.rows.count >= Self.most { try flush() }
      return
    }
    var start = 0
    for row in stride(from: 0, to: rows.count, by: size) {
      let value = UnsafeRawBufferPointer(rebasing: rows[(row + key.offset)...].prefix(key.size))
      if last.isEmpty {
        last = Array(value)
      } else if !value.elementsEqual(last) {
        try requireOrder(value)
        self.rows += rows[start..<row]
        try flush()
        start = row
        last = Array(value)
      }
    }
    self.rows += rows[start...]
  }

  private func requireOrder(_ value: UnsafeRawBufferPointer) throws {
    guard let key, key.scalar == .day, key.shape.isEmpty else { return }
    let days = last.withUnsafeBytes { last in
      [last, value].map { Day(stored: $0.loadUnaligned(as: Int64.self)) }
    }
    guard let before = days[0], let now = days[1], now < before else { return }
    throw NpyError(
      "\(key.name) must not go back, as streams are by day: \(now) behind \(before) (sort by "
        + "\(key.name) first)")
  }

  /// The table has ended, and with it its last array.
  public func end() throws {
    // A table without rows is an array too.
    if !rows.isEmpty || count == 0 { try flush() }
    last = []
  }

  private func flush() throws {
    let all = rows
    rows = []
    try body(NpyArray(type: .table(fields), shape: [all.count / size], bytes: all))
  }
}
