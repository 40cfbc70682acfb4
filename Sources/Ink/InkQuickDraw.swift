import Streams

/// Ink of Google's Quick, Draw!: `{"word":"cat","key_id":"5","drawing":[[[x,...],[y,...]],...]}`, a stroke
/// being two columns, or three with the times, which are left out. `key_id` is the id where there is none.
///
/// Source: https://github.com/googlecreativelab/quickdraw-dataset, "The raw moderated dataset".
extension StrokeReader {
  /// Adds the strokes of a drawing in columns.
  mutating func addQuickDraw(_ list: JSONValue) throws {
    for value in list.elements {
      let columns = Array(value.elements)
      guard value.kind == .array, (2...3).contains(columns.count) else {
        throw InkError.stroke(number, "of 'drawing' is not [[x, ...], [y, ...]]")
      }
      if columns.count == 3, columns[2].count != columns[0].count {
        throw InkError.stroke(
          number, "x has \(columns[0].count) numbers, the times are \(columns[2].count)")
      }
      try add(Self.points(columns[0], columns[1], stroke: number))
    }
  }
}
