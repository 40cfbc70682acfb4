/// A thousand bins for the values of each of some columns, narrow where most values are.
///
/// Of two values the greater is never in the lower bin: so counts by bin tell which bin holds the
/// value of a given rank, and only the values of that bin need to be looked at.
struct ValueGrid {
  /// Bins of a column.
  ///
  /// The first and the last but one hold all that is beyond; the last holds what does not count.
  static let bins = 1024
  /// The highest bin of values that count.
  static let top = 1022
  private static let middle: Float = 511

  /// How many columns there are.
  let columns: Int
  /// The middle of each column's bins.
  let centers: [Float]
  /// Bins to one, by column.
  let inverses: [Float]
  /// The size of the greatest value that counts.
  let limit: Float

  /// A grid for columns of which rows are known, one after the other: 64 bins to the median deviation.
  ///
  /// NaN does not count; infinities do, unless only finite numbers do.
  init(sample: [Float], columns: Int, finiteOnly: Bool) {
    self.columns = columns
    limit = finiteOnly ? .greatestFiniteMagnitude : .infinity
    var (centers, inverses): ([Float], [Float]) = ([], [])
    for column in 0..<columns {
      var values = stride(from: column, to: sample.count, by: columns).map { sample[$0] }
        .filter(\.isFinite)
      let center = values.isEmpty ? 0 : values.select(values.count / 2)
      for place in values.indices { values[place] = abs(values[place] - center) }
      var spread = values.isEmpty ? 1 : values.select(values.count / 2)
      if spread == 0 { spread = values.reduce(0) { $0 + $1 / Float(values.count) } }
      centers.append(center)
      inverses.append(64 / (spread > 1e-30 && spread < 1e30 ? spread : 1))
    }
    (self.centers, self.inverses) = (centers, inverses)
  }

  /// The bin of a value, as the kernels find it for many at a time.
  func bin(_ value: Float, _ column: Int) -> Int {
    var place = (value - centers[column]) * inverses[column] + Self.middle
    place = place < 0 ? 0 : place > Float(Self.top) ? Float(Self.top) : place
    place = abs(value) <= limit ? place : Float(Self.bins - 1)
    return Int((place + 8_388_608).bitPattern & UInt32(Self.bins - 1))
  }
}

extension [Float] {
  /// The number of a rank from 0, none of them NaN; puts them in another order (Hoare's selection).
  mutating func select(_ rank: Int) -> Float {
    var (low, high) = (0, count - 1)
    while low < high {
      let pivot = Swift.max(
        Swift.min(self[low], self[high]),
        Swift.min(Swift.max(self[low], self[high]), self[(low + high) / 2]))
      var (left, right) = (low, high)
      while left <= right {
        while self[left] < pivot { left += 1 }
        while self[right] > pivot { right -= 1 }
        if left <= right {
          swapAt(left, right)
          left += 1
          right -= 1
        }
      }
      if rank <= right { high = right } else if rank >= left { low = left } else { break }
    }
    return self[rank]
  }
}
