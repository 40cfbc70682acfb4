import Ink

/// Why a message of the page is no question: a code for programs beside the text for people.
struct Refusal {
  /// What programs know a refusal by.
  enum Code: String, CaseIterable {
    /// It is not what the page may send.
    case badMessage = "bad-message"
    /// The strokes are none that a pipeline would take.
    case badInk = "bad-ink"
    /// There are more strokes than are read.
    case tooManyStrokes = "too-many-strokes"
  }

  let code: Code
  let reason: String

  /// The refusal for an error of `Question`.
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
