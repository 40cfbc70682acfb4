import CExpat
import OutOfMemory
import Streams

/// What a parse of InkML has collected so far.
final class InkMLContent {
  /// The points of each stroke.
  var lines: [[Point]] = []
  var documentID: String?
  var annotations: [String: String] = [:]
  private var definitions = InkMLDefinitions()
  /// The contexts that hold for traces: of the document, then of each `<traceGroup>` that is open.
  private var contexts = [InkMLContext()]
  /// The parts that are open: a context may have a format and a transform of its own inside.
  private var newContext: (id: String?, context: InkMLContext)?
  private var newFormat: (id: String?, format: TraceFormat)?
  private var newSource: (id: String?, format: TraceFormat)?
  private var newTransform: (id: String?, mapping: TraceMapping?)?
  private var newMapping = MappingParts()
  private var trace = TraceStart()
  /// How long a step is in each stroke.
  private var scales: [Point?] = []
  /// Which stroke a trace is, or belongs to, by the trace's id.
  private var linesByID: [String: Int] = [:]
  private var path: [String] = []
  private var characters: [UInt8] = []
  private var annotationType: String?
  private var pointCount = 0
  private var failure: Error?
  private var parser: XML_Parser?

  func parse(_ bytes: UnsafeRawBufferPointer, name: String, linesBefore: Int) throws {
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
    guard XML_Parse(parser, base, Int32(bytes.count), 1) == XML_STATUS_ERROR else {
      return try bringToOneScale()
    }
    if XML_GetErrorCode(parser) == XML_ERROR_NO_MEMORY { out_of_memory(0) }
    let line = linesBefore + Int(XML_GetCurrentLineNumber(parser))
    let place = "\(name):\(line)"
    if let failure { throw Failure.badData(place, "\(failure)") }
    let rule = XML_ErrorString(XML_GetErrorCode(parser)).map { String(cString: $0) } ?? "bad XML"
    throw Failure.badData("\(place):\(XML_GetCurrentColumnNumber(parser) + 1)", "XML: \(rule)")
  }

  /// Where units differ, all points are given in millimetres; throws `InkError` where some have none.
  private func bringToOneScale() throws {
    guard let first = scales.first else { return }
    let isOne = scales.allSatisfy { $0 == first } && first.map { $0.x == $0.y } ?? true
    guard !isOne else { return }
    for (place, scale) in scales.enumerated() {
      guard let scale else {
        throw InkError.text("some traces have units or a resolution, and some have none")
      }
      lines[place] = lines[place].map { $0 * scale }
      for point in lines[place] { try Drawing.check(point, stroke: place + 1) }
    }
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
    do { try start(element, values) } catch { stop(error) }
    characters.removeAll(keepingCapacity: true)
  }

  private func start(_ element: String, _ values: [String: String]) throws {
    let id = values["xml:id"] ?? values["id"]
    switch element {
    case "ink" where path.count == 1: documentID = values["documentID"] ?? values["id"]
    case "annotation": annotationType = path.count == 2 ? values["type"] : nil
    case "trace": trace = TraceStart(values)
    case "traceGroup":
      contexts.append(try definitions.context(values, within: contexts[contexts.count - 1]))
    case "context":
      let outer = path.contains("definitions") ? InkMLContext() : contexts[0]
      newContext = (id, try definitions.context(values, within: outer))
    case "inkSource": newSource = (id, TraceFormat())
    case "traceFormat": newFormat = (id, TraceFormat(channels: []))
    case "channel": newFormat?.format.channels.append(try channel(values))
    case "channelProperty":
      newSource?.format.setResolution(
        values["name"], of: values["channel"], values["value"], values["units"])
    case "canvasTransform": newTransform = (id, nil)
    case "mapping": newMapping = MappingParts(values)
    case "bind":
      newMapping.bindings.append(
        .init(
          source: values["source"], target: values["target"],
          column: values["column"].flatMap { Int($0) }))
    case "table":
      newMapping.apply = values["apply"] ?? "absolute"
      newMapping.interpolation = values["interpolation"] ?? "linear"
    default: break
    }
  }

  private func channel(_ values: [String: String]) throws -> TraceFormat.Channel {
    TraceFormat.Channel(
      name: values["name"] ?? "", isReversed: values["orientation"] == "-ve",
      millimetres: millimetres(values["units"]),
      mapping: try values["mappingRef"].map {
        try definitions.look($0, in: \.mappings, "<mapping>")
      })
  }

  fileprivate func add(_ bytes: UnsafeRawBufferPointer) {
    switch path.last {
    case "trace", "annotation", "affine", "table": characters.append(contentsOf: bytes)
    default: break
    }
  }

  fileprivate func end() {
    guard failure == nil else { return }
    do { try end(path.removeLast()) } catch { stop(error) }
  }

  private func end(_ element: String) throws {
    switch element {
    case "trace": if !trace.isPenUp, !path.contains("definitions") { try addTrace() }
    case "traceGroup": contexts.removeLast()
    case "annotation":
      if let annotationType { annotations[annotationType] = trimmed(characters) }
    case "affine", "table": newMapping.numbers = String(decoding: characters, as: UTF8.self)
    case "mapping": try endMapping()
    case "canvasTransform": endTransform()
    case "traceFormat": endFormat()
    case "inkSource":
      guard let (id, format) = newSource else { break }
      if let id { definitions.formats[id] = format }
      newContext?.context.format = format
      newSource = nil
    case "context":
      guard let (id, context) = newContext else { break }
      if let id { definitions.contexts[id] = context }
      // Outside of definitions it holds for the traces behind it.
      if path == ["ink"] { contexts[0] = context }
      newContext = nil
    default: break
    }
  }

  private func endMapping() throws {
    let mapping = try newMapping.mapping(definitions)
    if let id = newMapping.id { definitions.mappings[id] = mapping }
    switch path.last {
    case "canvasTransform":
      // The second is the way back.
      if newTransform?.mapping == nil { newTransform?.mapping = mapping }
    case "channel":
      if let last = newFormat?.format.channels.indices.last {
        newFormat?.format.channels[last].mapping = mapping
      }
    default: break
    }
  }

  private func endTransform() {
    guard let (id, mapping) = newTransform else { return }
    if let id { definitions.transforms[id] = mapping ?? .identity }
    newContext?.context.transform = mapping
    newTransform = nil
  }

  private func endFormat() {
    guard let (id, format) = newFormat else { return }
    newFormat = nil
    if let id { definitions.formats[id] = format }
    if newSource != nil {
      newSource?.format = format
    } else if newContext != nil {
      // The format of a canvas is the canvas's own.
      if path.last != "canvas" { newContext?.context.format = format }
    } else if path == ["ink"] {
      contexts[0].format = format
    }
  }

  private func addTrace() throws {
    let number = lines.count + 1
    let context = try definitions.context(trace.references, within: contexts[contexts.count - 1])
    let points = try context.format.points(
      of: characters, stroke: number, transform: context.transform)
    pointCount += points.count
    guard pointCount <= Drawing.pointLimit else { throw Drawing.tooManyPoints }
    var line = lines.count
    if let prior = trace.prior {
      guard let index = linesByID[prior] else {
        throw InkError.stroke(number, "continues a trace that is not before it: '\(prior)'")
      }
      guard scales[index] == context.scale else {
        throw InkError.stroke(number, "continues a trace of other units")
      }
      line = index
      lines[line] += points
    } else {
      guard number <= Drawing.strokeLimit else { throw Drawing.tooManyStrokes(number) }
      lines.append(points)
      scales.append(context.scale)
    }
    if let id = trace.id { linesByID[id] = line }
  }
}

/// What of a `<mapping>` was read so far.
private struct MappingParts {
  var id: String?
  var type = "unknown"
  var reference: String?
  var bindings: [TraceMapping.Binding] = []
  var numbers = ""
  var apply = "absolute"
  var interpolation = "linear"

  init() {}

  init(_ attributes: [String: String]) {
    id = attributes["xml:id"] ?? attributes["id"]
    type = attributes["type"] ?? "unknown"
    reference = attributes["mappingRef"]
  }

  func mapping(_ definitions: InkMLDefinitions) throws -> TraceMapping {
    if let reference { return try definitions.look(reference, in: \.mappings, "<mapping>") }
    return try TraceMapping(
      type: type, bindings: bindings, numbers: numbers, apply: apply, interpolation: interpolation)
  }
}

/// What the attributes of a `<trace>` say.
private struct TraceStart {
  var id: String?
  var isPenUp = false
  /// The id of the trace that this one continues.
  var prior: String?
  /// The attributes that name its context.
  var references: [String: String] = [:]

  init() {}

  init(_ attributes: [String: String]) {
    id = attributes["xml:id"] ?? attributes["id"]
    isPenUp = attributes["type"] == "penUp"
    references = attributes.filter { $0.key == "contextRef" }
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
