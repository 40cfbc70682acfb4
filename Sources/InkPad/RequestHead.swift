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
      value.lowercased().utf8.split(separator: UInt8(ascii: ","))
        .contains { trimmed($0).elementsEqual(word.utf8) }
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
  /// RFC 9112, strictly: folded lines, spaces before a colon, control characters are refused. It goes
  /// by bytes: by Swift's characters, a space before a combining mark would be no space.
  init?(_ bytes: some Sequence<UInt8>) {
    guard let text = String(validating: Array(bytes), as: UTF8.self) else { return nil }
    var lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .map { $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0 }
    guard !lines.joined().contains(where: isControl) else { return nil }
    // What ends without an end of a line keeps its CR, which is a control character.
    guard text.utf8.last != UInt8(ascii: "\r") else { return nil }
    let words = lines.removeFirst().split(
      separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    guard words.count == 3, ["HTTP/1.1", "HTTP/1.0"].contains(Substring(words[2])),
      !words[1].isEmpty, words[1].allSatisfy({ $0 > 0x20 }),
      !words[0].isEmpty, words[0].allSatisfy({ (0x41...0x5a).contains($0) })
    else { return nil }
    method = String(Substring(words[0]))
    target = String(Substring(words[1]))
    headers = [:]
    for line in lines {
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
        line[..<colon].allSatisfy({ $0 > 0x20 && $0 < 0x7f })
      else { return nil }
      headers[Substring(line[..<colon]).lowercased(), default: []].append(
        String(Substring(trimmed(line[line.index(after: colon)...]))))
    }
  }
}

/// Control characters but for tabs; the ends of lines are gone.
private func isControl(_ byte: UInt8) -> Bool {
  byte < 0x20 && byte != UInt8(ascii: "\t") || byte == 0x7f
}

private func isSpace(_ byte: UInt8) -> Bool {
  byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
}

private func trimmed(_ text: Substring.UTF8View) -> Substring.UTF8View {
  let rest = text.drop(while: isSpace)
  return rest[..<(rest.lastIndex { !isSpace($0) }.map(rest.index(after:)) ?? rest.startIndex)]
}
