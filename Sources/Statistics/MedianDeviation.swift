/// The median of each column and the median distance from it: exact, in two walks over the rows, and
/// six more where a sample misled.
///
/// All in float32, as NumPy has it: the median of an even count is the mean of the middle two, and a
/// distance is rounded before it is compared.
public struct MedianDeviation {
  /// The median of each column, NaN where it has no value.
  public let medians: [Float]
  /// The median of the distances from it.
  public let deviations: [Float]
  /// How many columns needed the walks that are slow.
  public let slowColumns: Int

  /// Finds both for all columns; NaN is left out.
  public init(_ rows: NumberRows, threads: Int = 1, most: Int? = nil) throws {
    let columns = rows.columns
    let grid = ValueGrid(sample: rows.sample, columns: columns, finiteOnly: false)
    let search = QuantileGridSearch(grid, most: most ?? rows.fewValues, threads: threads)
    try rows.walk(search.count)
    let reaches = (0..<columns).map { column in
      let reach = DeviationReach(search, column)
      if let reach {
        for bin in reach.bins { search.want(bin, of: column) }
      } else {
        search.giveUp(column)
      }
      return reach
    }
    try rows.walk(search.take)
    var medians = [Float](repeating: .nan, count: columns)
    var deviations = medians
    var slow: [Int] = []
    for (column, reach) in reaches.enumerated() {
      guard let reach, search.isFound(column) else {
        slow.append(column)
        continue
      }
      if reach.count > 0 {
        (medians[column], deviations[column]) = reach.find(search.values(column))
      }
    }
    func find(_ centers: [Int: Float]) throws -> [(column: Int, median: Float)] {
      try QuantileRadixSearch.find(rows, columns: slow, centers: centers, finiteOnly: false) {
        _, count in
        count == 0 ? [] : [(count - 1) / 2, count / 2]
      }.map { ($0.key, $0.value.values.isEmpty ? .nan : Self.mean($0.value.values)) }
    }
    for (column, median) in try find([:]) { medians[column] = median }
    let centers = Dictionary(uniqueKeysWithValues: slow.map { ($0, medians[$0]) })
    for (column, median) in try find(centers) { deviations[column] = median }
    (self.medians, self.deviations, slowColumns) = (medians, deviations, slow.count)
  }

  /// The float32 mean of the middle two; adding 0 makes a zero of a negative one.
  public static func mean(_ two: [Float]) -> Float { (two[0] + two[1]) / 2 + 0 }
}

/// Which bins of a column can hold its median and the values that are the median distance from it.
private struct DeviationReach {
  /// How many values there are.
  let count: Int
  private var middle: [(bin: Int, rank: Int)] = []
  /// Bins near the median distance, and how many values are nearer for certain.
  private var far: [Int] = []
  private var nearer = 0

  /// All bins whose values are needed.
  var bins: [Int] { Array(Set(far + middle.map(\.bin))) }

  /// Finds out from the counts; nil where they do not tell.
  ///
  /// A bin is as wide as a step of the grid, and its edges are sure to a fiftieth of that: rounding
  /// moves them by less than a thousandth.
  init?(_ search: QuantileGridSearch, _ column: Int) {
    count = search.count(column)
    guard count > 0 else { return }
    middle = [(count - 1) / 2, count / 2].map { search.place($0, of: column) }
    let (low, high) = (middle[0].bin, middle[1].bin)
    guard low > 0, high < ValueGrid.top, high - low <= 1 else { return nil }
    // Distances of bins in halves of a step, from the middle of the median's one bin or two.
    let counts = Array(search.counts(column))
    var byDistance = [Int](repeating: 0, count: 2 * ValueGrid.bins)
    func distance(_ bin: Int) -> Int { abs(2 * bin - low - high) }
    for (bin, count) in counts.enumerated() { byDistance[distance(bin)] += Int(count) }
    func step(_ rank: Int) -> Int {
      var sum = 0
      for (distance, count) in byDistance.enumerated() {
        sum += count
        if sum > rank { return distance }
      }
      return byDistance.count
    }
    // Of a bin this far away, distances differ from that by one step, or by one and a half.
    let slack = high == low ? 4 : 6
    let range = step((count - 1) / 2) - slack...step(count / 2) + slack
    for (bin, count) in counts.enumerated() {
      if distance(bin) < range.lowerBound { nearer += Int(count) }
      guard range.contains(distance(bin)) else { continue }
      // What is beyond the grid may be at any distance.
      if bin == 0 || bin == ValueGrid.top { return nil }
      far.append(bin)
    }
    // A whole side may lie beyond the grid, or nearer than it seems.
    guard range.upperBound < distance(0), range.upperBound < distance(ValueGrid.top) else {
      return nil
    }
  }

  /// The median and the median distance, from the values of the bins.
  func find(_ values: [(bin: Int, values: WeightedValues)]) -> (Float, Float) {
    let median = MedianDeviation.mean(
      middle.map { place in
        var found = values.first { $0.bin == place.bin }?.values ?? WeightedValues()
        return found.select(place.rank)
      })
    var distances = WeightedValues()
    let far = Set(far)
    for (bin, values) in values where far.contains(bin) {
      distances.add(values) { abs($0 - median) }
    }
    let middle = [(count - 1) / 2 - nearer, count / 2 - nearer].map { distances.select($0) }
    return (median, MedianDeviation.mean(middle))
  }
}
