import NeuralNet
import Streams

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
