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

  /// The text with control characters, and what else turns lines of a terminal about, written as JSON
  /// escapes them: `\n`, `\u001b`.
  var shownEscaped: String {
    guard unicodeScalars.contains(where: { $0.isControl || $0.turnsText }) else { return self }
    return unicodeScalars.reduce(into: "") { text, scalar in
      if scalar.isControl || scalar.turnsText {
        text += scalar.escape
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
  }
}

/// A text without control characters, and not without end.
func oneLine(_ message: String) -> String {
  let limit = 1000
  let start = message.unicodeScalars.prefix(limit)
  return String(start).withoutControls + (start.endIndex < message.endIndex ? "..." : "")
}

/// What a terminal is given of some bytes of text: control characters but line feeds and tabs are escaped.
///
/// nil where nothing is.
func escapedForTerminal(_ bytes: UnsafeRawBufferPointer) -> [UInt8]? {
  func isControl(_ place: Int) -> Bool {
    let byte = bytes[place]
    if byte == 0x0a || byte == 0x09 { return false }
    // Those beyond ASCII are two bytes of UTF-8, C2 80 to C2 9F.
    return byte < 0x20 || byte == 0x7f
      || byte == 0xc2 && place + 1 < bytes.count && (0x80...0x9f).contains(bytes[place + 1])
  }
  guard bytes.indices.contains(where: isControl) else { return nil }
  var (result, place) = ([UInt8](), 0)
  while place < bytes.count {
    if isControl(place) {
      if bytes[place] == 0xc2 { place += 1 }
      result += Array(Unicode.Scalar(bytes[place]).escape.utf8)
    } else {
      result.append(bytes[place])
    }
    place += 1
  }
  return result
}

extension ByteWriter {
  /// Writes lines of text, each without control characters; on a terminal in as many as it needs.
  public func write(lines: [String]) {
    guard let width = terminalWidth else {
      for line in lines { write(line.withoutControls + "\n") }
      return
    }
    for line in lines.flatMap({ $0.shownEscaped.filled(to: width) }) { write(line + "\n") }
  }

  /// Writes a line that names columns, set off where that is wanted.
  func write(header line: String) {
    guard isColoured, !line.isEmpty else { return write(line + "\n") }
    write(controls: "\u{1b}[1m")
    write(line)
    write(controls: "\u{1b}[0m")
    write("\n")
  }
}

extension Unicode.Scalar {
  /// Whether it is no character but something that terminals and line readers obey.
  var isControl: Bool { value < 0x20 || (0x7f...0x9f).contains(value) }

  /// Whether it ends a line or turns what follows about, though it is no control character.
  var turnsText: Bool {
    (0x2028...0x202e).contains(value) || (0x2066...0x2069).contains(value)
  }

  /// As JSON would have it.
  var escape: String {
    switch self {
    case "\n": return "\\n"
    case "\r": return "\\r"
    case "\t": return "\\t"
    default:
      let digits = String(value, radix: 16)
      return "\\u" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }
  }
}
