import BigInt

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// An exact fraction of any size.
///
/// It is reduced only where it is printed or compared: every digit of the input enters a product once,
/// so the parts stay linear in the input, while a gcd at every step would not.
public struct Rational: Sendable {
  let numerator: BigInt
  /// Always positive.
  let denominator: BigUInt

  /// A fraction; the denominator must not be 0.
  init(_ numerator: BigInt, _ denominator: BigUInt = 1) {
    precondition(denominator > 0)
    self.numerator = numerator
    self.denominator = denominator
  }

  /// A decimal such as `12`, `1.25`, `.5` or `5.`; nil where there is no digit.
  init?(decimal text: some StringProtocol) {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let fraction = parts.count > 1 ? String(parts[1]) : ""
    guard let digits = BigInt(String(parts[0]) + fraction) else { return nil }
    self.init(digits, BigUInt(10).power(fraction.count))
  }

  /// The bits of the longer of its parts.
  var bitWidth: Int { max(numerator.magnitude.bitWidth, denominator.bitWidth) }

  var isZero: Bool { numerator.isZero }
  var isNegative: Bool { numerator.sign == .minus && !isZero }

  static func + (a: Rational, b: Rational) -> Rational {
    Rational(
      a.numerator * BigInt(b.denominator) + b.numerator * BigInt(a.denominator),
      a.denominator * b.denominator)
  }

  static prefix func - (a: Rational) -> Rational { Rational(-a.numerator, a.denominator) }

  static func - (a: Rational, b: Rational) -> Rational { a + -b }

  static func * (a: Rational, b: Rational) -> Rational {
    Rational(a.numerator * b.numerator, a.denominator * b.denominator)
  }

  /// The quotient; `b` must not be 0.
  static func / (a: Rational, b: Rational) -> Rational {
    let magnitude = a.numerator * BigInt(b.denominator)
    return Rational(b.isNegative ? -magnitude : magnitude, a.denominator * b.numerator.magnitude)
  }

  static func == (a: Rational, b: Rational) -> Bool { (a - b).isZero }

  static func < (a: Rational, b: Rational) -> Bool { (a - b).isNegative }

  /// The smallest numerator and denominator of the same value.
  var reduced: Rational {
    guard denominator != 1 else { return self }
    let divisor = numerator.magnitude.greatestCommonDivisor(with: denominator)
    return Rational(numerator / BigInt(divisor), denominator / divisor)
  }
}

extension Rational: CustomStringConvertible {
  /// An integer, or a fraction such as `-1/2`.
  public var description: String {
    let lowest = reduced
    return lowest.denominator == 1
      ? "\(lowest.numerator)" : "\(lowest.numerator)/\(lowest.denominator)"
  }
}

extension Rational {
  /// The exact decimal, such as `-8.75`; nil where it has no end, or over 30 places.
  var decimalText: String? {
    let lowest = reduced
    var rest = lowest.denominator
    let twos = rest.trailingZeroBitCount
    rest >>= twos
    var fives = 0
    while fives <= 30, case let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: 5),
      remainder.isZero
    {
      rest = quotient
      fives += 1
    }
    let places = Swift.max(twos, fives)
    guard rest == 1, places <= 30 else { return nil }
    let scaled = lowest.numerator.magnitude * BigUInt(10).power(places) / lowest.denominator
    let digits = String(scaled)
    let padded = String(repeating: "0", count: Swift.max(0, places + 1 - digits.count)) + digits
    let whole = padded.dropLast(places)
    return (isNegative ? "-" : "") + (places > 0 ? "\(whole).\(padded.suffix(places))" : whole)
  }
}

extension Double {
  /// The double nearest to a fraction, ties to even; infinite where that is too large.
  public init(_ fraction: Rational) {
    let (top, bottom) = (fraction.numerator.magnitude, fraction.denominator)
    guard !top.isZero else {
      self = 0
      return
    }
    // 2^exponent <= value < 2^(exponent + 1)
    var exponent = top.bitWidth - bottom.bitWidth
    if Self.shifted(top, -exponent) < Self.shifted(bottom, exponent) { exponent -= 1 }
    // 53 bits of quotient, fewer below the smallest normal number.
    let bits = Swift.min(53, exponent + 1075)
    guard bits >= 0 else {
      self = fraction.isNegative ? -0.0 : 0
      return
    }
    let shift = bits - 1 - exponent
    let divisor = Self.shifted(bottom, -shift)
    let (quotient, rest) = Self.shifted(top, shift).quotientAndRemainder(dividingBy: divisor)
    let twice = rest << 1
    let up = twice > divisor || (twice == divisor && quotient & 1 == 1)
    let significand = Double(UInt64(quotient) + (up ? 1 : 0))
    let value = scalbn(significand, Int32(clamping: -shift))
    self = fraction.isNegative ? -value : value
  }

  /// The value shifted to the left; not at all where the count is negative.
  private static func shifted(_ value: BigUInt, _ count: Int) -> BigUInt {
    count > 0 ? value << count : value
  }
}
