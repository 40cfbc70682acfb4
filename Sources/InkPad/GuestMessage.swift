import Streams

/// A text that a page sends: a question for the pipelines, or a wish for the folder of sheets.
enum GuestMessage: Sendable {
  case question(Question)
  case sheet(SheetRequest)

  /// Reads a message; throws `Failure` or `InkError` with the rule that it breaks.
  init(_ message: [UInt8]) throws {
    self = try message.withUnsafeBytes { bytes in
      try withJSON(bytes, name: "message") { message in
        if let request = try SheetRequest(message) { return .sheet(request) }
        return .question(try Question(message))
      }
    }
  }
}
