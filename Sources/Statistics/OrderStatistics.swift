/// The values that stand at given places of each column, were it sorted: exact, in two walks over the
/// rows, and three more where a sample misled.
public struct OrderStatistics {
  /// How many values each column has that count.
  public let counts: [Int]
  /// The values by column, in the order of the places that were asked for.
  public let values: [[Float]]

  /// Finds them: `places(column, count)` says which are wanted, from 0, each below `count`.
  ///
  /// NaN is left out. Infinities count as greatest and least, unless only finite numbers do. `first`
  /// sees the rows of the first walk.
  public init(
    _ rows: NumberRows, finiteOnly: Bool = false, threads: Int = 1,
    first: NumberRows.Walk = { _, _, _ in },
    places: (Int, Int) -> [Int]
  ) throws {
    let columns = rows.columns
    let grid = ValueGrid(sample: rows.sample, columns: columns, finiteOnly: finiteOnly)
    let search = QuantileGridSearch(grid, most: rows.fewValues, threads: threads)
    try rows.walk { numbers, count, stride in
      search.count(numbers, count, stride)
      try first(numbers, count, stride)
    }
    var counts = (0..<columns).map(search.count)
    let wanted = counts.enumerated().map { column, count in
      places(column, count).map { search.place($0, of: column) }
    }
    for (column, places) in wanted.enumerated() {
      for place in places { search.want(place.bin, of: column) }
    }
    try rows.walk(search.take)
    var values = (0..<columns).map { column in
      guard search.isFound(column) else { return [Float]() }
      var bins = search.values(column)
      return wanted[column].map { place in
        let slot = bins.firstIndex { $0.bin == place.bin } ?? 0
        return bins[slot].values.select(place.rank)
      }
    }
    let others = (0..<columns).filter { !search.isFound($0) }
    let found = try QuantileRadixSearch.find(
      rows, columns: others, finiteOnly: finiteOnly, places: places)
    for (column, (count, found)) in found { (counts[column], values[column]) = (count, found) }
    (self.counts, self.values) = (counts, values)
  }
}

extension QuantileGridSearch {
  /// The bin that holds the value of a rank, and its rank there.
  func place(_ rank: Int, of column: Int) -> (bin: Int, rank: Int) {
    var rank = rank
    for (bin, count) in counts(column).enumerated() {
      if rank < Int(count) { return (bin, rank) }
      rank -= Int(count)
    }
    return (ValueGrid.top, rank)
  }
}
