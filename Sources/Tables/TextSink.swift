import Days
import Streams

/// How the values of a row are written, and what stands between them: NDJSON or CSV.
protocol TextForm {
  init(_ output: ByteWriter, _ notes: TableNotes)
  /// What stands before each value of a row, and behind the last.
  static func literals(_ fields: [NpyField]) -> (before: [[UInt8]], end: [UInt8])
  /// What stands before the first row.
  static func head(_ fields: [NpyField], _ form: Self)
  /// A number that is not finite, of a field.
  func put(special value: Double, _ field: NpyField)
  /// A whole number that not all programs hold.
  func look(at whole: Int, _ field: NpyField)
  /// No value.
  func putNone(only: Bool)
  /// A text of bytes that need no look.
  func put(plain text: [UInt8])
  /// Any text.
  func put(_ text: String, _ field: NpyField, only: Bool) throws
}

/// Writes rows as lines of text.
final class TextSink<Form: TextForm>: TableSink {
  /// One value of a row: where it stands, what it is, and the literal before it.
  private struct Cell {
    let place: Int
    let scalar: NpyScalar
    let field: Int
    let literal: Range<Int>
  }

  private let output: ByteWriter
  private let notes = TableNotes()
  private let form: Form
  /// Whether tables of other columns may follow, each row saying what its columns are.
  private let isFree: Bool
  private var fields: [NpyField] = []
  private var size = 0
  private var cells: [Cell] = []
  private var literals: [UInt8] = []
  private var end: [UInt8] = []
  /// The day that was written last, which those after it mostly are.
  private var day: (number: Int64, text: [UInt8])?
  /// More values than this in a row are no table to read.
  private static var mostValues: Double { 0x1p20 }

  init(_ output: ByteWriter, isFree: Bool) {
    self.output = output
    self.isFree = isFree
    form = Form(output, notes)
  }

  func begin(_ fields: [NpyField]) throws {
    let type = NpyType.table(fields)
    guard case .structured(let placed) = type, placed != self.fields else { return }
    guard isFree || self.fields.isEmpty else {
      throw NpyError(
        "columns must be those of the table before, under one header: \(ColumnTypes(fields).text)")
    }
    let count = placed.reduce(0.0) { $0 + $1.shape.reduce(1.0) { $0 * Double($1) } }
    guard count <= Self.mostValues else {
      throw NpyError("table must have at most 1048576 values a row to be text: \(count)")
    }
    (self.fields, size) = (placed, type.size)
    let (before, end) = Form.literals(placed)
    self.end = end
    (cells, literals) = ([], [])
    for (number, field) in placed.enumerated() {
      for index in 0..<field.shape.reduce(1, *) {
        let start = literals.count
        literals += before[cells.count]
        cells.append(
          Cell(
            place: field.offset + index * field.scalar.size, scalar: field.scalar, field: number,
            literal: start..<literals.count))
      }
    }
    Form.head(placed, form)
  }

  func take(_ rows: UnsafeRawBufferPointer) throws {
    let only = cells.count == 1
    try literals.withUnsafeBytes { literals in
      for row in stride(from: 0, to: rows.count, by: size) {
        for cell in cells {
          if cell.literal.count == 1 {
            output.write(literals[cell.literal.lowerBound])
          } else {
            output.write(UnsafeRawBufferPointer(rebasing: literals[cell.literal]))
          }
          try put(rows, row + cell.place, cell, only)
        }
        output.write(end)
      }
    }
  }

  @inline(__always)
  private func put(
    _ rows: UnsafeRawBufferPointer, _ place: Int, _ cell: Cell, _ only: Bool
  ) throws {
    // A writer at its start puts no comma.
    var number = JSONWriter(output)
    switch cell.scalar {
    case .float32:
      let value = rows.loadUnaligned(fromByteOffset: place, as: Float.self)
      if value.isFinite { return number.value(value) }
      value.isNaN ? form.putNone(only: only) : form.put(special: Double(value), fields[cell.field])
    case .float64:
      let value = rows.loadUnaligned(fromByteOffset: place, as: Double.self)
      if value.isFinite { return number.value(value) }
      value.isNaN ? form.putNone(only: only) : form.put(special: value, fields[cell.field])
    case .int64:
      let value = Int(rows.loadUnaligned(fromByteOffset: place, as: Int64.self))
      if value.magnitude > 1 << 53 { form.look(at: value, fields[cell.field]) }
      number.value(value)
    case .int32: number.value(Int(rows.loadUnaligned(fromByteOffset: place, as: Int32.self)))
    case .uint8: number.value(Int(rows[place]))
    case .day: try putDay(rows, place, cell, only)
    case .bytes(let width):
      let field = fields[cell.field]
      try form.put(StoredText.text(rows, place, width, field), field, only: only)
    }
  }

  private func putDay(
    _ rows: UnsafeRawBufferPointer, _ place: Int, _ cell: Cell, _ only: Bool
  ) throws {
    let stored = rows.loadUnaligned(fromByteOffset: place, as: Int64.self)
    if let day, day.number == stored { return form.put(plain: day.text) }
    guard let value = try StoredDay.day(rows, place, fields[cell.field]) else {
      return form.putNone(only: only)
    }
    let text = Array(value.description.utf8)
    day = (stored, text)
    form.put(plain: text)
  }

  func finish() throws { for line in notes.lines { diagnose(line) } }
}

/// An object a row: NaN and days that are none are null, fields of several values lists in lists.
struct JSONForm: TextForm {
  private let output: ByteWriter
  private let notes: TableNotes

  init(_ output: ByteWriter, _ notes: TableNotes) { (self.output, self.notes) = (output, notes) }

  static func literals(_ fields: [NpyField]) -> (before: [[UInt8]], end: [UInt8]) {
    var before: [[UInt8]] = []
    // The brackets that the value before closes.
    var closing: [UInt8] = []
    for (number, field) in fields.enumerated() {
      let key = JSONWriter.bytes { $0.value(field.name) } + [UInt8(ascii: ":")]
      let count = field.shape.reduce(1, *)
      for index in 0..<count {
        var text = closing
        closing = []
        if index == 0 {
          text += [number == 0 ? UInt8(ascii: "{") : UInt8(ascii: ",")] + key
        } else {
          text.append(UInt8(ascii: ","))
        }
        // A list begins at each multiple of the values in it, and ends before the next.
        var inside = count
        var (opened, closed) = (0, 0)
        for size in field.shape {
          if index % inside == 0 { opened += 1 }
          if (index + 1) % inside == 0 { closed += 1 }
          inside /= size
        }
        before.append(text + Array(repeating: UInt8(ascii: "["), count: opened))
        closing = Array(repeating: UInt8(ascii: "]"), count: closed)
      }
    }
    return (before, closing + Array("}\n".utf8))
  }

  static func head(_ fields: [NpyField], _ form: JSONForm) {}

  func put(special value: Double, _ field: NpyField) {
    notes.add("has infinities, which are null in NDJSON", in: field.name, "\(value)")
    putNone(only: false)
  }

  func look(at whole: Int, _ field: NpyField) {
    notes.add("is over 2^53, which jq and JavaScript round", in: field.name, "\(whole)")
  }

  func putNone(only: Bool) { output.write("null") }

  func put(plain text: [UInt8]) {
    output.write(UInt8(ascii: "\""))
    output.write(text)
    output.write(UInt8(ascii: "\""))
  }

  func put(_ text: String, _ field: NpyField, only: Bool) throws {
    var json = JSONWriter(output)
    json.value(text)
  }
}

/// A line a row under one header: NaN and days that are none are empty, texts in quotes where they must be.
struct CSVForm: TextForm {
  private let output: ByteWriter

  init(_ output: ByteWriter, _ notes: TableNotes) { self.output = output }

  static func literals(_ fields: [NpyField]) -> (before: [[UInt8]], end: [UInt8]) {
    let count = fields.reduce(0) { $0 + $1.shape.reduce(1, *) }
    let comma = [UInt8(ascii: ",")]
    return ((0..<count).map { $0 == 0 ? [] : comma }, [UInt8(ascii: "\n")])
  }

  static func head(_ fields: [NpyField], _ form: CSVForm) {
    for (column, name) in fields.flatMap(CSVColumns.names).enumerated() {
      if column > 0 { form.output.write(UInt8(ascii: ",")) }
      form.put(name)
    }
    form.output.write(UInt8(ascii: "\n"))
  }

  func put(special value: Double, _ field: NpyField) { output.write(value < 0 ? "-inf" : "inf") }

  func look(at whole: Int, _ field: NpyField) {}

  /// A blank line would be no row.
  func putNone(only: Bool) { if only { output.write("\"\"") } }

  func put(plain text: [UInt8]) { output.write(text) }

  func put(_ text: String, _ field: NpyField, only: Bool) throws {
    guard !text.utf8.contains(where: { $0 == 0x0a || $0 == 0x0d }) else {
      throw TableValue.error(field, "a text without line breaks in CSV", "'\(text.prefix(40))'")
    }
    if text.isEmpty { putNone(only: only) } else { put(text) }
  }

  private func put(_ text: String) {
    let mustQuote = text.utf8.contains { $0 == 0x22 || $0 == 0x2c || $0 < 0x20 }
    guard mustQuote || text.utf8.first == 0x20 || text.utf8.last == 0x20 else {
      return output.write(text)
    }
    output.write("\"\(text.replacing("\"", with: "\"\""))\"")
  }
}
