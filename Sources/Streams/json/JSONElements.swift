#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The elements of an array, in order.
public struct JSONElements: Sequence, IteratorProtocol {
  private let tape: JSONTape
  private let generation: UInt32
  private var index: Int

  /// From the index of the first element; nil for none.
  init(_ tape: JSONTape, _ first: Int?, _ generation: UInt32) {
    self.tape = tape
    self.generation = generation
    index = first ?? -1
  }

  /// The next element.
  public mutating func next() -> JSONValue? {
    precondition(generation == tape.generation, "JSON elements were kept beyond their line")
    guard index >= 0, tape.nodes[index].tag != .close else { return nil }
    let element = index
    index = tape.next(element)
    return JSONValue(tape, element)
  }
}

/// The members of an object, in order.
public struct JSONMembers: Sequence, IteratorProtocol {
  private let tape: JSONTape
  private let generation: UInt32
  private var index: Int

  /// From the index of the first key; nil for none.
  init(_ tape: JSONTape, _ first: Int?, _ generation: UInt32) {
    self.tape = tape
    self.generation = generation
    index = first ?? -1
  }

  /// The next member.
  public mutating func next() -> (key: String, value: JSONValue)? {
    precondition(generation == tape.generation, "JSON members were kept beyond their line")
    guard index >= 0, tape.nodes[index].tag != .close else { return nil }
    let key = index
    index = tape.next(key + 1)
    return (tape.string(key), JSONValue(tape, key + 1))
  }
}

/// A key as it stands in its line; good as long as that is.
public struct JSONKey {
  private let content: UnsafeRawBufferPointer
  private let isEscaped: Bool

  init(_ content: UnsafeRawBufferPointer, isEscaped: Bool) {
    (self.content, self.isEscaped) = (content, isEscaped)
  }

  /// Whether it has these bytes.
  public func isSame(as bytes: UnsafeRawBufferPointer) -> Bool {
    guard !isEscaped else { return JSONTape.unescape(content).elementsEqual(bytes) }
    guard content.count == bytes.count else { return false }
    guard let one = content.baseAddress, let other = bytes.baseAddress else { return true }
    return memcmp(one, other, content.count) == 0
  }

  /// Its text.
  public var text: String {
    isEscaped
      ? String(decoding: JSONTape.unescape(content), as: UTF8.self)
      : String(decoding: content, as: UTF8.self)
  }
}
