/// How the numbers of traces are meant: a `<context>` of InkML, as far as it says where points are.
struct InkMLContext {
  /// Which number is which channel.
  var format = TraceFormat()
  /// What brings the channels to the canvas.
  var transform: TraceMapping?

  /// Millimetres of a step in x and in y; nil where the document does not say.
  ///
  /// What was transformed is measured as the canvas is.
  var scale: Point? { transform == nil ? format.scale : nil }
}

/// What a document defines by name, for its traces to refer to.
struct InkMLDefinitions {
  var formats: [String: TraceFormat] = [:]
  var transforms: [String: TraceMapping] = [:]
  var mappings: [String: TraceMapping] = [:]
  var contexts: [String: InkMLContext] = [:]

  /// What a reference such as `#c1` names; throws `InkError` where that is not before it.
  func look<Value>(
    _ reference: String, in table: KeyPath<InkMLDefinitions, [String: Value]>, _ what: String
  ) throws -> Value {
    let name = String(reference.drop(while: { $0 == "#" }))
    guard let value = self[keyPath: table][name] else {
      throw InkError.text("refers to a \(what) that is not before it: '\(reference)'")
    }
    return value
  }

  /// The context that the attributes of a `<context>`, `<trace>` or `<traceGroup>` name.
  func context(_ attributes: [String: String], within outer: InkMLContext) throws -> InkMLContext {
    var context = outer
    if let reference = attributes["contextRef"] {
      context =
        reference == "#DefaultContext"
        ? InkMLContext() : try look(reference, in: \.contexts, "<context>")
    }
    // An ink source is known by the format of its traces.
    for key in ["inkSourceRef", "traceFormatRef"] {
      guard let reference = attributes[key] else { continue }
      context.format =
        reference == "#DefaultTraceFormat"
        ? TraceFormat() : try look(reference, in: \.formats, "<traceFormat>")
    }
    if let reference = attributes["canvasTransformRef"] {
      context.transform = try look(reference, in: \.transforms, "<canvasTransform>")
    }
    return context
  }
}

/// The length of a unit of InkML in millimetres; nil of what is no length.
func millimetres(_ unit: String?) -> Double? {
  switch unit {
  case "m": 1000
  case "cm": 10
  case "mm": 1
  case "himetric": 0.01
  case "in": 25.4
  case "pt": 25.4 / 72
  case "pc": 25.4 / 6
  default: nil
  }
}
