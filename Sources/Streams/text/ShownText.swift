// Texts for people: their words may be the input's, which are not to move a terminal's cursor, change its
// colours, nor add lines.

extension String {
  /// The text with a blank for each control character.
  public var withoutControls: String {
    guard unicodeScalars.contains(where: \.isControl) else { return self }
    var text = ""
    for scalar in unicodeScalars { text.unicodeScalars.append(scalar.isControl ? " " : scalar) }
    return text
  }
}

/// A text without control characters, and not without end.
func oneLine(_ message: String) -> String {
  let limit = 1000
  let start = message.unicodeScalars.prefix(limit)
  return String(start).withoutControls + (start.endIndex < message.endIndex ? "..." : "")
}

extension ByteWriter {
  /// Writes lines of text, each without control characters.
  public func write(lines: [String]) {
    for line in lines { write(line.withoutControls + "\n") }
  }
}

extension Unicode.Scalar {
  /// Whether it is no character but something that terminals and line readers obey.
  var isControl: Bool { value < 0x20 || (0x7f...0x9f).contains(value) }
}
