extension ByteReader {
  /// Each line as a JSON object where it starts with `{`, else as text; each is one record.
  ///
  /// Throws `badData` where a line of text is not UTF-8 or has control characters.
  public func textOrObjects(
    text: (String) throws -> Void, object: (JSONValue) throws -> Void
  ) throws {
    let tape = JSONTape()
    try lines { line in
      try badRecords.attempt("\(name):\(lineNumber)") {
        if line.first(where: { $0 != 0x20 && $0 != 0x09 }) == UInt8(ascii: "{") {
          try tape.load(line, name: name, line: lineNumber)
          defer { tape.unload() }
          try object(JSONValue(tape))
        } else {
          try text(try plainText(line))
        }
      }
    }
  }

  private func plainText(_ line: UnsafeRawBufferPointer) throws -> String {
    for (index, byte) in line.enumerated() where byte < 0x20 && byte != 0x09 {
      throw Failure.badData(
        "\(name):\(lineNumber):\(index + 1)", "text has the control character \(byte)")
    }
    guard let text = String(validating: line, as: UTF8.self) else {
      throw Failure.badData("\(name):\(lineNumber)", "text is not UTF-8")
    }
    return text
  }
}
