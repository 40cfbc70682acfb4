import Ink
import Mechanics
import Streams

/// The ink of a sheet with the characters that were chosen by hand, and what was read in it.
struct Sheet: Equatable, Sendable {
  /// `strokes` and `chosen` as the members of a record, in one line.
  let members: [UInt8]
  let strokeCount: Int
  /// What the page shows of it in its list.
  let said: String

  /// The most bytes of `said`.
  static let longestSaid = 200

  /// Takes an object with strokes; throws `Failure` or `InkError` with the rule that it breaks.
  init(_ object: JSONValue) throws {
    let (drawing, members) = try Question.drawing(object)
    guard !drawing.strokes.isEmpty else {
      throw object.failure("a sheet that is kept has strokes")
    }
    strokeCount = drawing.strokes.count
    self.members = members
    let said = object["said"]?.string ?? ""
    self.said = String(said.unicodeScalars.filter { $0.value >= 0x20 }.map(Character.init))
      .prefix(bytes: Self.longestSaid)
  }

  /// What tells this ink from other ink: the same strokes and choices have the same.
  var revision: String { String(fnv1a(members), radix: 16) }

  /// The line of its file.
  func line(_ id: SheetID) -> [UInt8] {
    let head = JSONWriter.bytes { json in
      json.beginObject()
      json.put("id", id.text)
      json.put("said", said)
      json.endObject()
    }
    return head.dropLast() + [UInt8(ascii: ",")] + members + Array("}\n".utf8)
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
