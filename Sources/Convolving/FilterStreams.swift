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

extension ConvolutionFilter {
  /// Writes the output for each array of the input.
  ///
  /// With a file of gradients of the outputs, one for each input, it writes the gradients of input,
  /// weight and bias instead; throws `badData` where the file has fewer or more.
  public func run(_ input: ByteReader, _ output: ByteWriter, gradients path: String?) throws {
    guard let path else {
      try input.arrays { output.write(try forward($0)) }
      return
    }
    let gradients = try manyArrays(path)
    var count = 0
    try input.arrays { array in
      guard count < gradients.count else {
        throw Failure.badData(path, "array \(count + 1) is missing: there are \(count)")
      }
      count += 1
      let own: [NpyArray]
      do {
        own = try backward(array, gradOutput: gradients[count - 1])
      } catch let error as FilterError where error.isOfGradient {
        throw Failure.badData("\(path): array \(count)", error.description)
      }
      for gradient in own { output.write(gradient) }
    }
    guard count == gradients.count || count == 0 else {
      throw Failure.badData(
        path, "each gradient must have an input: \(gradients.count) and \(count)")
    }
  }
}
