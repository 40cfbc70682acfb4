/// A table that is built row by row: values are appended in the order of the fields, and the last one
/// completes the row.
///
/// A value must have the type and size of its field; another is a programming error and traps.
public struct NpyTable {
  private let fields: [NpyField]
  private let rowSize: Int
  private var next = 0
  private var bytes: [UInt8] = []

  /// An empty table of these fields, with memory for so many rows.
  public init(_ fields: [NpyField], rows: Int = 0) {
    precondition(!fields.isEmpty)
    self.fields = fields
    rowSize = NpyType.table(fields).size
    bytes.reserveCapacity(rows * rowSize)
  }

  /// The rows that are complete.
  public var count: Int { bytes.count / rowSize }

  /// The table as an array; its last row must be complete.
  public var array: NpyArray {
    precondition(next == 0, "a row of the table lacks its field '\(fields[next].name)'")
    return NpyArray(type: .table(fields), shape: [count], bytes: bytes)
  }

  /// The field that the next value goes into; the one after it is next.
  private mutating func take(_ isOfType: (NpyScalar) -> Bool, size: Int?) -> NpyField {
    let field = fields[next]
    precondition(
      isOfType(field.scalar) && size ?? field.size == field.size,
      "a value does not fit the field '\(field.name)' of the table")
    next = next + 1 == fields.count ? 0 : next + 1
    return field
  }

  /// Text of an `S` field, padded with NUL; throws where it is longer than the field.
  public mutating func append(_ text: String) throws {
    let count = text.utf8.count
    guard count <= fields[next].size else {
      throw NpyError(
        "text for the field '\(fields[next].name)' is \(count) bytes, of \(fields[next].size)")
    }
    let field = take({ if case .bytes = $0 { true } else { false } }, size: nil)
    bytes.append(contentsOf: text.utf8)
    bytes.append(contentsOf: repeatElement(0, count: field.size - count))
  }

  /// The value of an `i4` field.
  public mutating func append(_ value: Int32) {
    _ = take({ $0 == .int32 }, size: 4)
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// The values of an `i4` field of several.
  public mutating func append(_ values: [Int32]) {
    _ = take({ $0 == .int32 }, size: 4 * values.count)
    for value in values {
      withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }
  }

  /// The values of an `f4` field.
  public mutating func append(_ values: [Float]) {
    _ = take({ $0 == .float32 }, size: 4 * values.count)
    values.withUnsafeBytes { bytes.append(contentsOf: $0) }
  }

  /// The values of a `u1` field.
  public mutating func append(_ values: [UInt8]) {
    _ = take({ $0 == .uint8 }, size: values.count)
    bytes.append(contentsOf: values)
  }

  /// The value of a field of days since 1970-01-01.
  public mutating func append(day: Int64) {
    _ = take({ $0 == .day }, size: 8)
    withUnsafeBytes(of: day.littleEndian) { bytes.append(contentsOf: $0) }
  }
}
