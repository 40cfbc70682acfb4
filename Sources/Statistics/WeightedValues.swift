/// Values, of which some are there many times.
struct WeightedValues {
  private(set) var each: [Float] = []
  private(set) var repeated: [(value: Float, count: Int)] = []

  /// Values that are there once, or again as often as they are listed.
  init(each: [Float] = []) { self.each = each }

  /// How many there are.
  var count: Int { repeated.reduce(each.count) { $0 + $1.count } }

  /// Adds a value so many times.
  mutating func add(_ value: Float, _ count: Int) {
    if count > 100 {
      repeated.append((value, count))
    } else if count > 0 {
      each.append(contentsOf: repeatElement(value, count: count))
    }
  }

  /// Adds what others become.
  mutating func add(_ other: Self, _ change: (Float) -> Float) {
    each.append(contentsOf: other.each.lazy.map(change))
    repeated.append(contentsOf: other.repeated.map { (change($0.value), $0.count) })
  }

  /// The value of a rank from 0.
  mutating func select(_ rank: Int) -> Float {
    var rank = rank
    for (value, count) in repeated.sorted(by: { $0.value < $1.value }) {
      let start = each.count { $0 < value }
      if rank < start { break }
      if rank < start + count { return value }
      rank -= count
    }
    return each.select(rank)
  }
}
