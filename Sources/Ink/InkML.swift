import Streams

/// A W3C InkML document: one drawing.
///
/// Every `<trace>` outside of `<definitions>` is a stroke, in the document's order, whatever
/// `<traceGroup>` it is in and whether or not a `<traceView>` shows it; the pen's way through the air
/// (`type="penUp"`) is none, and what continues a trace belongs to its stroke. The channels X and Y are
/// found through the `<traceFormat>` of the trace's context; others are left out but for `<mapping>`s,
/// which are followed as far as `TraceMapping` reads them. Where units or resolutions differ, points are
/// in millimetres. The id is the `documentID` or `id` of `<ink>`, or its annotation of type `UI`, else the
/// document's number; the annotation of type `truth` directly in `<ink>` says what is written. Documents
/// that declare entities are refused.
///
/// Source: W3C Recommendation "Ink Markup Language (InkML)", 20 September 2011, sections 3 and 6.
public struct InkMLDocument {
  /// The strokes and the id.
  public let drawing: Drawing
  /// What is written, as the document says it.
  public let truth: String?

  /// Reads the rest of the current source; `number` is the id where the document gives none.
  ///
  /// Throws `badData` at name:line for what is no XML and no InkML.
  public init(reading input: ByteReader, number: Int) throws {
    // XML begins with its first byte; blank lines before it count in diagnostics all the same.
    let blank = try input.peek(try input.blankBytes())
    let linesBefore = blank.count { $0 == 0x0a }
    input.skip(blank.count)
    // expat counts in 32 bits.
    let limit = min(input.limits.line, 1 << 30)
    let bytes = try input.peek(limit + 1)
    guard bytes.count <= limit else {
      throw Failure.badData(input.name, "document is over \(limit) bytes; see --max-line")
    }
    try self.init(parsing: bytes, name: input.name, number: number, linesBefore: linesBefore)
    input.skip(bytes.count)
  }

  init(
    parsing bytes: UnsafeRawBufferPointer, name: String, number: Int, linesBefore: Int = 0
  ) throws {
    let content = InkMLContent()
    try content.parse(bytes, name: name, linesBefore: linesBefore)
    let id = content.documentID ?? content.annotations["UI"] ?? String(number)
    try Drawing.check(id: id)
    drawing = Drawing(id: id, strokes: content.lines.map(Stroke.init))
    truth = content.annotations["truth"]
  }

  /// Writes the document as an object of NDJSON: id, truth where there is one, strokes, groups.
  public func write(groups: [Group], to json: inout JSONWriter) {
    json.beginObject()
    json.put("id", drawing.id)
    if let truth { json.put("truth", truth) }
    json.key("strokes")
    json.value(drawing.strokes)
    json.key("groups")
    json.value(groups)
    json.endObject()
    json.endLine()
  }
}

extension ByteReader {
  /// Whether the current source begins as an XML document does, and no line of NDJSON can: with `<`, be it
  /// behind blank lines or in UTF-16.
  public var startsAsXML: Bool {
    get throws {
      var bytes = try peek(1)
      // No line of text begins with a mark or a NUL, so that what follows it may be waited for.
      if let first = bytes.first, first == 0 || first > 0x7f {
        bytes = try peek(4)
        let mark = bytes.prefix(first == 0xef ? 3 : 2)
        guard [[0xef, 0xbb, 0xbf], [0xff, 0xfe], [0xfe, 0xff]].contains(Array(mark)) else {
          return bytes.starts(with: [0, UInt8(ascii: "<")])
        }
        return bytes.dropFirst(mark.count).contains(UInt8(ascii: "<"))
      }
      let blanks = try blankBytes()
      return try peek(blanks + 1).last == UInt8(ascii: "<")
    }
  }

  /// How many bytes of white space the current source begins with; a byte at least is behind them, if
  /// not the end.
  func blankBytes() throws -> Int {
    var count = 0
    while count < 1 << 16 {
      let bytes = try peek(count + 1)
      guard bytes.count > count, bytes[count] == 0x20 || (0x09...0x0d).contains(bytes[count]) else {
        break
      }
      count += 1
    }
    return count
  }
}
