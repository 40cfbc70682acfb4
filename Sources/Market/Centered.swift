/// Values about their mean, in doubles.
struct Centered {
  /// The values less the mean.
  private(set) var values: [Double] = []
  /// The mean.
  private(set) var mean = 0.0
  /// The sum of their squares, which is 0 where all are equal.
  private(set) var squares = 0.0

  /// Takes the mean off some values.
  ///
  /// Differences from the first value come first, so that equal values leave no rounding behind.
  mutating func center(_ floats: [Float]) {
    values.removeAll(keepingCapacity: true)
    guard let first = floats.first.map(Double.init) else { return }
    for value in floats { values.append(Double(value) - first) }
    let shift = Self.product(values, nil) / Double(values.count)
    mean = first + shift
    for place in values.indices { values[place] -= shift }
    squares = Self.product(values, values)
  }

  /// The sum of the products with other values.
  func product(_ other: [Double]) -> Double { Self.product(values, other) }

  /// The sum of products, or of the values alone, eight side by side.
  private static func product(_ one: [Double], _ other: [Double]?) -> Double {
    one.withUnsafeBytes { one in
      (other ?? []).withUnsafeBytes { other in
        let (end, size) = (one.count / 8, 8)
        var sums = SIMD8<Double>(repeating: 0)
        var place = 0
        while place + 8 <= end {
          let values = one.loadUnaligned(fromByteOffset: place * size, as: SIMD8<Double>.self)
          sums +=
            other.isEmpty
            ? values
            : values * other.loadUnaligned(fromByteOffset: place * size, as: SIMD8<Double>.self)
          place += 8
        }
        var sum = sums.sum()
        while place < end {
          let value = one.loadUnaligned(fromByteOffset: place * size, as: Double.self)
          sum +=
            other.isEmpty
            ? value : value * other.loadUnaligned(fromByteOffset: place * size, as: Double.self)
          place += 1
        }
        return sum
      }
    }
  }
}
