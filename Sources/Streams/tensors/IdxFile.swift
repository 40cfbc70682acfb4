/// A tensor of bytes in the idx format of the MNIST files.
///
/// Source: the description on the MNIST page: two zero bytes, the type (8 is unsigned byte), the
/// number of dimensions, each dimension as a big-endian 32-bit integer, then the data in C order.
public struct IdxFile: Sendable {
  /// The size of each dimension, outermost first.
  public let shape: [Int]
  /// One byte an element.
  public let bytes: [UInt8]

  /// Whether a source starts like an idx file of bytes.
  public static func starts(_ head: UnsafeRawBufferPointer) -> Bool {
    head.count >= 3 && head[0] == 0 && head[1] == 0 && head[2] == 8
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
    guard head[2] == 8 else { throw broken("idx type is not 8, unsigned byte: \(head[2])") }
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
