/// Means and squares about them of the finite values of each column, in two walks over the rows.
public struct ColumnMoments {
  /// Values that are NaN, by column.
  public private(set) var missing: [Int]
  /// Sums of the squares about the mean.
  public private(set) var squares: [Double]
  private var counts: [Int]
  private var sums: [Double]
  /// The mean of each column; NaN where it has no finite value.
  public private(set) var means: [Double] = []
  /// What was added since the last full thousand rows: many small sums round less than a long one.
  private var recent: [Double]
  private var recentRows = 0

  /// Moments of nothing yet.
  public init(columns: Int) {
    missing = Array(repeating: 0, count: columns)
    counts = missing
    squares = Array(repeating: 0, count: columns)
    sums = squares
    recent = squares
  }

  /// The first walk's rows.
  public mutating func addToMeans(_ numbers: UnsafePointer<Float>, _ rows: Int, _ stride: Int) {
    let columns = sums.count
    for row in 0..<rows {
      let numbers = numbers + row * stride
      for column in 0..<columns {
        let value = numbers[column]
        let isFinite = abs(value) <= .greatestFiniteMagnitude
        recent[column] += isFinite ? Double(value) : 0
        counts[column] &+= isFinite ? 1 : 0
        missing[column] &+= value == value ? 0 : 1
      }
      if recentRows == 1023 { Self.add(&recent, to: &sums) }
      recentRows = (recentRows + 1) & 1023
    }
  }

  /// The second walk's rows.
  public mutating func addToSquares(_ numbers: UnsafePointer<Float>, _ rows: Int, _ stride: Int) {
    let columns = means.count
    for row in 0..<rows {
      let numbers = numbers + row * stride
      for column in 0..<columns {
        let value = numbers[column]
        let distance = Double(value) - means[column]
        recent[column] += abs(value) <= .greatestFiniteMagnitude ? distance * distance : 0
      }
      if recentRows == 1023 { Self.add(&recent, to: &squares) }
      recentRows = (recentRows + 1) & 1023
    }
  }

  /// Ends the first walk.
  public mutating func endMeans() {
    Self.add(&recent, to: &sums)
    means = sums.indices.map { sums[$0] / Double(counts[$0]) }
    recentRows = 0
  }

  /// Ends the second walk.
  public mutating func endSquares() { Self.add(&recent, to: &squares) }

  private static func add(_ recent: inout [Double], to sums: inout [Double]) {
    for place in sums.indices {
      sums[place] += recent[place]
      recent[place] = 0
    }
  }
}
