/// One parsed JSON text: a flat tape of nodes over its bytes.
///
/// One tape is used for all lines of a stream. A container is a node, its content, and a closing node; a
/// member is a key node and its value.
final class JSONTape {
  /// What a node is.
  ///
  /// `escaped` strings need decoding, the others are their bytes.
  enum Tag: UInt8 {
    case null, no, yes, number, string, escaped, array, object, close
  }

  /// 16 bytes a node.
  struct Node {
    /// What it holds.
    ///
    /// number: bits of the double. string: closing quote (low half), key's hash (high half).
    /// container: count of elements (low half), index of the node behind it (high half).
    var payload: UInt64
    /// Where the text of the node starts: its quote, bracket or first character.
    var start: UInt32
    var tag: Tag

    var low: Int { Int(UInt32(truncatingIfNeeded: payload)) }
    var high: Int { Int(payload >> 32) }
    var double: Double { Double(bitPattern: payload) }
  }

  /// The deepest nesting of arrays and objects that is read.
  static let depthLimit = 512

  private(set) var nodes: UnsafeMutablePointer<Node>
  private(set) var capacity: Int
  /// The text that the nodes are about.
  private(set) var text = UnsafeRawBufferPointer(start: nil, count: 0)
  /// The source and line that the text is in, for diagnostics.
  private(set) var name = ""
  private(set) var line = 1
  /// Grows with each text, so that a value kept from an earlier one is caught.
  private(set) var generation: UInt32 = 0
  /// The keys of an object by their hashes, while they are held against each other.
  var sortedKeys: [UInt64] = []
  /// Indices of the containers that are open.
  let open: UnsafeMutablePointer<Int>

  init() {
    capacity = 256
    nodes = .allocate(capacity: capacity)
    open = .allocate(capacity: Self.depthLimit)
  }

  deinit {
    nodes.deallocate()
    open.deallocate()
  }

  /// Parses a text; throws `badData` where it is not JSON.
  func load(_ text: UnsafeRawBufferPointer, name: String, line: Int) throws {
    generation &+= 1
    self.text = text
    self.name = name
    self.line = line
    guard text.count < Int(UInt32.max) else {
      throw Failure.badData("\(name):\(line)", "JSON text is over 4 GiB")
    }
    try parse()
  }

  /// Forgets the text, which belongs to the reader's buffer.
  func unload() {
    generation &+= 1
    text = UnsafeRawBufferPointer(start: nil, count: 0)
  }

  /// Makes room for more nodes.
  func grow() {
    let larger = UnsafeMutablePointer<Node>.allocate(capacity: 2 * capacity)
    larger.update(from: nodes, count: capacity)
    nodes.deallocate()
    nodes = larger
    capacity *= 2
  }

  /// A failure at a byte of the text: `name:line:column`, columns counted in bytes from 1.
  func failure(at offset: Int, _ rule: String) -> Failure {
    let before = text.prefix(offset)
    let newlines = before.reduce(0) { $0 + ($1 == 0x0a ? 1 : 0) }
    let lineStart = before.lastIndex(of: 0x0a).map { $0 + 1 } ?? 0
    return .badData("\(name):\(line + newlines):\(offset - lineStart + 1)", rule)
  }

  /// The index of the node behind a value.
  @inline(__always) func next(_ index: Int) -> Int {
    let node = nodes[index]
    return node.tag == .array || node.tag == .object ? node.high : index + 1
  }
}
