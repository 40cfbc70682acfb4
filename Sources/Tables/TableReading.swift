import Streams

/// Any table of any input: arrays, NDJSON or CSV, as the first bytes of each source tell.
public struct TableReading {
  private let types: ColumnTypes?
  private let notes = TableNotes()

  /// Reads text as columns of these types; nil takes what the first row says.
  public init(_ types: ColumnTypes?) { self.types = types }

  /// Reads all sources into a sink.
  public func read(_ input: ByteReader, into sink: any TableSink) throws {
    try input.forEachSource { try readSource(input, into: sink) }
    try finish(sink)
  }

  /// Writes all sources in a format; nil is NDJSON where the first has arrays or a terminal reads, else npy.
  public func read(
    _ input: ByteReader, as format: TableFormat?, each: String?, _ output: ByteWriter
  ) throws {
    var sink: (any TableSink)?
    try input.forEachSource {
      if sink == nil {
        let isArrays = try input.firstCharacter() == 0x93
        let format = format ?? (isArrays || output.isTerminal ? .ndjson : .npy)
        sink = format.sink(output, each: each)
      }
      if let sink { try readSource(input, into: sink) }
    }
    if let sink { try finish(sink) }
  }

  private func finish(_ sink: any TableSink) throws {
    try sink.finish()
    for line in notes.lines { diagnose(line) }
  }

  /// Reads the current source; `then` runs after each row of text, outside what may be dropped as bad.
  public func readSource(
    _ input: ByteReader, into sink: any TableSink, then: () throws -> Void = {}
  ) throws {
    switch try input.firstCharacter() {
    case 0x93: try readArrays(input, into: sink)
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      try JSONTable.read(input, types, notes, into: sink)
    default: try CSVTable.read(input, types, notes, into: sink, then: then)
    }
  }

  private func readArrays(_ input: ByteReader, into sink: any TableSink) throws {
    try input.tableParts { part in
      if part.first == 0, case .structured(let fields) = part.rows.type {
        try ColumnTypes.require(fields)
        try require(fields)
        try sink.begin(fields)
      }
      try part.rows.bytes.withUnsafeBytes { try sink.take($0) }
      if part.isLast { try sink.end() }
    }
  }

  /// Arrays say themselves what they are: types that say otherwise are a contradiction.
  private func require(_ fields: [NpyField]) throws {
    guard let types, case .structured(let expected) = NpyType.table(types.fields),
      expected != fields
    else { return }
    throw NpyError(
      "table must have the types that are asked for, \(types.text): \(ColumnTypes(fields).text)")
  }
}

extension ByteReader {
  /// The first character of the current source that is no white space; nil where there is none nearby.
  public func firstCharacter() throws -> UInt8? {
    var count = 1
    while true {
      let bytes = try peek(count)
      let mark: [UInt8] = [0xef, 0xbb, 0xbf]
      let text = bytes.dropFirst(bytes.starts(with: mark) ? 3 : 0)
      let isMark = !bytes.isEmpty && bytes.count < 3 && mark.starts(with: bytes)
      if !isMark, let first = text.first(where: { $0 != 0x20 && !(0x09...0x0d).contains($0) }) {
        return first
      }
      guard bytes.count == count, count < 1 << 16 else { return nil }
      count += 1
    }
  }
}
