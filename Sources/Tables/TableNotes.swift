import Streams

/// What is odd about the values of a table, but no error: a line for each kind, at the end.
public final class TableNotes {
  private struct Note {
    /// What was found first, and in which column.
    let first: String
    let column: String?
    var count = 0
    var columns: Set<String> = []
  }

  private var notes: [(text: String, note: Note)] = []

  /// No notes yet.
  public init() {}

  /// Counts a value of which there is something to say, in a column or in none; the first is shown.
  func add(_ text: String, in column: String? = nil, _ value: @autoclosure () -> String) {
    let index =
      notes.firstIndex { $0.text == text }
      ?? {
        notes.append((text, Note(first: value(), column: column)))
        return notes.count - 1
      }()
    notes[index].note.count += 1
    if let column { notes[index].note.columns.insert(column) }
  }

  /// The lines.
  public var lines: [String] {
    notes.map { text, note in
      let place = note.column.map { "column '\($0)' " } ?? ""
      let more = note.count > 1 ? ", the first of \(note.count)" : ""
      let columns = note.columns.count > 1 ? " in \(note.columns.count) columns" : ""
      return "\(place)\(text): \(note.first)\(more)\(columns)"
    }
  }
}
