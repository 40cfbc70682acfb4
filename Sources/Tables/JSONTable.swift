import Streams

/// Rows of NDJSON, an object each, as rows of a table.
///
/// Without types the first record says what the columns are: numbers are `f8`, texts days or bytes, truths
/// `u1`. A later one that does not fit is refused by name, not believed.
struct JSONTable {
  private var encoder: RowEncoder?
  private let types: ColumnTypes?
  private let notes: TableNotes
  /// A column: where its name lies among all, and where its values go.
  private struct Column {
    let name: Range<Int>
    let slot: RowSlot
    let isSingle: Bool
    var isThere = false
  }

  private var columns: [Column] = []
  private var names: [UInt8] = []
  private var places: [String: Int] = [:]
  /// In which order the last record had the columns.
  private var order: [Int] = []

  init(_ types: ColumnTypes?, _ notes: TableNotes) {
    self.types = types
    self.notes = notes
  }

  /// Reads the current source.
  static func read(
    _ input: ByteReader, _ types: ColumnTypes?, _ notes: TableNotes, into sink: any TableSink
  ) throws {
    var table = JSONTable(types, notes)
    if let types { try table.begin(types.fields, sink) }
    try input.ndjsonOfSource { record in
      if table.encoder == nil { try table.begin(Self.fields(of: record), sink) }
      try table.row(record, sink)
    }
    if table.encoder != nil { try sink.end() }
  }

  private mutating func begin(_ fields: [NpyField], _ sink: any TableSink) throws {
    guard !fields.isEmpty else { throw NpyError("first record has no key to make a column of") }
    try ColumnTypes.require(fields)
    try sink.begin(fields)
    let encoder = RowEncoder(fields, notes)
    for (field, slot) in zip(encoder.fields, encoder.slots) {
      let start = names.count
      names += field.name.utf8
      places[field.name] = columns.count
      columns.append(
        Column(name: start..<names.count, slot: slot, isSingle: field.shape.isEmpty))
    }
    order = Array(columns.indices)
    self.encoder = encoder
  }

  /// The columns that a first record tells of.
  private static func fields(of record: JSONValue) throws -> [NpyField] {
    try record.members.map { key, value in
      var shape: [Int] = []
      var one = value
      while one.kind == .array {
        var elements = one.elements
        guard let first = elements.next() else {
          throw value.failure(
            "column '\(key)' has an empty list, which tells no type (see --types)")
        }
        shape.append(one.count)
        one = first
      }
      return NpyField(key, try scalar(key, one), shape)
    }
  }

  private static func scalar(_ key: String, _ value: JSONValue) throws -> NpyScalar {
    switch value.kind {
    case .number, .null:
      // A day is no number, as of pandas' milliseconds; nor are codes.
      if key == "date" { return .day }
      return ColumnTypes.texts[key] == nil ? .float64 : .bytes(16)
    case .boolean: return .uint8
    case .string:
      guard let text = value.string else { return .bytes(16) }
      return ColumnGuess.scalar(key, text, isNumber: false)
    case .object, .array:
      throw value.failure("column '\(key)' must be a number, a text or a list: got an object")
    }
  }

  private mutating func row(_ record: JSONValue, _ sink: any TableSink) throws {
    guard let encoder else { return }
    for index in columns.indices { columns[index].isThere = false }
    var count = 0
    try record.eachMember { key, value in
      guard let place = place(of: key, count) else { return try passOver(key.text, value) }
      count += 1
      columns[place].isThere = true
      let slot = columns[place].slot
      if columns[place].isSingle { return try Self.put(value, slot, encoder) }
      var index = 0
      let field = encoder.fields[place]
      try Self.put(value, field, field.shape[...], &index, slot, encoder)
    }
    if let missing = columns.firstIndex(where: { !$0.isThere }) {
      throw record.failure("key '\(encoder.fields[missing].name)' is missing")
    }
    try sink.take(encoder.bytes)
  }

  /// The column of a key, which mostly is the one that the last record had there; nil for none.
  @inline(__always)
  private mutating func place(of key: JSONKey, _ count: Int) -> Int? {
    if count < order.count {
      let place = order[count]
      let isSame = names.withUnsafeBytes {
        key.isSame(as: UnsafeRawBufferPointer(rebasing: $0[columns[place].name]))
      }
      if isSame { return place }
    }
    guard let place = places[key.text] else { return nil }
    if count < order.count, let other = order.firstIndex(of: place) { order.swapAt(count, other) }
    return place
  }

  /// A key that is no column: left out where the columns were named, else refused.
  private func passOver(_ key: String, _ value: JSONValue) throws {
    guard types != nil else {
      throw value.failure("key '\(key)' was not in the first record (name the columns: --types)")
    }
    notes.add("left out, as it is no column", key)
  }

  /// The elements of lists in lists, whose lengths must be the column's.
  private static func put(
    _ value: JSONValue, _ field: NpyField, _ shape: ArraySlice<Int>, _ index: inout Int,
    _ slot: RowSlot, _ encoder: RowEncoder
  ) throws {
    guard let length = shape.first else {
      try put(value, slot.at(index), encoder)
      index += 1
      return
    }
    guard value.kind == .array, value.count == length else {
      let found = value.kind == .array ? "\(value.count)" : value.kindName
      throw value.failure("column '\(field.name)' must be lists of \(field.shape): got \(found)")
    }
    for element in value.elements {
      try put(element, field, shape.dropFirst(), &index, slot, encoder)
    }
  }

  @inline(__always)
  private static func put(_ value: JSONValue, _ slot: RowSlot, _ encoder: RowEncoder) throws {
    do {
      switch value.kind {
      case .number:
        guard let number = value.double else { return }
        try encoder.put(
          number, slot, length: value.longestLength, text: value.text, whole: value.int)
      case .string: try putText(value, slot, encoder)
      case .null: try encoder.putMissing(slot, shown: "null")
      case .boolean where slot.scalar == .uint8:
        try encoder.put(whole: value.bool == true ? 1 : 0, slot)
      default: throw encoder.error(slot, slot.scalar.words, value.kindName)
      }
    } catch let error as NpyError {
      throw value.failure(error.description)
    }
  }

  private static func putText(
    _ value: JSONValue, _ slot: RowSlot, _ encoder: RowEncoder
  ) throws {
    guard var text = value.string else { return }
    try text.withUTF8 { bytes in
      let bytes = UnsafeRawBufferPointer(bytes)
      if slot.scalar == .day {
        try encoder.put(day: bytes, slot)
      } else {
        try encoder.put(text: bytes, slot)
      }
    }
  }
}
