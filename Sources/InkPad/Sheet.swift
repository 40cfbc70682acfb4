import Ink
import Mechanics
import Streams

/// The ink of a sheet, with what was read in it.
struct Sheet: Equatable, Sendable {
  /// The strokes as JSON, in one line.
  let strokes: [UInt8]
  let strokeCount: Int
  /// What the page shows of it in its list.
  let said: String

  /// The most bytes of `said`.
  static let longestSaid = 200

  /// Takes an object with strokes; throws `Failure` or `InkError` with the rule that it breaks.
  init(_ object: JSONValue) throws {
    let drawing = try Drawing(object, line: 1)
    guard !drawing.strokes.isEmpty else {
      throw object.failure("a sheet that is kept has strokes")
    }
    strokeCount = drawing.strokes.count
    guard strokeCount <= Question.strokeLimit else {
      throw InkError.limit(
        "a drawing may have \(Question.strokeLimit) strokes here: \(strokeCount)")
    }
    // One drawing is one line, however the guest has laid it out.
    strokes = try object.require("strokes").text.map { $0 < 0x20 ? 0x20 : $0 }
    let said = object["said"]?.string ?? ""
    self.said = String(said.unicodeScalars.filter { $0.value >= 0x20 }.map(Character.init))
      .prefix(bytes: Self.longestSaid)
  }

  /// What tells this ink from other ink: the same strokes have the same.
  var revision: String { String(fnv1a(strokes), radix: 16) }

  /// The line of its file.
  func line(_ id: SheetID) -> [UInt8] {
    JSONWriter.bytes { json in
      json.beginObject()
      json.put("id", id.text)
      json.put("said", said)
      json.key("strokes")
      json.copy(strokes)
      json.endObject()
      json.endLine()
    }
  }
}

extension String {
  /// The characters from the start that have so many bytes together.
  fileprivate func prefix(bytes most: Int) -> String {
    var count = 0
    return String(
      prefix { character in
        count += character.utf8.count
        return count <= most
      })
  }
}
