// Single elements of results, summed in Double: to check large problems at a sample of places.

extension ConvolutionReference {
  /// The element of the output at `index`.
  public static func output(
    _ s: ConvolutionShape, at index: Int, input: UnsafePointer<Float>,
    weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?
  ) -> Double {
    let (plane, pixel) = index.quotientAndRemainder(dividingBy: s.outPlane)
    let (n, out) = plane.quotientAndRemainder(dividingBy: s.outChannels)
    let (y, x) = pixel.quotientAndRemainder(dividingBy: s.outWidth)
    var sum = Double(bias?[out] ?? 0)
    for channel in 0..<s.inGroup {
      let from = input + (n * s.inChannels + out / s.outGroup * s.inGroup + channel) * s.plane
      let kernel = weight + (out * s.inGroup + channel) * s.kernelHeight * s.kernelWidth
      for r in 0..<s.kernelHeight {
        let row = y * s.stride.rows + r * s.dilation.rows - s.padding.rows
        guard row >= 0, row < s.height else { continue }
        for q in 0..<s.kernelWidth {
          let column = x * s.stride.columns + q * s.dilation.columns - s.padding.columns
          guard column >= 0, column < s.width else { continue }
          sum += Double(from[row * s.width + column]) * Double(kernel[r * s.kernelWidth + q])
        }
      }
    }
    return sum
  }

  /// The element of the input's gradient at `index`.
  public static func gradInput(
    _ s: ConvolutionShape, at index: Int, weight: UnsafePointer<Float>,
    gradOutput: UnsafePointer<Float>
  ) -> Double {
    let (plane, pixel) = index.quotientAndRemainder(dividingBy: s.plane)
    let (n, channel) = plane.quotientAndRemainder(dividingBy: s.inChannels)
    let (row, column) = pixel.quotientAndRemainder(dividingBy: s.width)
    let (group, inside) = channel.quotientAndRemainder(dividingBy: s.inGroup)
    /// Where the window stood that had this pixel under one of its elements; nil where none did.
    func place(
      _ pixel: Int, _ element: Int, _ stride: Int, _ dilation: Int, _ padding: Int,
      _ count: Int
    ) -> Int? {
      let start = pixel + padding - element * dilation
      guard start >= 0, start % stride == 0, start / stride < count else { return nil }
      return start / stride
    }
    var sum = 0.0
    for r in 0..<s.kernelHeight {
      guard
        let y = place(row, r, s.stride.rows, s.dilation.rows, s.padding.rows, s.outHeight)
      else { continue }
      for q in 0..<s.kernelWidth {
        guard
          let x = place(
            column, q, s.stride.columns, s.dilation.columns, s.padding.columns, s.outWidth)
        else { continue }
        for out in group * s.outGroup..<(group + 1) * s.outGroup {
          let gradient = gradOutput[((n * s.outChannels + out) * s.outHeight + y) * s.outWidth + x]
          let kernel = (out * s.inGroup + inside) * s.kernelHeight * s.kernelWidth
          sum += Double(gradient) * Double(weight[kernel + r * s.kernelWidth + q])
        }
      }
    }
    return sum
  }

  /// The element of the weights' gradient at `index`.
  public static func gradWeight(
    _ s: ConvolutionShape, at index: Int, input: UnsafePointer<Float>,
    gradOutput: UnsafePointer<Float>
  ) -> Double {
    let (kernel, element) = index.quotientAndRemainder(dividingBy: s.kernelHeight * s.kernelWidth)
    let (out, channel) = kernel.quotientAndRemainder(dividingBy: s.inGroup)
    let (r, q) = element.quotientAndRemainder(dividingBy: s.kernelWidth)
    var sum = 0.0
    for n in 0..<s.batch {
      let from = input + (n * s.inChannels + out / s.outGroup * s.inGroup + channel) * s.plane
      let gradient = gradOutput + (n * s.outChannels + out) * s.outPlane
      for y in 0..<s.outHeight {
        let row = y * s.stride.rows + r * s.dilation.rows - s.padding.rows
        guard row >= 0, row < s.height else { continue }
        for x in 0..<s.outWidth {
          let column = x * s.stride.columns + q * s.dilation.columns - s.padding.columns
          guard column >= 0, column < s.width else { continue }
          sum += Double(from[row * s.width + column]) * Double(gradient[y * s.outWidth + x])
        }
      }
    }
    return sum
  }

  /// The element of the bias's gradient of a channel.
  public static func gradBias(
    _ s: ConvolutionShape, at channel: Int, gradOutput: UnsafePointer<Float>
  ) -> Double {
    var sum = 0.0
    for n in 0..<s.batch {
      let gradient = gradOutput + (n * s.outChannels + channel) * s.outPlane
      for pixel in 0..<s.outPlane { sum += Double(gradient[pixel]) }
    }
    return sum
  }
}

extension LinearReference {
  /// The element of the output at a row and a column.
  public static func output(
    inputs: Int, row: Int, column: Int, input: UnsafePointer<Float>, weight: UnsafePointer<Float>,
    bias: UnsafePointer<Float>?
  ) -> Double {
    var sum = Double(bias?[column] ?? 0)
    for i in 0..<inputs {
      sum += Double(input[row * inputs + i]) * Double(weight[column * inputs + i])
    }
    return sum
  }

  /// One element of a · b, or of aᵀ · b where the rows of `a` are read as columns.
  ///
  /// The input's gradient is gradOutput · weight, the weights' gradient gradOutputᵀ · input.
  public static func product(
    depth: Int, a: UnsafePointer<Float>, aStep: Int, b: UnsafePointer<Float>, bStep: Int
  ) -> Double {
    var sum = 0.0
    for d in 0..<depth { sum += Double(a[d * aStep]) * Double(b[d * bStep]) }
    return sum
  }
}
