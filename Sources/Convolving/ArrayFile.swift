import Streams

/// An npy file that holds one array.
public func oneArray(_ path: String) throws -> NpyArray {
  let arrays = try manyArrays(path)
  guard arrays.count == 1 else {
    throw Failure.badData(path, "file must hold one array: \(arrays.count)")
  }
  return arrays[0]
}

/// The arrays of an npy file.
public func manyArrays(_ path: String) throws -> [NpyArray] {
  var arrays: [NpyArray] = []
  try ByteReader([path]).arrays { arrays.append($0) }
  return arrays
}
