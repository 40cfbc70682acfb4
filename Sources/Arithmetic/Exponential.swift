import BigInt

/// The exponential function and the logarithm, enclosed.
///
/// They are summed in whole numbers of `unit`, 2^-`bits`, with some hundred roundings of a unit each; the
/// exponential then doubles its relative error 16 times by squaring. Both stay within 2^-`proven`, and
/// that is what the enclosures are widened by.
enum Exponential {
  private static let bits = 448
  private static let proven = 380
  private static let unit = BigInt(1) << bits

  /// 2 artanh(1/3).
  private static let logarithmOfTwo = twiceArtanh(unit / 3)

  /// 2 (y + y³/3 + y⁵/5 + ...), for y at most 1/3.
  private static func twiceArtanh(_ y: BigInt) -> BigInt {
    let square = (y * y) >> bits
    var (term, sum, odd) = (y, y, 1)
    while !term.isZero {
      term = (term * square) >> bits
      odd += 2
      sum += term / BigInt(odd)
    }
    return sum * 2
  }

  /// The natural logarithm of a positive number: of m·2^k, with 1 ≤ m < 2, k ln 2 + ln m.
  static func logarithm(_ number: Dyadic) -> Enclosure {
    let k = number.order - 1
    let shift = bits - (number.mantissa.magnitude.bitWidth - 1)
    let m = shift >= 0 ? number.mantissa << shift : number.mantissa >> -shift
    let value =
      BigInt(k) * logarithmOfTwo + twiceArtanh(((m - unit) << bits) / (m + unit))
    let doubt = BigInt(1) << (bits - proven)
    return Enclosure(Dyadic(value - doubt, -bits), Dyadic(value + doubt, -bits))
  }

  /// e to the power of a number that is no larger than 2^20 or so.
  static func power(_ number: Dyadic) -> Enclosure {
    let shift = number.exponent + bits
    let x = shift >= 0 ? number.mantissa << shift : number.mantissa >> -shift
    // x = k ln 2 + r; e^r by its series at r/2^16, squared 16 times.
    let k = Dyadic.quotient(x, logarithmOfTwo, up: false)
    let r = (x - k * logarithmOfTwo) >> 16
    var (term, sum, count) = (unit, unit, 0)
    while !term.isZero {
      count += 1
      term = ((term * r) >> bits) / BigInt(count)
      sum += term
    }
    for _ in 0..<16 { sum = (sum * sum) >> bits }
    let doubt = BigInt(1) << (bits - proven + 24)
    let exponent = Int(clamping: k) - bits
    return Enclosure(Dyadic(sum - doubt, exponent), Dyadic(sum + doubt, exponent))
  }
}
