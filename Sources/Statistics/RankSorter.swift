/// Ranks from 1; equal values get the mean of theirs.
public struct RankSorter {
  private var order: [Int] = []

  /// A sorter without memory yet.
  public init() {}

  /// The rank of each value, none of which is NaN.
  public mutating func ranks(_ values: [Double]) -> [Double] {
    order = Array(values.indices)
    order.sort { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      let mean = Double(start + 1 + end) / 2
      for place in start..<end { ranks[order[place]] = mean }
      start = end
    }
    return ranks
  }
}
