/// The request line of an HTTP/1.1 request, and its headers.
struct RequestHead: Equatable {
  /// `GET`.
  var method: String
  /// The path and what comes after it, as the guest wrote it: nothing is decoded.
  var target: String
  /// The headers by their names in lower case; one that came twice holds both values.
  var headers: [String: [String]]

  /// What stands before the question mark.
  var path: Substring { target.prefix { $0 != "?" } }

  /// The value of a header that must not come twice; nil where it is absent, or came twice.
  subscript(name: String) -> String? {
    guard let values = headers[name], values.count == 1 else { return nil }
    return values[0]
  }

  /// Whether a header with a list of words has this one among them.
  func lists(_ word: String, in name: String) -> Bool {
    (headers[name] ?? []).contains { value in
      value.lowercased().split(separator: ",").contains { trimmed($0) == word }
    }
  }

  /// The size of the body that comes after it; nil where it says nothing that makes sense.
  var bodySize: Int? {
    guard headers["transfer-encoding"] == nil else { return nil }
    guard headers["content-length"] != nil else { return 0 }
    guard let text = self["content-length"], !text.isEmpty, text.utf8.count < 19,
      text.utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else { return nil }
    return Int(text)
  }

  /// Reads the bytes before the blank line; nil where they are no request.
  ///
  /// RFC 9112, strictly: folded lines, spaces before a colon, control characters are refused.
  init?(_ bytes: some Sequence<UInt8>) {
    guard let text = String(validating: Array(bytes), as: UTF8.self),
      !text.contains(where: isControl)
    else { return nil }
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: isLineEnd)
    guard !lines.isEmpty else { return nil }
    let words = lines.removeFirst().split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 3, words[2] == "HTTP/1.1" || words[2] == "HTTP/1.0",
      !words[1].isEmpty, words[1].utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f }),
      !words[0].isEmpty, words[0].allSatisfy({ $0.isASCII && $0.isUppercase })
    else { return nil }
    method = String(words[0])
    target = String(words[1])
    headers = [:]
    for line in lines {
      guard let colon = line.firstIndex(of: ":"), colon > line.startIndex,
        line[..<colon].utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
      else { return nil }
      headers[line[..<colon].lowercased(), default: []].append(
        trimmed(line[line.index(after: colon)...]))
    }
  }
}

/// Control characters but for tabs and the ends of lines: a CR alone is one.
private func isControl(_ character: Character) -> Bool {
  !isLineEnd(character) && character != "\t"
    && character.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7f }
}

/// A line ends with LF, or with CR and LF, which Swift takes for one character.
private func isLineEnd(_ character: Character) -> Bool { character == "\n" || character == "\r\n" }

private func trimmed(_ text: Substring) -> String {
  let isSpace = { (character: Character) in character == " " || character == "\t" }
  guard let first = text.firstIndex(where: { !isSpace($0) }),
    let last = text.lastIndex(where: { !isSpace($0) })
  else { return "" }
  return String(text[first...last])
}
