extension ConvolutionShape {
  /// Multiplications and additions of the forward pass, those with the zeros of the padding left out.
  ///
  /// In Double, since large shapes have more of them than an `Int` holds.
  public var usefulOperations: Double {
    let rows = Self.insideElements(
      places: outHeight, kernel: kernelHeight, stride: stride.rows, padding: padding.rows,
      dilation: dilation.rows, size: height)
    let columns = Self.insideElements(
      places: outWidth, kernel: kernelWidth, stride: stride.columns, padding: padding.columns,
      dilation: dilation.columns, size: width)
    return 2 * Double(batch * outChannels * inGroup) * rows * columns
  }

  /// How many elements of a window lie on pixels, summed over its places along one direction.
  private static func insideElements(
    places: Int, kernel: Int, stride: Int, padding: Int, dilation: Int, size: Int
  ) -> Double {
    var count = 0.0
    for place in 0..<places {
      let start = place * stride - padding
      let first = start >= 0 ? 0 : (dilation - 1 - start) / dilation
      let end = size > start ? min(kernel, (size - start + dilation - 1) / dilation) : 0
      count += Double(max(0, end - first))
    }
    return count
  }
}
