import Streams

/// A drawing as it came, in one of the forms that ink comes in.
///
/// The forms: JSON records by their keys (`InkForm`), arrays of signature_pad, and W3C InkML. It is good
/// inside the body that it is given to only.
public struct ArrivedDrawing {
  /// What was drawn.
  public let drawing: Drawing
  private let origin: Origin

  fileprivate enum Origin {
    case record(JSONValue)
    case document(InkMLDocument)
  }

  fileprivate init(_ drawing: Drawing, _ origin: Origin) {
    (self.drawing, self.origin) = (drawing, origin)
  }

  /// The drawing to draw pictures of, with all else that came with it; where `grouped`, with the groups
  /// that `segment` has added.
  ///
  /// Throws `InkError` where there are none. What else there is stays behind where it is over
  /// `Drawing.recordLimit`; `isRecordTooLong` says so.
  public func toDraw(grouped: Bool) throws -> Drawing {
    var drawing = drawing
    if case .record(let record) = origin {
      if grouped { try drawing.readGroups(record) }
    } else if grouped {
      throw InkError.noGroups
    }
    let record = rest
    if record.utf8.count <= Drawing.recordLimit { drawing.record = record }
    return drawing
  }

  /// Whether what came beside the strokes is too much to travel in pictures.
  public var isRecordTooLong: Bool { rest.utf8.count > Drawing.recordLimit }

  /// What came beside the strokes, as a JSON object; empty where there is nothing.
  private var rest: String {
    var isEmpty = true
    let bytes = JSONWriter.bytes { json in
      json.beginObject()
      switch origin {
      case .record(let record):
        for (key, value) in record.members where !Self.ownKeys.contains(key) {
          isEmpty = false
          json.key(key)
          json.copy(value)
        }
      case .document(let document):
        if let truth = document.truth {
          isEmpty = false
          json.put("truth", truth)
        }
      }
      json.endObject()
    }
    return isEmpty ? "" : String(decoding: bytes, as: UTF8.self)
  }

  /// The keys that stages of the calculator read or write; a text under `drawing` is none of them.
  private static let ownKeys: Set = ["id", "strokes", "strokeGroups", "groups", "symbols"]

  /// Writes it as an object of NDJSON, with all else that came with it, and with groups.
  public func write(groups: [Group], to json: inout JSONWriter) throws {
    switch origin {
    case .record(let record): try drawing.write(record, groups: groups, to: &json)
    case .document(let document): document.write(groups: groups, to: &json)
    }
  }
}

extension ByteReader {
  /// Every drawing of every source, whatever its form; each is one `badRecords.attempt`.
  ///
  /// A document is one drawing, and so is an array; of other JSON each line is one. `inkml` says that
  /// every source is a document, whatever it begins with.
  public func drawings(inkml: Bool = false, _ body: (ArrivedDrawing) throws -> Void) throws {
    var documents = 0
    try forEachSource {
      guard try inkml || startsAsXML else {
        return try objectsOrArraysOfSource { record, line in
          try body(ArrivedDrawing(try Drawing(record, line: line), .record(record)))
        }
      }
      guard try !peek(1).isEmpty else { return }
      documents += 1
      try badRecords.attempt(name) {
        let document = try InkMLDocument(reading: self, number: documents)
        try body(ArrivedDrawing(document.drawing, .document(document)))
      }
    }
  }
}
