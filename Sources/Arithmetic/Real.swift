import BigInt

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A real number: exactly where it can be written so, between two others where it cannot.
enum Real: Sendable {
  case fraction(Rational)
  /// A sum of square roots that is no fraction.
  case roots(RootSum)
  /// Anything else, such as ∛2 or 2^√2.
  case enclosed(Enclosure)

  /// Why an operation has no result.
  enum Trouble: Error {
    /// There is none, as of 0÷0.
    case undefined
    /// It would have so many digits, or more.
    case tooLarge(digits: Double)
    /// It hangs on whether a number is 0 that is too close to it.
    case undecided
  }

  /// Digits of the largest power or factorial.
  static let mostDigits = 10_000

  init(_ number: Rational) { self = .fraction(number) }

  private init(_ sum: RootSum) {
    if let fraction = sum.rational { self = .fraction(fraction) } else { self = .roots(sum) }
  }

  /// As a sum of square roots; nil where it is only enclosed.
  private var sum: RootSum? {
    switch self {
    case .fraction(let number): RootSum(number)
    case .roots(let sum): sum
    case .enclosed: nil
    }
  }

  /// Where it lies.
  var enclosure: Enclosure {
    switch self {
    case .fraction(let number): Enclosure(number)
    case .roots(let sum): sum.enclosure
    case .enclosed(let enclosure): enclosure
    }
  }

  /// The whole number that it is; nil where it is none.
  var whole: BigInt? {
    guard case .fraction(let number) = self else { return nil }
    let lowest = number.reduced
    return lowest.denominator == 1 ? lowest.numerator : nil
  }

  /// -1, 0 or 1.
  func sign() throws(Trouble) -> Int {
    if case .fraction(let number) = self { return number.isZero ? 0 : number.isNegative ? -1 : 1 }
    let enclosure = enclosure
    guard !enclosure.mayBeZero else { throw .undecided }
    return enclosure.isNegative ? -1 : 1
  }

  /// Whether two are the same.
  func equals(_ other: Real) throws(Trouble) -> Bool {
    switch (self, other) {
    case (.fraction(let a), .fraction(let b)): return a == b
    case (.fraction, .roots), (.roots, .fraction): return false
    case (.roots(let a), .roots(let b)): return a == b
    default:
      guard (enclosure + -other.enclosure).mayBeZero else { return false }
      throw .undecided
    }
  }

  static prefix func - (a: Real) -> Real {
    switch a {
    case .fraction(let number): .fraction(-number)
    case .roots(let sum): .roots(-sum)
    case .enclosed(let enclosure): .enclosed(-enclosure)
    }
  }

  static func + (a: Real, b: Real) -> Real {
    if case .fraction(let x) = a, case .fraction(let y) = b { return .fraction(x + y) }
    if let x = a.sum, let y = b.sum, let sum = x + y { return Real(sum) }
    return .enclosed(a.enclosure + b.enclosure)
  }

  static func * (a: Real, b: Real) -> Real {
    if case .fraction(let x) = a, case .fraction(let y) = b { return .fraction(x * y) }
    if case .fraction(let x) = a, x.isZero { return a }
    if case .fraction(let y) = b, y.isZero { return b }
    if let x = a.sum, let y = b.sum, let product = x * y { return Real(product) }
    return .enclosed(a.enclosure * b.enclosure)
  }

  /// 1 divided by it, which must not be 0.
  func inverse() throws(Trouble) -> Real {
    if case .fraction(let number) = self { return .fraction(Rational(1) / number) }
    if let inverse = sum?.inverse { return Real(inverse) }
    let enclosure = enclosure
    guard !enclosure.mayBeZero else { throw .undecided }
    return .enclosed(enclosure.inverse)
  }
}

/// Powers, roots and factorials.
extension Real {
  /// The root with an index of 2 or more: of a negative number the one with an odd index alone.
  func root(_ index: Int) throws(Trouble) -> Real {
    let sign = try sign()
    if sign == 0 { return self }
    if sign < 0 {
      guard index % 2 == 1 else { throw .undefined }
      return -(try (-self).root(index))
    }
    if case .fraction(let number) = self {
      let lowest = number.reduced
      if let top = Self.exactRoot(lowest.numerator.magnitude, index),
        let bottom = Self.exactRoot(lowest.denominator, index)
      {
        return .fraction(Rational(BigInt(top), bottom))
      }
      if index == 2, let sum = RootSum(squareRootOf: lowest) { return Real(sum) }
    }
    // √√x is ∜x: the even part of the index by square roots, which stay exact where they can.
    if index % 2 == 0, index > 2 { return try root(2).root(index / 2) }
    if index == 2 { return .enclosed(enclosure.squareRoot) }
    return .enclosed(enclosure.power(Enclosure(Rational(1, BigUInt(index)))))
  }

  /// The whole root of a number that has one.
  private static func exactRoot(_ number: BigUInt, _ index: Int) -> BigUInt? {
    if number <= 1 { return number }
    if index == 2 {
      let root = number.squareRoot()
      return root * root == number ? root : nil
    }
    guard index < number.bitWidth else { return nil }
    // Newton's way from above falls until it stands.
    var root = BigUInt(1) << ((number.bitWidth + index - 1) / index)
    while true {
      let next =
        (root * BigUInt(index - 1) + number / root.power(index - 1)) / BigUInt(index)
      if next >= root { break }
      root = next
    }
    return root.power(index) == number ? root : nil
  }

  /// The power; 0^0 has no value, and of negative numbers only whole powers have one.
  func power(_ exponent: Real) throws(Trouble) -> Real {
    if let whole = exponent.whole { return try power(whole: whole) }
    let sign = try sign()
    guard sign >= 0 else { throw .undefined }
    if sign == 0 {
      guard try exponent.sign() > 0 else { throw .undefined }
      return self
    }
    if case .fraction(let number) = self, number == Rational(1) { return self }
    if case .fraction(let fraction) = exponent {
      // x^(p/q) by the root with index q, where that is exact.
      let lowest = fraction.reduced
      if let index = Int(exactly: lowest.denominator), index <= Self.mostDigits {
        let root = try root(index)
        if case .enclosed = root {} else { return try root.power(whole: lowest.numerator) }
      }
    }
    let (base, exponent) = (enclosure, exponent.enclosure)
    guard base.isPositive else { throw .undecided }
    try Self.limit(digits: Self.logarithm(base) * Self.magnitude(exponent))
    return .enclosed(base.power(exponent))
  }

  private func power(whole exponent: BigInt) throws(Trouble) -> Real {
    let sign = try sign()
    if exponent.isZero {
      guard sign != 0 else { throw .undefined }
      return .fraction(Rational(1))
    }
    // 0 to a negative power is a quotient by 0, which `Value` knows of.
    if sign == 0 { return self }
    if let whole, whole.magnitude == 1 {
      return .fraction(Rational(whole.sign == .minus && exponent.magnitude % 2 == 1 ? -1 : 1))
    }
    let (times, count) = (Double(exponent.magnitude), Int(clamping: exponent.magnitude))
    var power: Real
    if case .fraction(let number) = self {
      let lowest = number.reduced
      let (top, bottom) = (
        Self.digits(lowest.numerator.magnitude), Self.digits(lowest.denominator)
      )
      // A fraction's digits grow where its size does not: 1.0001^9999.
      if max(top, bottom) * times > Double(Self.mostDigits), bottom > 0, sign > 0 {
        try Self.limit(digits: (top - bottom) * times)
        return .enclosed(enclosure.power(Enclosure(Rational(exponent))))
      }
      try Self.limit(digits: max(top, bottom) * times)
      power = .fraction(
        Rational(lowest.numerator.power(count), lowest.denominator.power(count)))
    } else {
      try Self.limit(digits: Self.logarithm(enclosure) * times)
      if sign < 0 {
        let power = try (-self).power(whole: exponent)
        return exponent.magnitude % 2 == 1 ? -power : power
      }
      power = .fraction(Rational(1))
      var square = self
      var left = count
      while left > 0, !square.isLong {
        if left & 1 == 1 { power = power * square }
        left >>= 1
        if left > 0 { square = square * square }
      }
      // What is too long to be exact, or nearly 0 and so the difference of long numbers, is known by its logarithm.
      if left == 0, !power.isLong, exponent.sign == .minus { power = try power.inverse() }
      if left > 0 || power.isLong || power.enclosure.mayBeZero {
        return .enclosed(enclosure.power(Enclosure(Rational(exponent))))
      }
      return power
    }
    if exponent.sign == .minus { power = try power.inverse() }
    return power
  }

  /// Whether it is a fraction of more digits than are worked out.
  private var isLong: Bool {
    guard case .fraction(let number) = self else { return false }
    return max(number.numerator.bitWidth, number.denominator.bitWidth) > RootSum.mostBits
  }

  /// The product of all whole numbers from 1 up to it; only those from 0 have one.
  func factorial() throws(Trouble) -> Real {
    guard let whole, whole.sign == .plus else { throw .undefined }
    let size = Double(whole)
    // Stirling: √(2πn) (n/e)^n.
    try Self.limit(
      digits: size < 2
        ? 1
        : size * log10(size / 2.718_281_828_459_045) + log10(6.283_185_307_179_586 * size) / 2)
    var product = BigInt(1)
    for factor in 1..<(Int(clamping: whole) + 1) where factor > 1 { product *= BigInt(factor) }
    return .fraction(Rational(product))
  }

  private static func limit(digits: Double) throws(Trouble) {
    guard abs(digits) <= Double(mostDigits) else { throw .tooLarge(digits: abs(digits)) }
  }

  /// The decimal logarithm of a number times a power of two.
  private static func digits(_ number: BigUInt, _ exponent: Int = 0) -> Double {
    let excess = max(0, number.bitWidth - 64)
    return log10(Double(number >> excess)) + Double(exponent + excess) * 0.301_029_995_663_981_2
  }

  /// The larger of both ends' decimal logarithms, without their signs: rather too large by 1e-14 than 0, which
  /// would make any power of it small.
  private static func logarithm(_ enclosure: Enclosure) -> Double {
    func logarithm(_ number: Dyadic) -> Double {
      abs(digits(number.mantissa.magnitude, number.exponent))
    }
    return max(logarithm(enclosure.lower), logarithm(enclosure.upper)) + 1e-14
  }

  private static func magnitude(_ enclosure: Enclosure) -> Double {
    max(abs(Double(enclosure.lower.rational)), abs(Double(enclosure.upper.rational)))
  }
}
