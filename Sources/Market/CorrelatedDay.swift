/// The correlations of one day's factors with its label, as pandas has them: over the rows where both
/// are numbers, ranks averaged among equals.
public struct CorrelatedDay {
  private let label: [Float]
  private let labelOrder: [UInt64]
  private var factorOrder: [UInt64] = []
  private var isPaired: [Bool]
  private var labelRanks: [Double]
  private var factorRanks: [Double]

  /// A day with these labels, NaN where there is none.
  public init(label: [Float]) {
    self.label = label
    labelOrder = Self.order(label, where: label.map(\.isFinite))
    isPaired = Array(repeating: false, count: label.count)
    labelRanks = Array(repeating: 0, count: label.count)
    factorRanks = labelRanks
  }

  /// The correlation of the values and of their ranks; NaN where there are not two or all are equal.
  public mutating func correlate(_ factor: [Float]) -> (linear: Double, ranks: Double) {
    for row in label.indices { isPaired[row] = label[row].isFinite && factor[row].isFinite }
    factorOrder = Self.order(factor, where: isPaired)
    let count = factorOrder.count
    Self.rank(factorOrder, &factorRanks)
    Self.rank(
      count == labelOrder.count
        ? labelOrder : labelOrder.filter { isPaired[Int(truncatingIfNeeded: $0 & 0xffff_ffff)] },
      &labelRanks)
    var (linear, ranks) = (PairMoments(), PairMoments())
    for key in factorOrder {
      let row = Int(truncatingIfNeeded: key & 0xffff_ffff)
      linear.add(Double(factor[row]), Double(label[row]))
      ranks.add(factorRanks[row], labelRanks[row])
    }
    return (linear.correlation, ranks.correlation)
  }

  /// The rows in the order of their values: the value's bits above the row's number.
  ///
  /// Sorted by a byte after the other: of 600 rows in 5 µs, where comparisons take 25.
  private static func order(_ values: [Float], where isWanted: [Bool]) -> [UInt64] {
    var keys: [UInt64] = []
    keys.reserveCapacity(values.count)
    for row in values.indices where isWanted[row] {
      let bits = (values[row] + 0).bitPattern
      let key = bits >> 31 == 1 ? ~bits : bits | 0x8000_0000
      keys.append(UInt64(key) << 32 | UInt64(row))
    }
    var other = keys
    for shift in stride(from: UInt64(32), to: 64, by: 8) {
      var starts = [Int](repeating: 0, count: 257)
      for key in keys { starts[Int(key >> shift & 255) + 1] += 1 }
      for bin in 1..<257 { starts[bin] += starts[bin - 1] }
      for key in keys {
        let bin = Int(key >> shift & 255)
        other[starts[bin]] = key
        starts[bin] += 1
      }
      swap(&keys, &other)
    }
    return keys
  }

  private static func rank(_ order: [UInt64], _ ranks: inout [Double]) {
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, order[end] >> 32 == order[start] >> 32 { end += 1 }
      for place in start..<end {
        ranks[Int(truncatingIfNeeded: order[place] & 0xffff_ffff)] = Double(start + 1 + end) / 2
      }
      start = end
    }
  }
}
