extension ByteReader {
  /// One JSON object a line, or an array over one line or several; each is one `badRecords.attempt`.
  ///
  /// The value, and the line that it starts on, are good inside `body` only. Throws `badData` at
  /// name:line:column where a text is not JSON.
  public func objectsOrArraysOfSource(_ body: (JSONValue, Int) throws -> Void) throws {
    guard try holdsJSON() else { return }
    let tape = JSONTape()
    func read(_ text: UnsafeRawBufferPointer, _ line: Int) throws {
      try badRecords.attempt("\(name):\(line)") {
        try tape.load(text, name: name, line: line)
        defer { tape.unload() }
        let value = JSONValue(tape)
        guard value.kind == .object || value.kind == .array else {
          throw value.failure("expected an object, got \(value.kindName)")
        }
        try body(value, line)
      }
    }
    var array: ArrayOverLines?
    try linesOfSource { line in
      if array == nil, line.first(where: { $0 > 0x20 }) == UInt8(ascii: "[") {
        array = ArrayOverLines(line: lineNumber)
      }
      guard var open = array else { return try read(line, lineNumber) }
      array = nil
      open.add(line, number: lineNumber)
      if open.isClosed {
        try open.text.withUnsafeBytes { try read($0, open.line) }
      } else {
        guard open.text.count <= limits.line else {
          throw Failure.badData(
            "\(name):\(open.line)", "array is over \(limits.line) bytes; see --max-line")
        }
        array = open
      }
    }
    if let array {
      try badRecords.attempt("\(name):\(array.line)") {
        throw Failure.badData("\(name):\(array.line)", "array is cut short: it has no end")
      }
    }
  }
}

/// The lines of an array, as far as they were read.
private struct ArrayOverLines {
  /// The line that it starts on.
  let line: Int
  private(set) var text: [UInt8] = []
  private var lastLine: Int
  private var depth = 0
  private var isInString = false
  private var isEscaped = false

  init(line: Int) {
    self.line = line
    lastLine = line
  }

  /// Whether all that was opened is closed again.
  var isClosed: Bool { depth <= 0 && !isInString }

  mutating func add(_ bytes: UnsafeRawBufferPointer, number: Int) {
    // Blank lines were left out; diagnostics count them.
    text += [UInt8](repeating: 0x0a, count: number - lastLine)
    lastLine = number
    text += bytes
    for byte in bytes {
      if isInString {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isInString = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): isInString = true
      case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
      default: break
      }
    }
  }
}
