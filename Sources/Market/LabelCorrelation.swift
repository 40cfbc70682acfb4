/// The correlations of one day's factors with its label, as pandas has them: over the rows where both
/// are finite, ranks averaged among equals.
///
/// Memory is kept from day to day.
final class LabelCorrelation {
  private var label: [Float] = []
  /// Which rows both have, and of those the label about its mean and its ranks about theirs.
  private var isPaired: [Bool] = []
  private var pairs: [Int] = []
  private var labels = Centered()
  private var labelRanks: [Double] = []
  private var labelRankSquares = 0.0
  private var factors = Centered()
  private var isFinite: [Bool] = []
  private var values: [Float] = []
  private var sorter = ValueSorter()

  /// Begins a day.
  func begin(_ label: [Float]) {
    self.label = label
    isPaired = []
  }

  /// The correlation of the values and of their ranks; NaN where there are not two or all are equal.
  func correlate(_ factor: UnsafePointer<Float>) -> (linear: Double, ranks: Double) {
    isFinite.removeAll(keepingCapacity: true)
    for row in label.indices { isFinite.append(label[row].isFinite && factor[row].isFinite) }
    // Most factors of a day lack the same rows.
    if isFinite != isPaired { pair() }
    guard pairs.count > 1 else { return (.nan, .nan) }
    values.removeAll(keepingCapacity: true)
    for row in pairs { values.append(factor[row]) }
    factors.center(values)
    let linear = factors.product(labels.values)
    let count = Double(values.count)
    sorter.sort(values, factors)
    // Ranks are doubled and counted from the middle, so that they are whole numbers.
    var (products, ties) = (0.0, 0.0)
    labelRanks.withUnsafeBufferPointer { labelRanks in
      sorter.forEachRun { start, end, rows in
        var sum = 0.0
        for row in rows { sum += labelRanks[Int(truncatingIfNeeded: row & 0xffff_ffff)] }
        products += sum * (Double(start + end) - count)
        let equal = Double(end - start)
        ties += equal * equal * equal - equal
      }
    }
    let squares = (count * count * count - count - ties) / 3
    return (
      Self.correlation(linear, factors.squares, labels.squares),
      Self.correlation(products, squares, labelRankSquares)
    )
  }

  private static func correlation(_ xy: Double, _ xx: Double, _ yy: Double) -> Double {
    guard xx > 0, yy > 0 else { return .nan }
    return min(1, max(-1, xy / (xx.squareRoot() * yy.squareRoot())))
  }

  /// What is known of the label where rows are paired otherwise than before.
  private func pair() {
    swap(&isPaired, &isFinite)
    pairs = isPaired.indices.filter { isPaired[$0] }
    values.removeAll(keepingCapacity: true)
    for row in pairs { values.append(label[row]) }
    labels.center(values)
    labelRanks = Array(repeating: 0, count: values.count)
    labelRankSquares = 0
    sorter.sort(values, labels)
    let count = Double(values.count)
    sorter.forEachRun { start, end, rows in
      let rank = Double(start + end) - count
      for row in rows { labelRanks[Int(truncatingIfNeeded: row & 0xffff_ffff)] = rank }
      labelRankSquares += rank * rank * Double(end - start)
    }
  }
}
