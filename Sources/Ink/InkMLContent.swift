import CExpat
import OutOfMemory
import Streams

/// What a parse of InkML has collected so far.
final class InkMLContent {
  /// The points of each stroke.
  var lines: [[Point]] = []
  var documentID: String?
  var annotations: [String: String] = [:]
  private var format: TraceFormat?
  private var newFormat = TraceFormat(channels: [])
  private var trace = TraceStart()
  /// Which stroke a trace is, or belongs to, by the trace's id.
  private var linesByID: [String: Int] = [:]
  private var path: [String] = []
  private var characters: [UInt8] = []
  private var annotationType: String?
  private var pointCount = 0
  private var failure: Error?
  private var parser: XML_Parser?

  func parse(_ bytes: UnsafeRawBufferPointer, name: String) throws {
    guard let parser = XML_ParserCreate(nil) else { out_of_memory(0) }
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
    if XML_GetErrorCode(parser) == XML_ERROR_NO_MEMORY { out_of_memory(0) }
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
    case "trace": trace = TraceStart(values)
    case "traceFormat": newFormat = TraceFormat(channels: [])
    case "channel":
      let isReversed = values["orientation"] == "-ve"
      newFormat.channels.append(.init(name: values["name"] ?? "", isReversed: isReversed))
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
      case "trace": if !trace.isPenUp { try addTrace() }
      case "traceFormat":
        guard format == nil || format == newFormat else {
          throw InkError.text("<traceFormat> differs from the one before, which is not read")
        }
        format = newFormat
      case "annotation":
        if let annotationType { annotations[annotationType] = trimmed(characters) }
      default: break
      }
    } catch {
      stop(error)
    }
    path.removeLast()
  }

  private func addTrace() throws {
    let number = lines.count + 1
    let points = try (format ?? TraceFormat()).points(of: characters, stroke: number)
    pointCount += points.count
    guard pointCount <= Drawing.pointLimit else { throw Drawing.tooManyPoints }
    var line = lines.count
    if let prior = trace.prior {
      guard let index = linesByID[prior] else {
        throw InkError.stroke(number, "continues a trace that is not before it: '\(prior)'")
      }
      line = index
      lines[line] += points
    } else {
      guard number <= Drawing.strokeLimit else { throw Drawing.tooManyStrokes(number) }
      lines.append(points)
    }
    if let id = trace.id { linesByID[id] = line }
  }
}

/// What the attributes of a `<trace>` say.
private struct TraceStart {
  var id: String?
  var isPenUp = false
  /// The id of the trace that this one continues.
  var prior: String?

  init() {}

  init(_ attributes: [String: String]) {
    id = attributes["xml:id"] ?? attributes["id"]
    isPenUp = attributes["type"] == "penUp"
    if ["middle", "end"].contains(attributes["continuation"]) {
      // A reference into the document: `#t1`.
      prior = attributes["priorRef"].map { String($0.drop { $0 == "#" }) } ?? ""
    }
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
