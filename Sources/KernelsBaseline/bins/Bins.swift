import VectorLanes

extension CompiledKernels {
  /// Counts the numbers of some columns by bins, 1,024 a column.
  ///
  /// Rows stand `stride` numbers apart; `VectorLanes.h` says which bin a number has.
  @inline(never)
  static func countBins(
    _ numbers: UnsafePointer<Float>, _ rows: Int, _ stride: Int, _ columns: Range<Int>,
    _ centers: UnsafePointer<Float>, _ inverses: UnsafePointer<Float>, _ limit: Float,
    _ counts: UnsafeMutablePointer<UInt32>
  ) {
    for row in 0..<rows {
      countBinsOfRow(
        numbers + row * stride, columns.lowerBound, columns.upperBound, centers, inverses, limit,
        counts)
    }
  }

  /// Writes the numbers of some columns whose bins are marked, and returns how many there are.
  ///
  /// The bin's place among those of all columns stands above the number's bits. `target` has room for
  /// all and one more.
  @inline(never)
  static func takeBins(
    _ numbers: UnsafePointer<Float>, _ rows: Int, _ stride: Int, _ columns: Range<Int>,
    _ centers: UnsafePointer<Float>, _ inverses: UnsafePointer<Float>, _ limit: Float,
    _ marks: UnsafePointer<UInt8>, _ target: UnsafeMutablePointer<UInt64>
  ) -> Int {
    var end = target
    for row in 0..<rows {
      end = takeBinsOfRow(
        numbers + row * stride, columns.lowerBound, columns.upperBound, centers, inverses, limit,
        marks, end)
    }
    return end - target
  }
}
