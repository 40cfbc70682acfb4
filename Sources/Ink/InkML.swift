import CExpat
import Streams

/// A W3C InkML document: one drawing.
///
/// Every `<trace>` is a stroke, in the document's order, whatever `<traceGroup>` it is in. The channels
/// X and Y are found through `<traceFormat>`; others are left out. The id is the `documentID` or `id`
/// of `<ink>`, or its annotation of type `UI`, else the document's number; the annotation of type
/// `truth` directly in `<ink>` says what is written. Documents that declare entities are refused.
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
    let bytes = try input.peek(input.maxLine + 1)
    guard bytes.count <= input.maxLine else {
      throw Failure.badData(input.name, "document is over \(input.maxLine) bytes; see --max-line")
    }
    try self.init(parsing: bytes, name: input.name, number: number)
    input.skip(bytes.count)
  }

  init(parsing bytes: UnsafeRawBufferPointer, name: String, number: Int) throws {
    let content = InkMLContent()
    try content.parse(bytes, name: name)
    let id = content.documentID ?? content.annotations["UI"] ?? String(number)
    try Drawing.check(id: id)
    drawing = Drawing(id: id, strokes: content.strokes)
    truth = content.annotations["truth"]
  }
}

/// What a parse of InkML has collected so far.
private final class InkMLContent {
  var strokes: [Stroke] = []
  var documentID: String?
  var annotations: [String: String] = [:]
  private var format = TraceFormat()
  private var path: [String] = []
  private var characters: [UInt8] = []
  private var annotationType: String?
  private var pointCount = 0
  private var failure: Error?
  private var parser: XML_Parser?

  func parse(_ bytes: UnsafeRawBufferPointer, name: String) throws {
    guard let parser = XML_ParserCreate(nil) else { throw Failure(.internal, "expat: no memory") }
    self.parser = parser
    defer {
      XML_ParserFree(parser)
      self.parser = nil
    }
    XML_SetUserData(parser, Unmanaged.passUnretained(self).toOpaque())
    XML_SetElementHandler(
      parser,
      { content($0)?.start(string($1), attributes: $2) },
      { user, _ in content(user)?.end() })
    XML_SetCharacterDataHandler(parser) { user, bytes, count in
      content(user)?.add(UnsafeRawBufferPointer(start: bytes, count: Int(count)))
    }
    // Entities could unfold to any size; InkML has no use for them.
    XML_SetEntityDeclHandler(parser) { user, _, _, _, _, _, _, _, _ in
      content(user)?.stop(InkError.text("entities are declared, which is refused"))
    }
    let base = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
    guard XML_Parse(parser, base, Int32(bytes.count), 1) == XML_STATUS_ERROR else { return }
    let place = "\(name):\(XML_GetCurrentLineNumber(parser))"
    if let failure { throw Failure.badData(place, "\(failure)") }
    let rule = XML_ErrorString(XML_GetErrorCode(parser)).map { String(cString: $0) } ?? "bad XML"
    throw Failure.badData("\(place):\(XML_GetCurrentColumnNumber(parser) + 1)", "XML: \(rule)")
  }

  fileprivate func stop(_ error: Error) {
    guard failure == nil, let parser else { return }
    failure = error
    XML_StopParser(parser, 0)
  }

  fileprivate func start(
    _ name: String, attributes: UnsafeMutablePointer<UnsafePointer<CChar>?>?
  ) {
    guard failure == nil else { return }
    // Prefixes are the document's choice.
    let element = String(name.split(separator: ":").last ?? "")
    guard !path.isEmpty || element == "ink" else {
      return stop(InkError.text("document element is <\(name)>, expected <ink>"))
    }
    guard path.count < 64 else { return stop(InkError.limit("elements nest more than 64 deep")) }
    path.append(element)
    var values: [String: String] = [:]
    var place = 0
    while let attributes, let key = attributes[place] {
      values[string(key)] = string(attributes[place + 1])
      place += 2
    }
    switch element {
    case "ink" where path.count == 1: documentID = values["documentID"] ?? values["id"]
    case "annotation": annotationType = path.count == 2 ? values["type"] : nil
    case "traceFormat": format = TraceFormat(channels: [])
    case "channel":
      if path.contains("traceFormat") { format.channels.append(values["name"] ?? "") }
    default: break
    }
    characters.removeAll(keepingCapacity: true)
  }

  fileprivate func add(_ bytes: UnsafeRawBufferPointer) {
    if path.last == "trace" || path.last == "annotation" { characters.append(contentsOf: bytes) }
  }

  fileprivate func end() {
    guard failure == nil else { return }
    do {
      switch path.last {
      case "trace":
        let points = try format.points(of: characters, stroke: strokes.count + 1)
        pointCount += points.count
        guard pointCount <= Drawing.pointLimit else { throw Drawing.tooManyPoints }
        guard strokes.count < Drawing.strokeLimit else {
          throw Drawing.tooManyStrokes(strokes.count + 1)
        }
        strokes.append(Stroke(points))
      case "annotation":
        if let annotationType { annotations[annotationType] = trimmed(characters) }
      default: break
      }
    } catch {
      stop(error)
    }
    path.removeLast()
  }
}

private func content(_ user: UnsafeMutableRawPointer?) -> InkMLContent? {
  user.map { Unmanaged<InkMLContent>.fromOpaque($0).takeUnretainedValue() }
}

private func string(_ characters: UnsafePointer<CChar>?) -> String {
  characters.map { String(cString: $0) } ?? ""
}

private func trimmed(_ text: [UInt8]) -> String {
  let isSpace: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0d).contains($0) }
  guard let first = text.firstIndex(where: { !isSpace($0) }),
    let last = text.lastIndex(where: { !isSpace($0) })
  else { return "" }
  return String(decoding: text[first...last], as: UTF8.self)
}
