/// A whole number from 0 without bounds, of 64 bits a place: what exact sums come to.
struct WholeNumber: Equatable {
  /// The lowest places first, the highest not 0.
  private(set) var places: [UInt64]

  /// A number from its places, the lowest first.
  init(_ places: [UInt64]) {
    self.places = places
    while self.places.last == 0 { self.places.removeLast() }
  }

  static func + (one: Self, other: Self) -> Self {
    var sum: [UInt64] = []
    var carry: UInt64 = 0
    for place in 0..<max(one.places.count, other.places.count) {
      let (part, first) = one[place].addingReportingOverflow(other[place])
      let (whole, second) = part.addingReportingOverflow(carry)
      sum.append(whole)
      carry = first || second ? 1 : 0
    }
    return Self(sum + [carry])
  }

  /// The difference of a number and one that is not above it.
  static func - (one: Self, other: Self) -> Self {
    var difference: [UInt64] = []
    var borrow: UInt64 = 0
    for place in one.places.indices {
      let (part, first) = one[place].subtractingReportingOverflow(other[place])
      let (whole, second) = part.subtractingReportingOverflow(borrow)
      difference.append(whole)
      borrow = first || second ? 1 : 0
    }
    return Self(difference)
  }

  static func * (one: Self, other: Self) -> Self {
    var product = [UInt64](repeating: 0, count: one.places.count + other.places.count + 1)
    for (low, factor) in one.places.enumerated() {
      var carry: UInt64 = 0
      for high in 0...other.places.count {
        let (top, bottom) = factor.multipliedFullWidth(by: other[high])
        let (first, isOver) = product[low + high].addingReportingOverflow(bottom)
        let (second, isOverAgain) = first.addingReportingOverflow(carry)
        product[low + high] = second
        carry = top &+ (isOver ? 1 : 0) &+ (isOverAgain ? 1 : 0)
      }
    }
    return Self(product)
  }

  /// The nearest double, ties to even; infinite beyond the greatest.
  var double: Double {
    guard let highest = places.last else { return 0 }
    let zeros = highest.leadingZeroBitCount
    let last = places.count - 1
    // The leading 64 bits; whether anything is set below them decides a tie.
    var leading = highest << UInt64(zeros)
    var isExact = true
    if zeros > 0, last > 0 {
      leading |= places[last - 1] >> UInt64(64 - zeros)
      isExact = places[last - 1] << UInt64(zeros) == 0
    } else if last > 0 {
      isExact = places[last - 1] == 0
    }
    isExact = isExact && places.prefix(max(0, last - 1)).allSatisfy { $0 == 0 }
    if !isExact { leading |= 1 }
    return Double(leading) * Double(sign: .plus, exponent: 64 * last - zeros, significand: 1)
  }

  /// Whether it is below another.
  func isBelow(_ other: Self) -> Bool {
    guard places.count == other.places.count else { return places.count < other.places.count }
    return places.reversed().lexicographicallyPrecedes(other.places.reversed())
  }

  private subscript(place: Int) -> UInt64 { place < places.count ? places[place] : 0 }
}
