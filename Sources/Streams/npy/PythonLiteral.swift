/// Reads the Python literals that occur in npy headers.
struct PythonLiteral {
  indirect enum Value {
    case string(String)
    case integer(Int)
    case boolean(Bool)
    case tuple([Value])
    case list([Value])
    case dictionary([String: Value])
  }

  private let bytes: UnsafeRawBufferPointer
  private var position = 0
  private var depth = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// One value, and nothing but white space behind it.
  mutating func parse() throws -> Value {
    let value = try value()
    guard next() == nil else { throw NpyError("header goes on after its dictionary") }
    return value
  }

  /// The next byte that is no white space, not consumed.
  private mutating func next() -> UInt8? {
    while position < bytes.count, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[position]) {
      position += 1
    }
    return position < bytes.count ? bytes[position] : nil
  }

  private mutating func accept(_ character: Unicode.Scalar) -> Bool {
    guard next() == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws {
    guard accept(character) else {
      throw NpyError("header has no '\(character)' where one is due, at byte \(position)")
    }
  }

  private mutating func value() throws -> Value {
    depth += 1
    defer { depth -= 1 }
    guard depth <= 8 else { throw NpyError("header is nested more than 8 deep") }
    switch next() {
    case UInt8(ascii: "'"), UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "{"): return try dictionary()
    case UInt8(ascii: "["): return .list(try items("[", "]").values)
    case UInt8(ascii: "("):
      let (values, comma) = try items("(", ")")
      // Parentheses around one value without a comma only group.
      return values.count == 1 && !comma ? values[0] : .tuple(values)
    default: return try word()
    }
  }

  private mutating func items(
    _ open: Unicode.Scalar, _ close: Unicode.Scalar
  ) throws -> (values: [Value], comma: Bool) {
    try expect(open)
    var values: [Value] = []
    var comma = false
    while !accept(close) {
      guard values.isEmpty || comma else {
        throw NpyError("header has no ',' where one is due, at byte \(position)")
      }
      values.append(try value())
      comma = accept(",")
    }
    return (values, comma)
  }

  private mutating func dictionary() throws -> Value {
    try expect("{")
    var entries: [String: Value] = [:]
    var comma = true
    while !accept("}") {
      guard comma else { throw NpyError("header has no ',' where one is due") }
      guard next() == UInt8(ascii: "'") || next() == UInt8(ascii: "\"") else {
        throw NpyError("header has a key that is no string, at byte \(position)")
      }
      let key = try string()
      try expect(":")
      guard entries.updateValue(try value(), forKey: key) == nil else {
        throw NpyError("header has the key '\(key)' twice")
      }
      comma = accept(",")
    }
    return .dictionary(entries)
  }

  private mutating func string() throws -> String {
    let quote = bytes[position]
    guard let end = bytes[(position + 1)...].firstIndex(of: quote) else {
      throw NpyError("header has a string without an end")
    }
    let content = bytes[(position + 1)..<end]
    guard !content.contains(UInt8(ascii: "\\")),
      let text = String(validating: content, as: UTF8.self)
    else { throw NpyError("header has a string with escapes or bad UTF-8") }
    position = end + 1
    return text
  }

  private mutating func word() throws -> Value {
    let start = position
    while position < bytes.count, isWord(bytes[position]) { position += 1 }
    var text = String(decoding: bytes[start..<position], as: UTF8.self)
    if text == "True" { return .boolean(true) }
    if text == "False" { return .boolean(false) }
    // NumPy under Python 2 wrote long integers with an L.
    if text.hasSuffix("L") { text.removeLast() }
    guard let number = Int(text) else {
      throw NpyError("header has neither a string, a number, True nor False: '\(text)'")
    }
    return .integer(number)
  }

  private func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "+"):
      true
    default: false
    }
  }
}
