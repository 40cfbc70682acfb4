/// Values about their mean, in doubles.
struct Centered {
  /// The mean.
  private(set) var mean = 0.0
  /// The sum of the squares about the mean, which is 0 where all values are equal.
  private(set) var squares = 0.0
  private var values: [Double] = []

  /// Takes the mean off some values.
  ///
  /// Differences from the first value come first, so that equal values leave no rounding behind.
  mutating func center(_ floats: UnsafeBufferPointer<Float>) {
    if values.count != floats.count { values = Array(repeating: 0, count: floats.count) }
    guard let first = floats.first.map(Double.init) else { return }
    let shift = values.withUnsafeMutableBufferPointer { values in
      for (place, value) in floats.enumerated() { values[place] = Double(value) - first }
      let shift = Self.sum(values.count) { values[$0] } / Double(values.count)
      for place in values.indices { values[place] -= shift }
      return shift
    }
    mean = first + shift
    squares = product(self)
  }

  /// The sum of the products with other values.
  func product(_ other: Centered) -> Double {
    values.withUnsafeBufferPointer { one in
      other.values.withUnsafeBufferPointer { other in Self.sum(one.count) { one[$0] * other[$0] } }
    }
  }

  /// A sum in eight parts, which the compiler puts side by side.
  @inline(__always)
  private static func sum(_ count: Int, _ term: (Int) -> Double) -> Double {
    var sums = SIMD8<Double>(repeating: 0)
    var place = 0
    while place &+ 8 <= count {
      var terms = SIMD8<Double>()
      for lane in 0..<8 { terms[lane] = term(place &+ lane) }
      sums += terms
      place &+= 8
    }
    var sum = sums.sum()
    while place < count {
      sum += term(place)
      place &+= 1
    }
    return sum
  }
}
