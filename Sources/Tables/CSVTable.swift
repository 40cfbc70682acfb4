import Days
import Streams

/// Rows of CSV, under a header, as rows of a table.
///
/// Without types the first row says what the columns are. A field of several values has a column for each:
/// `box[0]`, `box[1]`; `image[0,0]`.
struct CSVTable {
  private let input: ByteReader
  private let types: ColumnTypes?
  private let notes: TableNotes
  private var names: [String] = []
  /// Where the value of each column goes; nil for what is left out.
  private var slots: [RowSlot?] = []
  private var encoder: RowEncoder?
  private let memory = FieldMemory()

  /// Reads the current source.
  static func read(
    _ input: ByteReader, _ types: ColumnTypes?, _ notes: TableNotes, into sink: any TableSink,
    then: () throws -> Void
  ) throws {
    var table = CSVTable(input, types, notes)
    try input.linesOfSource { line in
      if table.names.isEmpty { return try table.readHeader(line, sink) }
      if table.encoder == nil { try table.guess(line, sink) }
      try input.badRecords.attempt(table.place) { try table.readRow(line, sink) }
      try then()
    }
    guard !table.names.isEmpty else { return }
    guard table.encoder != nil else {
      throw Failure.badData(
        input.name, "a header without rows does not say what its columns are (see --types)")
    }
    try sink.end()
    try then()
  }

  private init(_ input: ByteReader, _ types: ColumnTypes?, _ notes: TableNotes) {
    (self.input, self.types, self.notes) = (input, types, notes)
  }

  private var place: String { "\(input.name):\(input.lineNumber)" }

  private func failure(_ rule: String) -> Failure { .badData(place, rule) }

  // MARK: The header

  private mutating func readHeader(_ line: UnsafeRawBufferPointer, _ sink: any TableSink) throws {
    guard let text = String(validating: line, as: UTF8.self) else {
      throw failure("text is not UTF-8")
    }
    guard !line.contains(0x0d) else { throw failure(ByteReader.bareReturns) }
    if !text.contains(","), let mark = text.first(where: { "\t;|".contains($0) }) {
      let name = mark == "\t" ? "tabs" : "'\(mark)'"
      throw failure("columns must be separated by commas, these are by \(name)")
    }
    let found: [String]
    do { found = try fields(line) } catch { throw failure("\(error)") }
    for (column, name) in found.enumerated() {
      try check(name, column, found)
    }
    names = found
    if let types { try setSlots(types.fields, sink) }
  }

  private func fields(_ line: UnsafeRawBufferPointer) throws -> [String] {
    var cursor = CSVLine(line, memory)
    var fields: [String] = []
    while !cursor.isAtEnd { fields.append(String(decoding: try cursor.next(), as: UTF8.self)) }
    return fields
  }

  private func check(_ name: String, _ column: Int, _ names: [String]) throws {
    guard !name.isEmpty else {
      throw failure(
        "column \(column + 1) has no name, as an index of pandas has none: to_csv(index=False)")
    }
    guard DecimalText.read(name) == nil, Day(spelled: name) == nil,
      !SpelledNumber.isMissing(name)
    else { throw failure("first line must be a header with the columns' names: '\(name)'") }
    guard !name.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f }) else {
      throw failure("column \(column + 1) has a control character in its name")
    }
    guard !names[..<column].contains(name) else {
      throw failure("column comes twice in the header: '\(name)'")
    }
  }

  /// Finds the fields' columns; throws where one is missing.
  private mutating func setSlots(_ fields: [NpyField], _ sink: any TableSink) throws {
    slots = Array(repeating: nil, count: names.count)
    let optional = types?.optional ?? []
    let fields = fields.filter { !optional.contains($0.name) || names.contains($0.name) }
    let encoder = RowEncoder(fields, notes)
    let columns = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    for (place, field) in fields.enumerated() {
      for (index, name) in CSVColumns.names(field).enumerated() {
        guard let column = columns[name] else {
          throw failure(
            "header has no column '\(name)': \(names.prefix(8).joined(separator: ","))"
              + (names.count > 8 ? ",..." : ""))
        }
        slots[column] = encoder.slots[place].at(index)
      }
    }
    for (name, slot) in zip(names, slots) where slot == nil {
      notes.add("left out, as it is no column of the types", name)
    }
    do {
      try ColumnTypes.require(fields)
      try sink.begin(fields)
    } catch let error as NpyError {
      throw failure(error.description)
    }
    self.encoder = encoder
  }

  // MARK: Rows

  /// Says what the columns are by the first row.
  private mutating func guess(_ line: UnsafeRawBufferPointer, _ sink: any TableSink) throws {
    let texts: [String]
    do { texts = try fields(line) } catch { throw failure("\(error)") }
    guard texts.count == names.count else {
      throw failure("row has \(texts.count) fields, the header \(names.count)")
    }
    var scalars: [NpyScalar] = []
    for (name, text) in zip(names, texts) {
      let isCode =
        text.utf8.count > 1 && text.utf8.first == UInt8(ascii: "0")
        && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
      let isNumber =
        !isCode
        && (DecimalText.read(text) != nil || SpelledNumber.isMissing(text)
          || FloatWord.value(text) != nil)
      scalars.append(ColumnGuess.scalar(name, text, isNumber: isNumber))
    }
    try setSlots(CSVColumns.fields(names, scalars), sink)
  }

  private func readRow(_ line: UnsafeRawBufferPointer, _ sink: any TableSink) throws {
    guard let encoder else { return }
    var cursor = CSVLine(line, memory)
    var column = 0
    while !cursor.isAtEnd {
      let text = try cursor.next()
      if column < slots.count, let slot = slots[column] { try Self.put(text, slot, encoder) }
      column += 1
    }
    guard column == names.count else {
      throw NpyError("row has \(column) fields, the header \(names.count)")
    }
    try sink.take(encoder.bytes)
  }

  @inline(__always)
  private static func put(
    _ text: UnsafeRawBufferPointer, _ slot: RowSlot, _ encoder: RowEncoder
  ) throws {
    switch slot.scalar {
    case .bytes:
      guard text.allSatisfy({ $0 < 0x80 }) || String(validating: text, as: UTF8.self) != nil else {
        throw encoder.error(slot, "UTF-8", RowEncoder.quoted(text))
      }
      try encoder.put(text: text, slot)
    case .day:
      if text.count == 10 { return try encoder.put(day: text, slot) }
      try putDay(text, slot, encoder)
    default:
      if let number = DecimalText(text) {
        try encoder.put(
          number.value, slot, length: text.count, text: text, whole: number.whole(text))
      } else {
        try putOther(text, slot, encoder)
      }
    }
  }

  /// A day in another form than usual, or none.
  @inline(never)
  private static func putDay(
    _ text: UnsafeRawBufferPointer, _ slot: RowSlot, _ encoder: RowEncoder
  ) throws {
    let word = RowEncoder.shown(text)
    if SpelledNumber.isMissing(word) || word == "NaT" {
      try encoder.putMissing(slot, shown: word)
    } else {
      try encoder.put(day: text, slot)
    }
  }

  /// What is no plain decimal: none at all, a word, blanks around it; or an error.
  @inline(never)
  private static func putOther(
    _ bytes: UnsafeRawBufferPointer, _ slot: RowSlot, _ encoder: RowEncoder
  ) throws {
    let text = String(decoding: bytes, as: UTF8.self)
    if SpelledNumber.isMissing(text) {
      return try encoder.putMissing(slot, shown: RowEncoder.quoted(bytes))
    }
    let isFloat = slot.scalar == .float32 || slot.scalar == .float64
    if isFloat, let value = FloatWord.value(text) { return encoder.put(special: value, slot) }
    let word = text.drop { $0 == " " }.prefix { $0 != " " }
    if text.contains(" "),
      text.drop(while: { $0 == " " }).dropFirst(word.count).allSatisfy({ $0 == " " })
    {
      let trimmed = Array(word.utf8)
      try trimmed.withUnsafeBytes { try put($0, slot, encoder) }
      return
    }
    if slot.scalar == .uint8, ["true", "false"].contains(text.lowercased()) {
      return try encoder.put(whole: text.lowercased() == "true" ? 1 : 0, slot)
    }
    let hint = text.contains(",") ? " (a point before decimals, and no commas)" : ""
    throw encoder.error(slot, slot.scalar.words, RowEncoder.quoted(bytes) + hint)
  }
}

/// Words for numbers that no decimal is.
enum FloatWord {
  /// Infinity, as pandas, NumPy, R and JavaScript write it; nil for anything else.
  static func value(_ text: String) -> Double? {
    switch text.lowercased() {
    case "inf", "+inf", "infinity", "+infinity": .infinity
    case "-inf", "-infinity": -.infinity
    default: nil
    }
  }
}

extension DecimalText {
  /// The decimal of a text; nil where it is none.
  static func read(_ text: String) -> DecimalText? {
    Array(text.utf8).withUnsafeBytes { DecimalText($0) }
  }
}
