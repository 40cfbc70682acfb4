import Streams

/// Writes tables in the streaming format of Apache Arrow's IPC: a schema, then a batch for each array.
///
/// Source: "Arrow Columnar Format", serialization and interprocess communication. Texts are `utf8`, days
/// `date32`, whose days that are none are null; numbers are as wide as they are in npy, and NaN stays NaN.
/// Fields of several values are fixed-size lists.
final class ArrowSink: TableSink {
  private let output: ByteWriter
  private var groups: RowGroups?
  private var fields: [NpyField] = []
  private var size = 0

  init(_ output: ByteWriter, each: String?) {
    self.output = output
    groups = RowGroups(each: each) { [unowned self] in try writeBatch($0) }
  }

  func begin(_ fields: [NpyField]) throws {
    let type = NpyType.table(fields)
    guard case .structured(let placed) = type else { return }
    guard self.fields.isEmpty || self.fields == placed else {
      throw NpyError(
        "columns must be those of the table before, in one schema: \(ColumnTypes(fields).text)")
    }
    if self.fields.isEmpty {
      (self.fields, size) = (placed, type.size)
      writeSchema()
    }
    try groups?.begin(placed)
  }

  func take(_ rows: UnsafeRawBufferPointer) throws { try groups?.take(rows) }

  func end() throws { try groups?.end() }

  func finish() throws {
    guard !fields.isEmpty else {
      throw NpyError("there is no table to write: an Arrow stream begins with its columns")
    }
    output.write([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0])
  }

  // MARK: Messages

  /// What a message has in its header: numbers of `MessageHeader` and `Type` in Arrow's Message.fbs and
  /// Schema.fbs.
  private enum Kind: Int64 { case schema = 1, batch = 3 }

  /// A message: its length, the header filled up to 8 bytes, the body.
  private func write(
    _ kind: Kind, _ buffer: inout FlatBuffer, _ header: FlatBuffer.Place, body: [UInt8]
  ) {
    let version5: Int64 = 4
    let message = buffer.table([
      .number(version5, size: 2), .number(kind.rawValue, size: 1), .offset(header),
      .number(Int64(body.count), size: 8),
    ])
    var bytes = buffer.finish(message)
    while bytes.count % 8 != 0 { bytes.append(0) }
    output.write([0xff, 0xff, 0xff, 0xff])
    for byte in 0..<4 { output.write(UInt8(truncatingIfNeeded: bytes.count >> (8 * byte))) }
    output.write(bytes)
    output.write(body)
  }

  private func writeSchema() {
    var buffer = FlatBuffer()
    let columns = fields.map { column($0.name, $0.scalar, $0.shape[...], &buffer) }
    let list = buffer.vector(columns)
    let schema = buffer.table([nil, .offset(list)])
    write(.schema, &buffer, schema, body: [])
  }

  /// A field of the schema; a list has its elements for a child.
  private func column(
    _ name: String, _ scalar: NpyScalar, _ shape: ArraySlice<Int>, _ buffer: inout FlatBuffer
  ) -> FlatBuffer.Place {
    let children = shape.isEmpty ? [] : [column("item", scalar, shape.dropFirst(), &buffer)]
    let list = buffer.vector(children)
    let (kind, type) =
      shape.first.map { length in
        (16 as Int64, buffer.table([.number(Int64(length), size: 4)]))
      } ?? Self.type(scalar, &buffer)
    let text = buffer.text(name)
    return buffer.table([
      .offset(text), .number(1, size: 1), .number(kind, size: 1), .offset(type), nil, .offset(list),
    ])
  }

  private static func type(
    _ scalar: NpyScalar, _ buffer: inout FlatBuffer
  ) -> (kind: Int64, table: FlatBuffer.Place) {
    switch scalar {
    case .uint8: (2, buffer.table([.number(8, size: 4), nil]))
    case .int32: (2, buffer.table([.number(32, size: 4), .number(1, size: 1)]))
    case .int64: (2, buffer.table([.number(64, size: 4), .number(1, size: 1)]))
    case .float32: (3, buffer.table([.number(1, size: 2)]))
    case .float64: (3, buffer.table([.number(2, size: 2)]))
    case .bytes: (5, buffer.table([]))
    // Days are 0, which is not the default.
    case .day: (8, buffer.table([.number(0, size: 2)]))
    }
  }

  // MARK: Batches

  /// The columns of a batch as they follow each other in its body.
  private struct Body {
    var bytes: [UInt8] = []
    var nodes: [(Int, Int)] = []
    var buffers: [(Int, Int)] = []

    /// Adds a buffer, filled up to 8 bytes.
    mutating func add(_ count: Int, _ fill: (UnsafeMutableRawBufferPointer) throws -> Void) rethrows
    {
      let start = bytes.count
      buffers.append((start, count))
      bytes.append(contentsOf: repeatElement(0, count: (count + 7) & ~7))
      try bytes.withUnsafeMutableBytes {
        try fill(UnsafeMutableRawBufferPointer(rebasing: $0[start..<start + count]))
      }
    }
  }

  private func writeBatch(_ array: NpyArray) throws {
    guard array.count > 0 else { return }
    var body = Body()
    try array.bytes.withUnsafeBytes { rows in
      for field in fields { try add(field, array.count, rows, &body) }
    }
    var buffer = FlatBuffer()
    let buffers = buffer.vector(body.buffers)
    let nodes = buffer.vector(body.nodes)
    let batch = buffer.table([
      .number(Int64(array.count), size: 8), .offset(nodes), .offset(buffers),
    ])
    write(.batch, &buffer, batch, body: body.bytes)
  }

  private func add(
    _ field: NpyField, _ count: Int, _ rows: UnsafeRawBufferPointer, _ body: inout Body
  ) throws {
    // Lists in lists: each has as many elements as the one around it holds.
    var length = count
    for size in field.shape {
      body.nodes.append((length, 0))
      body.add(0) { _ in }
      length *= size
    }
    let inRow = field.shape.reduce(1, *)
    /// Where the elements stand, in their order.
    func eachPlace(_ body: (Int, Int) throws -> Void) rethrows {
      var number = 0
      for row in 0..<count {
        var place = row * size + field.offset
        for _ in 0..<inRow {
          try body(number, place)
          (number, place) = (number + 1, place + field.scalar.size)
        }
      }
    }
    switch field.scalar {
    case .day: try addDays(field, length, rows, &body, eachPlace)
    case .bytes(let width): try addTexts(field, length, width, rows, &body, eachPlace)
    default:
      body.nodes.append((length, 0))
      body.add(0) { _ in }
      let width = field.scalar.size
      body.add(length * width) { target in
        eachPlace { number, place in
          UnsafeMutableRawBufferPointer(rebasing: target[(number * width)...].prefix(width))
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: rows[place..<place + width]))
        }
      }
    }
  }

  private typealias Places = ((Int, Int) throws -> Void) throws -> Void

  private func addDays(
    _ field: NpyField, _ length: Int, _ rows: UnsafeRawBufferPointer, _ body: inout Body,
    _ eachPlace: Places
  ) throws {
    var isThere = [UInt8](repeating: 0, count: (length + 7) / 8)
    var numbers = [Int32](repeating: 0, count: length)
    var missing = 0
    try eachPlace { number, place in
      guard let day = try StoredDay.day(rows, place, field) else { return missing += 1 }
      isThere[number >> 3] |= 1 << UInt8(number & 7)
      numbers[number] = day.number
    }
    body.nodes.append((length, missing))
    body.add(missing == 0 ? 0 : isThere.count) { if missing > 0 { $0.copyBytes(from: isThere) } }
    numbers.withUnsafeBytes { numbers in body.add(4 * length) { $0.copyMemory(from: numbers) } }
  }

  private func addTexts(
    _ field: NpyField, _ length: Int, _ width: Int, _ rows: UnsafeRawBufferPointer,
    _ body: inout Body, _ eachPlace: Places
  ) throws {
    var ends: [Int32] = [0]
    ends.reserveCapacity(length + 1)
    var texts: [UInt8] = []
    try eachPlace { _, place in
      let count = StoredText.count(rows, place, width)
      let text = UnsafeRawBufferPointer(rebasing: rows[place..<place + count])
      guard text.allSatisfy({ $0 < 0x80 }) || String(validating: text, as: UTF8.self) != nil else {
        throw TableValue.error(field, "UTF-8", RowEncoder.quoted(text))
      }
      texts += text
      guard let end = Int32(exactly: texts.count) else {
        throw NpyError("texts of column '\(field.name)' in one batch must be below 2 GiB")
      }
      ends.append(end)
    }
    body.nodes.append((length, 0))
    body.add(0) { _ in }
    ends.withUnsafeBytes { ends in body.add(ends.count) { $0.copyMemory(from: ends) } }
    body.add(texts.count) { $0.copyBytes(from: texts) }
  }
}
