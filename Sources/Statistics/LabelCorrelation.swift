#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The correlations of one day's factors with its label, as pandas has them: over the rows where both
/// are finite, ranks averaged among equals.
///
/// Memory is kept from day to day.
public final class LabelCorrelation {
  private var label: [Float] = []
  /// The rows that have a label, and those that have a factor too.
  private var labelled: [Int32] = []
  private var pairs: [Int32] = []
  private var newPairs: [Int32] = []
  /// Of the pairs the label about its mean, and its ranks about theirs.
  private var labels = Centered()
  private var labelRanks: [Double] = []
  private var labelRankSquares = 0.0
  private var factors = Centered()
  private var values: [Float] = []
  private var sorter = ValueSorter()

  /// No day yet.
  public init() {}

  /// Begins a day, with the label of each of its rows.
  public func begin(_ label: [Float]) {
    self.label = label
    labelled = label.indices.filter { label[$0].isFinite }.map { Int32($0) }
    pairs = []
    newPairs = Array(repeating: 0, count: labelled.count)
    values = Array(repeating: 0, count: labelled.count)
  }

  /// The correlation of the values of as many rows and of their ranks; NaN where there are not two or
  /// all are equal.
  public func correlate(_ factor: UnsafePointer<Float>) -> (linear: Double, ranks: Double) {
    let count = take(factor)
    guard count > 1 else { return (.nan, .nan) }
    values.withUnsafeBufferPointer { values in
      let values = UnsafeBufferPointer(rebasing: values[..<count])
      factors.center(values)
      sorter.sort(values, factors)
    }
    // Ranks are doubled and counted from the middle, so that they are whole numbers.
    let size = Double(count)
    var (products, ties) = (0.0, 0.0)
    labelRanks.withUnsafeBufferPointer { labelRanks in
      sorter.forEachRun { start, end, rows in
        var sum = 0.0
        for row in rows { sum += labelRanks[Int(truncatingIfNeeded: row & 0xffff_ffff)] }
        products += sum * (Double(start &+ end) - size)
        let equal = Double(end &- start)
        ties += equal * equal * equal - equal
      }
    }
    let squares = (size * size * size - size - ties) / 3
    return (
      pearson(factors.product(labels), factors.squares, labels.squares),
      pearson(products, squares, labelRankSquares)
    )
  }

  /// Takes out the finite values of rows that have a label, and sees to it that the label is known for
  /// these rows; says how many there are.
  private func take(_ factor: UnsafePointer<Float>) -> Int {
    let count = newPairs.withUnsafeMutableBufferPointer { rows in
      values.withUnsafeMutableBufferPointer { values in
        var count = 0
        for row in labelled {
          let value = factor[Int(row)]
          rows[count] = row
          values[count] = value
          count &+= value.isFinite ? 1 : 0
        }
        return count
      }
    }
    // Most factors of a day lack the same rows.
    let isKnown = newPairs.withUnsafeBytes { new in
      pairs.withUnsafeBytes { old in
        guard pairs.count == count, let new = new.baseAddress, let old = old.baseAddress else {
          return false
        }
        return memcmp(new, old, 4 * count) == 0
      }
    }
    guard !isKnown else { return count }
    pairs = Array(newPairs[..<count])
    let paired = pairs.map { label[Int($0)] }
    labelRanks = Array(repeating: 0, count: count)
    labelRankSquares = 0
    paired.withUnsafeBufferPointer { paired in
      labels.center(paired)
      sorter.sort(paired, labels)
    }
    sorter.forEachRun { start, end, rows in
      let rank = Double(start + end - count)
      for row in rows { labelRanks[Int(truncatingIfNeeded: row & 0xffff_ffff)] = rank }
      labelRankSquares += rank * rank * Double(end - start)
    }
    return count
  }
}
