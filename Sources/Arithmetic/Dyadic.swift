import BigInt

/// A whole number times a power of two: what enclosures end at.
struct Dyadic: Sendable {
  /// The bits that an enclosure's ends are kept to: 77 digits.
  static let precision = 256

  let mantissa: BigInt
  let exponent: Int

  init(_ mantissa: BigInt, _ exponent: Int = 0) {
    (self.mantissa, self.exponent) = (mantissa, exponent)
  }

  var isNegative: Bool { mantissa.sign == .minus && !mantissa.isZero }
  var isZero: Bool { mantissa.isZero }
  /// The place of the highest bit: 2^order is above the magnitude, and no larger than twice it.
  var order: Int { mantissa.magnitude.bitWidth + exponent }

  static prefix func - (a: Dyadic) -> Dyadic { Dyadic(-a.mantissa, a.exponent) }

  static func + (a: Dyadic, b: Dyadic) -> Dyadic {
    let exponent = min(a.exponent, b.exponent)
    return Dyadic(
      (a.mantissa << (a.exponent - exponent)) + (b.mantissa << (b.exponent - exponent)), exponent)
  }

  static func * (a: Dyadic, b: Dyadic) -> Dyadic {
    Dyadic(a.mantissa * b.mantissa, a.exponent + b.exponent)
  }

  static func < (a: Dyadic, b: Dyadic) -> Bool { (a + -b).isNegative }

  /// The nearest number of `precision` bits that is not above this, or not below it.
  func rounded(up: Bool) -> Dyadic {
    let excess = mantissa.magnitude.bitWidth - Self.precision
    guard excess > 0 else { return self }
    return Dyadic(Self.quotient(mantissa, BigInt(1) << excess, up: up), exponent + excess)
  }

  /// A quotient, rounded to `precision` bits or a few more; `b` must not be 0.
  static func quotient(_ a: Dyadic, _ b: Dyadic, up: Bool) -> Dyadic {
    let shift = max(
      0, precision + 1 + b.mantissa.magnitude.bitWidth - a.mantissa.magnitude.bitWidth)
    return Dyadic(
      quotient(a.mantissa << shift, b.mantissa, up: up), a.exponent - b.exponent - shift)
  }

  /// The whole number at or below a quotient, or at or above it.
  static func quotient(_ a: BigInt, _ b: BigInt, up: Bool) -> BigInt {
    let (quotient, rest) = a.quotientAndRemainder(dividingBy: b)
    guard !rest.isZero else { return quotient }
    let isNegative = (a.sign == .minus) != (b.sign == .minus)
    return up == isNegative ? quotient : quotient + (up ? 1 : -1)
  }

  /// This number, exactly.
  var rational: Rational {
    exponent >= 0
      ? Rational(mantissa << exponent) : Rational(mantissa, BigUInt(1) << -exponent)
  }
}
