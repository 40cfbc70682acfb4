import Streams

/// A W3C InkML document: one drawing.
///
/// Every `<trace>` is a stroke, in the document's order, whatever `<traceGroup>` it is in and
/// whether or not a `<traceView>` shows it; the pen's way through the air (`type="penUp"`) is none,
/// and what continues a trace belongs to its stroke. The channels X and Y are found through
/// `<traceFormat>`; others are left out, as are units and mappings. Documents whose formats differ
/// are refused. The id is the `documentID` or `id` of `<ink>`, or its annotation of type `UI`, else
/// the document's number; the annotation of type `truth` directly in `<ink>` says what is written.
/// Documents that declare entities are refused.
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
    // expat counts in 32 bits.
    let limit = min(input.limits.line, 1 << 30)
    let bytes = try input.peek(limit + 1)
    guard bytes.count <= limit else {
      throw Failure.badData(input.name, "document is over \(limit) bytes; see --max-line")
    }
    try self.init(parsing: bytes, name: input.name, number: number)
    input.skip(bytes.count)
  }

  init(parsing bytes: UnsafeRawBufferPointer, name: String, number: Int) throws {
    let content = InkMLContent()
    try content.parse(bytes, name: name)
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
  /// Whether the current source begins as an XML document does, and no line of NDJSON can.
  public var startsAsXML: Bool {
    get throws {
      let xml = UInt8(ascii: "<")
      guard let first = try peek(1).first else { return false }
      return try first == xml || first == 0xef && peek(4).elementsEqual([0xef, 0xbb, 0xbf, xml])
    }
  }
}
