import Streams

/// What is odd about the values of a table, but no error: a line for each column and kind, at the end.
public final class TableNotes {
  private struct Note {
    var count: Int
    let first: String
  }

  private var notes: [(text: String, note: Note)] = []

  /// No notes yet.
  public init() {}

  /// Counts a value of which there is something to say; the first is shown.
  func add(_ text: String, _ value: @autoclosure () -> String) {
    if let index = notes.firstIndex(where: { $0.text == text }) {
      notes[index].note.count += 1
    } else {
      notes.append((text, Note(count: 1, first: value())))
    }
  }

  /// The lines.
  public var lines: [String] {
    notes.map { text, note in
      let more = note.count > 1 ? ", the first of \(note.count)" : ""
      return "\(text): \(note.first)\(more)"
    }
  }
}
