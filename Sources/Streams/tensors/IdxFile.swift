/// A tensor of bytes in the idx format of the MNIST files.
///
/// Source: the description on the MNIST page: two zero bytes, the type (8 is unsigned byte), the
/// number of dimensions, each dimension as a big-endian 32-bit integer, then the data in C order.
public struct IdxFile: Sendable {
  /// The size of each dimension, outermost first.
  public let shape: [Int]
  /// One byte an element.
  public let bytes: [UInt8]

  /// The types that idx knows, as its third byte has them.
  static let types: [UInt8: String] = [
    0x08: "unsigned bytes", 0x09: "signed bytes", 0x0b: "16-bit integers", 0x0c: "32-bit integers",
    0x0d: "32-bit floats", 0x0e: "64-bit floats",
  ]

  /// Whether a source starts like an idx file, of whatever type.
  public static func starts(_ head: UnsafeRawBufferPointer) -> Bool {
    head.count >= 3 && head[0] == 0 && head[1] == 0 && types[head[2]] != nil
  }
}

extension ByteReader {
  /// The rest of the current source as one idx file; throws `badData` where it is damaged.
  public func idx() throws -> IdxFile {
    func broken(_ rule: String) -> Failure { .badData(name, rule) }
    let head = try peek(4)
    guard head.count == 4 else {
      throw broken("idx header is cut short: expected 4 bytes, got \(head.count)")
    }
    guard head[0] == 0, head[1] == 0 else {
      throw broken("not an idx file: it does not start with two zero bytes")
    }
    guard head[2] == 8 else {
      throw broken(
        IdxFile.types[head[2]].map { "idx file holds \($0), expected unsigned bytes" }
          ?? "idx type is not 8, unsigned bytes: \(head[2])")
    }
    let rank = Int(head[3])
    skip(4)
    let sizes = try peek(4 * rank)
    guard sizes.count == 4 * rank else {
      throw broken(
        "idx header is cut short: expected \(4 + 4 * rank) bytes, got \(4 + sizes.count)")
    }
    let shape = (0..<rank).map { dimension in
      sizes[(4 * dimension)..<(4 * dimension + 4)].reduce(0) { $0 << 8 | Int($1) }
    }
    skip(4 * rank)
    guard let expected = product(of: shape, times: 1) else {
      throw broken("idx shape \(pythonTuple(shape)) overflows")
    }
    let bytes = try bytes(upTo: expected, place: name)
    guard bytes.count == expected else {
      throw broken(
        "idx data of shape \(pythonTuple(shape)): expected \(expected) bytes, got \(bytes.count)")
    }
    guard try peek(1).isEmpty else {
      throw broken("idx data goes on after its \(expected) bytes of shape \(pythonTuple(shape))")
    }
    return IdxFile(shape: shape, bytes: bytes)
  }
}
