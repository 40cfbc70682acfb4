import BigInt
import Mechanics

/// A real number that is known to lie between two others: what every digit printed is proven by.
struct Enclosure: Sendable {
  /// The digits to which they are known, but for what operations lose.
  static let proven = 70

  let lower: Dyadic
  let upper: Dyadic

  /// Between two numbers, which are rounded apart.
  init(_ lower: Dyadic, _ upper: Dyadic) {
    (self.lower, self.upper) = (lower.rounded(up: false), upper.rounded(up: true))
  }

  init(_ exact: Rational) {
    let (top, bottom) = (Dyadic(exact.numerator), Dyadic(BigInt(exact.denominator)))
    self.init(
      Dyadic.quotient(top, bottom, up: false), Dyadic.quotient(top, bottom, up: true))
  }

  /// Whether every number in it is above 0, or every one below.
  var isPositive: Bool { !lower.isNegative && !lower.isZero }
  var isNegative: Bool { upper.isNegative }
  /// Whether it may be 0, as far as is known.
  var mayBeZero: Bool { !isPositive && !isNegative }

  static prefix func - (a: Enclosure) -> Enclosure { Enclosure(-a.upper, -a.lower) }

  static func + (a: Enclosure, b: Enclosure) -> Enclosure {
    Enclosure(a.lower + b.lower, a.upper + b.upper)
  }

  static func * (a: Enclosure, b: Enclosure) -> Enclosure {
    hull([a.lower * b.lower, a.lower * b.upper, a.upper * b.lower, a.upper * b.upper])
  }

  /// The inverse; 0 must not be in it.
  var inverse: Enclosure {
    let one = Dyadic(1)
    return Enclosure(
      Dyadic.quotient(one, upper, up: false), Dyadic.quotient(one, lower, up: true))
  }

  /// The smallest enclosure of some numbers.
  private static func hull(_ numbers: [Dyadic]) -> Enclosure {
    var (lower, upper) = (numbers[0], numbers[0])
    for number in numbers.dropFirst() {
      if number < lower { lower = number }
      if upper < number { upper = number }
    }
    return Enclosure(lower, upper)
  }

  /// The square root; nothing in it may be below 0.
  var squareRoot: Enclosure {
    func root(_ number: Dyadic, up: Bool) -> Dyadic {
      guard !number.isZero else { return number }
      // An even exponent, and twice as many bits as the root is to have.
      var shift = max(0, 2 * Dyadic.precision + 2 - number.mantissa.magnitude.bitWidth)
      if (number.exponent - shift) % 2 != 0 { shift += 1 }
      let square = number.mantissa.magnitude << shift
      let whole = square.squareRoot()
      let isExact = whole * whole == square
      return Dyadic(BigInt(whole) + (up && !isExact ? 1 : 0), (number.exponent - shift) / 2)
    }
    return Enclosure(root(lower, up: false), root(upper, up: true))
  }

  /// The power with a real exponent; nothing in it may be 0 or below, see `Exponential`.
  func power(_ other: Enclosure) -> Enclosure {
    let logarithm =
      Enclosure(Exponential.logarithm(lower).lower, Exponential.logarithm(upper).upper)
    let product = logarithm * other
    return Enclosure(
      Exponential.power(product.lower).lower, Exponential.power(product.upper).upper)
  }
}

extension Enclosure {
  /// The digits on which both ends agree, at most so many; nil where there are none.
  ///
  /// Rounded to the nearest, as `1.41421356`; with an exponent, as `1.5e-40`, where zeros would stand for
  /// digits that nobody knows.
  func digits(_ most: Int) -> String? {
    guard !mayBeZero else { return nil }
    let isNegative = isNegative
    let (small, large) = isNegative ? (-upper, -lower) : (lower, upper)
    for count in stride(from: most, to: 0, by: -1) {
      let (first, second) = (Self.rounded(small, count), Self.rounded(large, count))
      if first == second {
        return (isNegative ? "-" : "") + Self.written(first.digits, order: first.order)
      }
    }
    return nil
  }

  /// A positive number as `count` digits and the power of ten of the first.
  private static func rounded(_ number: Dyadic, _ count: Int) -> (digits: String, order: Int) {
    // log10 from the place of the highest bit: right, or one too large.
    var order = Int(
      (Double(number.order) * 0.301_029_995_663_981_2).rounded(.down), within: -1 << 40...1 << 40)
    while true {
      let scale = count - 1 - order
      let ten = BigInt(10).power(abs(scale))
      var top = number.mantissa * (scale > 0 ? ten : 1)
      var bottom = scale < 0 ? ten : 1
      if number.exponent > 0 { top <<= number.exponent } else { bottom <<= -number.exponent }
      let digits = String((top * 2 + bottom) / (bottom * 2))
      if digits.count == count { return (digits, order) }
      order += digits.count - count
    }
  }

  /// Digits and the power of ten of the first, as one writes them.
  private static func written(_ digits: String, order: Int) -> String {
    switch order {
    case -7..<0: return "0." + String(repeating: "0", count: -order - 1) + digits
    case 0..<(digits.count - 1):
      return "\(digits.prefix(order + 1)).\(digits.dropFirst(order + 1))"
    case digits.count - 1: return digits
    default:
      return digits.prefix(1) + (digits.count > 1 ? "." : "") + digits.dropFirst() + "e\(order)"
    }
  }
}
