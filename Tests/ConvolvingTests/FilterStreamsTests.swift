import Convolving
import Streams
import Tensor
import TestFolders
import Testing

/// Streams of arrays: as many gradients as inputs, one weight.
@Suite struct FilterStreamsTests {
  private func save(_ arrays: [NpyArray], _ path: String) throws {
    let output = try ByteWriter(path)
    for array in arrays { output.write(array) }
    try output.finish()
  }

  /// The shapes that come of so many inputs, with so many gradients where they are counted.
  private func shapes(inputs: Int, gradients: Int?) throws -> [[Int]] {
    let filter = try ConvolutionFilter(
      weight: NpyArray([1, 2], shape: [1, 1, 2]), bias: nil, .init(), workers: Workers(1))
    return try withFolder { folder in
      let x = NpyArray([1, 2, 3], shape: [1, 1, 3])
      try save(Array(repeating: x, count: inputs), "\(folder)/x")
      if let gradients {
        let gradient = NpyArray([1, 1], shape: [1, 1, 2])
        try save(Array(repeating: gradient, count: gradients), "\(folder)/g")
      }
      let output = try ByteWriter("\(folder)/out")
      try filter.run(
        ByteReader(["\(folder)/x"]), output, gradients: gradients.map { _ in "\(folder)/g" })
      try output.finish()
      return try manyArrays("\(folder)/out").map(\.shape)
    }
  }

  @Test("an output for each input; with gradients those of input, weight and bias")
  func counts() throws {
    for count in 0...2 {
      #expect(
        try shapes(inputs: count, gradients: nil) == Array(repeating: [1, 1, 2], count: count))
      let three = [[1, 1, 3], [1, 1, 2], [1]]
      #expect(
        try shapes(inputs: count, gradients: count)
          == Array(repeating: three, count: count).flatMap { $0 })
    }
  }

  @Test("a gradient without an input, or an input without a gradient, is refused")
  func others() throws {
    for (inputs, gradients, rule) in [
      (1, 0, "array 1 is missing: there are 0"), (2, 1, "array 2 is missing: there are 1"),
      (1, 2, "each gradient must have an input: 2 and 1"),
    ] {
      let failure = #expect(throws: Failure.self) {
        try shapes(inputs: inputs, gradients: gradients)
      }
      #expect(failure.map { "\($0)".contains(rule) } == true, "\(inputs), \(gradients)")
    }
    // No input is no fault of the file beside it.
    #expect(try shapes(inputs: 0, gradients: 2).isEmpty)
  }

  @Test("a file of one array has one")
  func single() throws {
    try withFolder { folder in
      for count in 0...2 {
        try save(Array(repeating: NpyArray([1], shape: [1]), count: count), "\(folder)/w")
        #expect(((try? oneArray("\(folder)/w")) != nil) == (count == 1), "\(count)")
        #expect(try manyArrays("\(folder)/w").count == count)
      }
    }
  }
}
