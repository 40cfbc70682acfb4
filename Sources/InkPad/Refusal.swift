import Ink

/// Why the server does not do what a message of the page asks for: a code for programs beside the text for
/// people.
struct Refusal: Error {
  /// What programs know a refusal by.
  enum Code: String, CaseIterable {
    /// It is not what the page may send.
    case badMessage = "bad-message"
    /// The strokes are none that a pipeline would take.
    case badInk = "bad-ink"
    /// There are more strokes than are read.
    case tooManyStrokes = "too-many-strokes"
    /// The server was started without a folder to keep sheets in.
    case noFolder = "no-folder"
    /// The sheet has been discarded, or its file has become something else.
    case noSuchSheet = "no-such-sheet"
    /// The folder is full, by the server's own limit.
    case tooManySheets = "too-many-sheets"
    /// The system does not let the folder be written.
    case sheetUnwritten = "sheet-unwritten"
  }

  let code: Code
  let reason: String

  private init(_ code: Code, _ reason: String) { (self.code, self.reason) = (code, reason) }

  static let noFolder = Refusal(.noFolder, "this server keeps no sheets: it has no --folder")
  static let noSuchSheet = Refusal(.noSuchSheet, "there is no such sheet any more")
  static func tooManySheets(_ limit: Int) -> Refusal {
    Refusal(.tooManySheets, "the folder may have \(limit) sheets: discard some")
  }
  static func sheetUnwritten(_ reason: String) -> Refusal {
    Refusal(.sheetUnwritten, "the sheet could not be written: \(reason)")
  }

  /// The refusal for an error of `GuestMessage`.
  init(_ error: any Error) {
    reason = "\(error)"
    code =
      switch error {
      case InkError.limit: .tooManyStrokes
      case is InkError: .badInk
      default: .badMessage
      }
  }
}
