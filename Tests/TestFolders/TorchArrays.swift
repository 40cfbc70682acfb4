import Streams

/// The arrays of a file of `testdata/torch`: numbers that PyTorch 2.13 gave.
public func torchArrays(_ name: String) throws -> [NpyArray] {
  var arrays: [NpyArray] = []
  try ByteReader(["\(root)/testdata/torch/\(name).npy"]).arrays { arrays.append($0) }
  return arrays
}
