#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension ByteReader {
  /// What is wrong where a line has a carriage return within.
  public static let bareReturns =
    "lines must end with LF or CRLF, these end with CR alone: tr '\\r' '\\n' < FILE makes them so"

  /// Each line of each source, without its end (LF or CRLF).
  ///
  /// A byte order mark is taken off, blank lines are left out; `lineNumber` counts them all, from 1
  /// in each source. The bytes are good inside `body` only. A line over `limits.line` is a bad record.
  public func lines(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    try forEachSource { try linesOfSource(body) }
  }

  /// The same of the current source alone: for tools that read other formats too.
  public func linesOfSource(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    lineNumber = 0
    guard try holds("text", unless: { $0.isBinary }) else { return }
    if try peek(1).first == 0xef, try peek(3).elementsEqual([0xef, 0xbb, 0xbf]) { skip(3) }
    while true {
      // Many empty lines are passed at once: 2 MB of gzip hold two thousand million.
      let empty = window.prefix { $0 == 0x0a }.count
      skip(empty)
      lineNumber += empty + 1
      let (length, end) = try lineHere()
      if length - end > limits.line {
        try refuseLongLine()
        continue
      }
      guard length > 0 else { break }
      let line = UnsafeRawBufferPointer(rebasing: window[..<(length - end)])
      if line.contains(where: { $0 != 0x20 && $0 != 0x09 }) { try body(line) }
      skip(length)
    }
  }

  /// One JSON object a line; each is one `badRecords.attempt`.
  ///
  /// The value is good inside `body` only. Throws `badData` at name:line:column where a line is
  /// not JSON, or holds anything else than an object.
  public func ndjson(_ body: (JSONValue) throws -> Void) throws {
    try forEachSource { try ndjsonOfSource(body) }
  }

  /// The same of the current source alone: for tools that read other formats too.
  ///
  /// `then` runs after each record, and what it throws is not that record's failure: for work on what
  /// the record has completed.
  public func ndjsonOfSource(
    _ body: (JSONValue) throws -> Void, then: () throws -> Void = {}
  ) throws {
    guard try holdsJSON() else { return }
    let tape = JSONTape()
    try linesOfSource { line in
      try badRecords.attempt("\(name):\(lineNumber)") {
        try tape.load(line, name: name, line: lineNumber)
        defer { tape.unload() }
        let value = JSONValue(tape)
        guard value.kind == .object else {
          throw value.failure("expected an object, got \(value.kindName)")
        }
        try body(value)
      }
      try then()
    }
  }

  /// Brings the line that starts here into the window, or as much of it as shows it is too long.
  ///
  /// Returns its length with its end, and how much of that the end is; 0 at the end of the source.
  private func lineHere() throws -> (length: Int, end: Int) {
    var scanned = 0
    repeat {
      let bytes = window
      if let start = bytes.baseAddress,
        let newline = memchr(start + scanned, 0x0a, bytes.count - scanned)
      {
        let length = UnsafeRawPointer(newline) - start + 1
        return (length, length > 1 && bytes[length - 2] == 0x0d ? 2 : 1)
      }
      scanned = bytes.count
    } while try scanned <= limits.line + 1 && fill()
    return (window.count, window.last == 0x0d ? 1 : 0)
  }

  /// Counts the line that starts here as bad and goes to its end, keeping nothing of it.
  private func refuseLongLine() throws {
    try badRecords.attempt("\(name):\(lineNumber)") {
      throw Failure.badData(
        "\(name):\(lineNumber)", "line is over \(limits.line) bytes; see --max-line")
    }
    while case let bytes = try available(), let start = bytes.baseAddress, !bytes.isEmpty {
      if let newline = memchr(start, 0x0a, bytes.count) {
        return skip(UnsafeRawPointer(newline) - start + 1)
      }
      skip(bytes.count)
    }
  }
}

extension ByteReader {
  /// Each line as a JSON object where it starts with `{`, else as text; each is one record.
  ///
  /// Throws `badData` where a line of text is not UTF-8 or has control characters.
  public func textOrObjects(
    text: (String) throws -> Void, object: (JSONValue) throws -> Void
  ) throws {
    let tape = JSONTape()
    try forEachSource {
      guard try holdsJSON() else { return }
      try linesOfSource { line in
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
