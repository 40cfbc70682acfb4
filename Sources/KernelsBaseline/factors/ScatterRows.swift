import FactorCatalogue
import VectorLanes

extension CompiledKernels {
  /// Writes lanes as rows: number j of row i is lane i of `columns[j]`.
  ///
  /// `columns` is filled up to a multiple of 16 with rows of any content; `targets[i]` is where row i
  /// begins, null where it is not wanted. NaNs are written as one NaN.
  @inline(never)
  static func scatterRows(
    _ columns: UnsafePointer<UnsafePointer<Float>?>, _ count: Int,
    _ targets: UnsafePointer<UnsafeMutablePointer<Float>?>
  ) {
    withUnsafeTemporaryAllocation(of: UnsafePointer<Float>?.self, capacity: lanes) { rows in
      for part in stride(from: 0, to: FactorBlock.width, by: lanes) {
        var column = 0
        while column < count {
          for index in 0..<lanes { rows[index] = columns[column + index].map { $0 + part } }
          scatterLanes(
            rows.baseAddress, targets + part, column, min(lanes, count - column))
          column += lanes
        }
      }
    }
  }
}
