/// Means and squares about them of the finite values of each column, in two walks over the rows.
struct ColumnMoments {
  /// Values that are NaN, by column.
  private(set) var missing: [Int]
  /// Sums of the squares about the mean.
  private(set) var squares: [Double]
  private var counts: [Int]
  private var sums: [Double]
  private var means: [Double] = []

  /// Moments of nothing yet.
  init(columns: Int) {
    missing = Array(repeating: 0, count: columns)
    counts = missing
    squares = Array(repeating: 0, count: columns)
    sums = squares
  }

  /// The mean of a column; NaN where it has no finite value.
  func mean(_ column: Int) -> Double { sums[column] / Double(counts[column]) }

  /// The first walk's rows.
  mutating func addToMeans(_ numbers: UnsafePointer<Float>, _ rows: Int, _ stride: Int) {
    let columns = sums.count
    sums.withUnsafeMutableBufferPointer { sums in
      counts.withUnsafeMutableBufferPointer { counts in
        missing.withUnsafeMutableBufferPointer { missing in
          for row in 0..<rows {
            let numbers = numbers + row * stride
            for column in 0..<columns {
              let value = numbers[column]
              let isFinite = abs(value) <= .greatestFiniteMagnitude
              sums[column] += isFinite ? Double(value) : 0
              counts[column] &+= isFinite ? 1 : 0
              missing[column] &+= value == value ? 0 : 1
            }
          }
        }
      }
    }
  }

  /// The second walk's rows.
  mutating func addToSquares(_ numbers: UnsafePointer<Float>, _ rows: Int, _ stride: Int) {
    if means.isEmpty { means = sums.indices.map(mean) }
    let columns = means.count
    means.withUnsafeBufferPointer { means in
      squares.withUnsafeMutableBufferPointer { squares in
        for row in 0..<rows {
          let numbers = numbers + row * stride
          for column in 0..<columns {
            let value = numbers[column]
            let distance = Double(value) - means[column]
            squares[column] += abs(value) <= .greatestFiniteMagnitude ? distance * distance : 0
          }
        }
      }
    }
  }
}
