import Streams
import Tensor

/// How bytes of a picture become what a network sees: (byte / 255 - mean) / deviation.
public struct Normalisation: Equatable, Sendable, CustomStringConvertible {
  /// The brightness that becomes 0; bytes are from 0 to 1.
  public let mean: Float
  /// The difference of brightness that becomes 1.
  public let deviation: Float

  /// Black becomes -0.5 and white 0.5.
  public init() { (mean, deviation) = (0.5, 1) }

  /// From `mean M std S`; nil where that is not what the words say.
  init?(_ words: some Collection<Substring>) {
    let words = Array(words)
    guard words.count == 4, words[0] == "mean", words[2] == "std",
      let mean = Float(words[1]), mean.isFinite,
      let deviation = Float(words[3]), deviation >= 1e-6, deviation.isFinite
    else { return nil }
    self.mean = mean
    self.deviation = deviation
  }

  /// The words that give it again.
  public var description: String { "mean \(mean) std \(deviation)" }

  /// The factor of a byte, and what is added then.
  private var line: (factor: Float, offset: Float) {
    (1 / (255 * deviation), -mean / deviation)
  }

  /// Bytes as a network sees them.
  public func apply(
    _ bytes: UnsafePointer<UInt8>, _ target: UnsafeMutablePointer<Float>, count: Int
  ) {
    Elementwise.current.scaleBytes(count, bytes, line.factor, line.offset, target)
  }

  /// Bytes that are floats already, in place.
  public func apply(_ values: UnsafeMutablePointer<Float>, count: Int) {
    let (factor, offset) = line
    for i in 0..<count { values[i] = values[i] * factor + offset }
  }
}

/// The bytes of an idx or npy file whose last dimensions are `trailing`.
///
/// An npy table gives its field `image`; integers of other types must fit a byte.
public func readBytes(_ path: String, trailing: [Int]) throws -> [UInt8] {
  let reader = ByteReader([path])
  guard try reader.nextSource() else { return [] }
  if IdxFile.starts(try reader.peek(4)) {
    let file = try reader.idx()
    guard Array(file.shape.dropFirst()) == trailing else {
      throw Failure.badData(path, wrongShape(file.shape, trailing))
    }
    return file.bytes
  }
  var bytes: [UInt8] = []
  try reader.arraysOfSource { array in bytes += try byteRows(array, trailing: trailing) }
  return bytes
}

/// What to say of a shape that does not end in `trailing`.
public func wrongShape(_ shape: [Int], _ trailing: [Int]) -> String {
  let expected = ["N"] + trailing.map(String.init)
  return "shape is \(shape), expected [\(expected.joined(separator: ", "))]"
}

/// The bytes of one array whose last dimensions are `trailing`, or of the `image` field of its rows.
public func byteRows(_ array: NpyArray, trailing: [Int]) throws -> [UInt8] {
  switch array.type {
  case .structured:
    let field = try array.field("image", .uint8, trailing)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(array.count * field.size)
    for row in 0..<array.count { bytes.append(contentsOf: array.bytes(field, row: row)) }
    return bytes
  case .plain(let scalar):
    guard array.shape == trailing || Array(array.shape.dropFirst()) == trailing else {
      throw NetworkError.model(wrongShape(array.shape, trailing))
    }
    if scalar == .uint8 { return array.bytes }
    guard trailing.isEmpty, scalar == .int32 || scalar == .int64 else {
      throw NetworkError.model("array is '\(scalar.description)', expected '|u1'")
    }
    return try array.floats().map { value in
      guard let byte = UInt8(exactly: value) else {
        throw NetworkError.model("label must be in 0...255: \(value)")
      }
      return byte
    }
  }
}
