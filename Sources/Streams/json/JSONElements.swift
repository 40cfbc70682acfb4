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
