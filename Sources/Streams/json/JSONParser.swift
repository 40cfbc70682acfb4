/// The grammar of JSON (RFC 8259), strictly and without recursion.
extension JSONTape {
  /// Parses `text` onto the tape; throws `badData` at the first byte that does not fit.
  func parse() throws {
    var cursor = JSONCursor(self)
    var depth = 0
    value: while true {
      cursor.skipSpace()
      let byte = cursor.byte
      switch byte {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        let isObject = byte == UInt8(ascii: "{")
        guard depth < Self.depthLimit else {
          throw cursor.failure("nesting is over \(Self.depthLimit) levels deep")
        }
        open[depth] = cursor.push(isObject ? .object : .array, 0, at: cursor.position)
        depth += 1
        cursor.position += 1
        cursor.skipSpace()
        // In ASCII a closing bracket is its opening one plus 2.
        guard cursor.byte == byte + 2 else {
          if isObject { try cursor.key("a key or '}'") }
          continue value
        }
        depth -= 1
        try cursor.close(open[depth], count: 0)
      case UInt8(ascii: "\""): try cursor.string(isKey: false)
      case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try cursor.number()
      case UInt8(ascii: "t"): try cursor.word("true", .yes)
      case UInt8(ascii: "f"): try cursor.word("false", .no)
      case UInt8(ascii: "n"): try cursor.word("null", .null)
      default: throw cursor.unexpected("a value")
      }
      while depth > 0 {
        let container = open[depth - 1]
        let isObject = cursor.nodes[container].tag == .object
        cursor.skipSpace()
        if cursor.byte == UInt8(ascii: ",") {
          cursor.position += 1
          cursor.nodes[container].payload &+= 1
          if isObject {
            cursor.skipSpace()
            try cursor.key("a key after ','")
          }
          continue value
        }
        guard cursor.byte == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
          throw cursor.unexpected(
            isObject ? "',' or '}' after a member" : "',' or ']' after an array element")
        }
        depth -= 1
        try cursor.close(container, count: cursor.nodes[container].low + 1)
      }
      cursor.skipSpace()
      guard cursor.position == cursor.end else {
        throw cursor.unexpected("nothing after the value")
      }
      return
    }
  }
}

/// A place in the text and the end of the tape; a struct, whose fields stay in registers.
struct JSONCursor {
  let tape: JSONTape
  let base: UnsafePointer<UInt8>
  let end: Int
  var position = 0
  var nodes: UnsafeMutablePointer<JSONTape.Node>
  private var capacity: Int
  private var count = 0

  init(_ tape: JSONTape) {
    self.tape = tape
    end = tape.text.count
    base =
      tape.text.baseAddress?.assumingMemoryBound(to: UInt8.self)
      ?? UnsafePointer(tape.nodes).withMemoryRebound(to: UInt8.self, capacity: 1) { $0 }
    nodes = tape.nodes
    capacity = tape.capacity
  }

  /// The byte here; 0, which fits nowhere in JSON, at the end.
  @inline(__always) var byte: UInt8 { position < end ? base[position] : 0 }

  @inline(__always) mutating func skipSpace() {
    while position < end, base[position] <= 0x20 {
      let byte = base[position]
      guard byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 else { return }
      position += 1
    }
  }

  /// Adds a node; returns its index.
  @inline(__always) @discardableResult
  mutating func push(_ tag: JSONTape.Tag, _ payload: UInt64, at start: Int) -> Int {
    if count == capacity {
      tape.grow()
      nodes = tape.nodes
      capacity = tape.capacity
    }
    nodes[count] = JSONTape.Node(
      payload: payload, start: UInt32(truncatingIfNeeded: start), tag: tag)
    count += 1
    return count - 1
  }

  /// Closes a container at the bracket here.
  @inline(__always) mutating func close(_ container: Int, count elements: Int) throws {
    push(.close, 0, at: position)
    position += 1
    nodes[container].payload = UInt64(elements) | UInt64(count) << 32
    if elements > 1, nodes[container].tag == .object {
      try tape.refuseDuplicateKeys(container)
    }
  }

  /// A key and its colon.
  @inline(__always) mutating func key(_ expected: String) throws {
    guard byte == UInt8(ascii: "\"") else { throw unexpected(expected) }
    try string(isKey: true)
    skipSpace()
    guard byte == UInt8(ascii: ":") else { throw unexpected("':' after a key") }
    position += 1
  }

  /// `true`, `false` or `null`.
  mutating func word(_ text: StaticString, _ tag: JSONTape.Tag) throws {
    push(tag, 0, at: position)
    for index in 0..<text.utf8CodeUnitCount {
      guard byte == text.utf8Start[index] else { throw unexpected("'\(text)'") }
      position += 1
    }
  }

  /// A failure at the byte here.
  func failure(_ rule: String) -> Failure { tape.failure(at: position, rule) }

  /// A failure that says what was expected and what is here.
  @inline(never) func unexpected(_ expected: String) -> Failure {
    let found: String
    if position >= end {
      found = "the end"
    } else if (0x21...0x7e).contains(byte) {
      found = "'\(Character(Unicode.Scalar(byte)))'"
    } else {
      let digits = String(byte, radix: 16, uppercase: true)
      found = "byte 0x\(digits.count == 1 ? "0" : "")\(digits)"
    }
    return failure("expected \(expected), got \(found)")
  }
}
