/// A cursor into one parsed line: no allocation a value.
///
/// It points into the reader's buffer and is good only inside the `body` that it was given to.
public struct JSONValue {
  /// What a value is.
  public enum Kind: Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case boolean
    /// A number.
    case number
    /// A string.
    case string
    /// An array.
    case array
    /// An object.
    case object
  }

  private let current: JSONTape
  private let index: Int
  private let generation: UInt32

  /// The value at an index of the tape.
  @inline(__always) init(_ tape: JSONTape, _ index: Int = 0) {
    current = tape
    self.index = index
    generation = tape.generation
  }

  private var tape: JSONTape {
    precondition(generation == current.generation, "a JSONValue was kept beyond its line")
    return current
  }

  private var node: JSONTape.Node { tape.nodes[index] }

  /// What the value is.
  public var kind: Kind {
    switch node.tag {
    case .null, .close: .null
    case .no, .yes: .boolean
    case .number: .number
    case .string, .escaped: .string
    case .array: .array
    case .object: .object
    }
  }

  /// The number, rounded to the nearest double; nil unless the value is one.
  public var double: Double? {
    let node = node
    return node.tag == .number ? node.double : nil
  }

  /// The number, exactly; nil unless the value is one without fraction that fits.
  public var int: Int? { node.tag == .number ? tape.integer(index) : nil }

  /// The truth value; nil unless the value is one.
  public var bool: Bool? {
    switch node.tag {
    case .yes: true
    case .no: false
    default: nil
    }
  }

  /// The text of a string; nil unless the value is one.
  public var string: String? {
    let tag = node.tag
    return tag == .string || tag == .escaped ? tape.string(index) : nil
  }

  /// The value under a key; nil when absent or when this is not an object.
  public subscript(key: String) -> JSONValue? {
    guard node.tag == .object else { return nil }
    return tape.find(key, in: index).map { JSONValue(current, $0) }
  }

  /// How many elements an array, or members an object, has; else 0.
  public var count: Int {
    let node = node
    return node.tag == .array || node.tag == .object ? node.low : 0
  }

  /// The elements of an array, in order; none unless the value is one.
  public var elements: JSONElements {
    JSONElements(tape, node.tag == .array ? index + 1 : nil, generation)
  }

  /// The members of an object, in order; none unless the value is one.
  public var members: JSONMembers {
    JSONMembers(tape, node.tag == .object ? index + 1 : nil, generation)
  }

  /// Each member of an object in order, without a text for its key; none unless the value is one.
  public func eachMember(_ body: (JSONKey, JSONValue) throws -> Void) rethrows {
    let tape = tape
    guard node.tag == .object else { return }
    var place = index + 1
    while tape.nodes[place].tag != .close {
      let key = JSONKey(tape.content(place), isEscaped: tape.nodes[place].tag == .escaped)
      try body(key, JSONValue(tape, place + 1))
      place = tape.next(place + 1)
    }
  }

  /// The value under a key; throws `badData` where it is absent.
  public func require(_ key: String) throws -> JSONValue {
    guard node.tag == .object else { throw failure("expected an object, got \(kindName)") }
    guard let value = self[key] else { throw failure("key '\(key)' is missing") }
    return value
  }

  /// Appends the numbers of an array; throws `badData` where this is anything else.
  public func doubles(into numbers: inout [Double]) throws {
    let node = node
    guard node.tag == .array else { throw failure("expected an array of numbers, got \(kindName)") }
    let nodes = tape.nodes
    numbers.reserveCapacity(numbers.count + node.low)
    // Numbers are one node each, so they follow each other.
    for place in index + 1..<index + 1 + node.low {
      guard nodes[place].tag == .number else {
        let value = JSONValue(current, place)
        throw value.failure("expected a number, got \(value.kindName)")
      }
      numbers.append(nodes[place].double)
    }
  }

  /// A `badData` at this value's name:line:column, columns counted in bytes from 1.
  public func failure(_ rule: String) -> Failure { tape.failure(at: Int(node.start), rule) }

  /// The value as diagnostics call it: `a number`, `null`.
  public var kindName: String {
    switch kind {
    case .null: "null"
    case .boolean: "a boolean"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }

  /// How many bytes a number in an object or array is written in at most: to what comes next.
  public var longestLength: Int { Int(tape.nodes[index + 1].start) - Int(node.start) - 1 }

  /// The value as it is written.
  public var text: UnsafeRawBufferPointer {
    let node = node
    let start = Int(node.start)
    switch node.tag {
    case .null, .yes: return UnsafeRawBufferPointer(rebasing: tape.text[start..<start + 4])
    case .no: return UnsafeRawBufferPointer(rebasing: tape.text[start..<start + 5])
    case .string, .escaped: return UnsafeRawBufferPointer(rebasing: tape.text[start...node.low])
    case .number: return tape.numberText(index)
    case .array, .object, .close:
      let last = Int(tape.nodes[max(index, tape.next(index) - 1)].start)
      return UnsafeRawBufferPointer(rebasing: tape.text[start...last])
    }
  }
}

/// Parses one JSON text that stands alone, such as a header; what `body` gets is good inside it only.
///
/// `name` is the place that diagnostics begin with.
public func withJSON<Result>(
  _ text: UnsafeRawBufferPointer, name: String, _ body: (JSONValue) throws -> Result
) throws -> Result {
  let tape = JSONTape()
  try tape.load(text, name: name, line: 1)
  defer { tape.unload() }
  return try body(JSONValue(tape))
}
