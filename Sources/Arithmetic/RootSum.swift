import BigInt
import Mechanics

/// A sum of square roots, exactly: a₁√r₁ + a₂√r₂ + ..., with different radicands that no square divides.
///
/// Such roots are linearly independent over the fractions, so two sums are equal only when their terms
/// are, and none is 0 but the empty one (Besicovitch 1940). What would grow beyond `mostTerms` terms,
/// `mostBits` of a coefficient, or radicands of 64 bits, is nil: an `Enclosure` goes on.
struct RootSum: Sendable {
  static let mostTerms = 8
  /// The most bits of a coefficient: those of `Real.mostDigits` digits.
  static let mostBits = Real.mostDigits * 3322 / 1000

  /// Coefficients that are not 0, by radicands; 1 is the radicand of a fraction.
  let terms: [UInt64: Rational]

  private init(_ terms: [UInt64: Rational]) { self.terms = terms.filter { !$0.value.isZero } }

  init(_ fraction: Rational) { self.init([1: fraction]) }

  /// The square root of a fraction that is not negative; nil where its squares cannot be found.
  init?(squareRootOf fraction: Rational) {
    // √(p/q) = √(pq)/q
    let lowest = fraction.reduced
    let product = lowest.numerator.magnitude * lowest.denominator
    let whole = product.squareRoot()
    if whole * whole == product {
      self.init([1: Rational(BigInt(whole), lowest.denominator)])
      return
    }
    guard let number = UInt64(exactly: product), let (factor, radicand) = Self.split(number) else {
      return nil
    }
    self.init([radicand: Rational(BigInt(factor), lowest.denominator)])
  }

  /// The largest square's root that divides a number, and what is left: 12 is 2²×3.
  ///
  /// What is left after all primes up to the cube root has two prime factors at most: it is a square, or
  /// has none. Nil above 10^15, where that would take long.
  static func split(_ number: UInt64) -> (factor: UInt64, radicand: UInt64)? {
    guard number <= 1_000_000_000_000_000 else { return nil }
    var (rest, factor, radicand) = (number, UInt64(1), UInt64(1))
    var prime: UInt64 = 2
    while prime * prime * prime <= rest {
      while rest % (prime * prime) == 0 {
        rest /= prime * prime
        factor *= prime
      }
      if rest % prime == 0 {
        rest /= prime
        radicand *= prime
      }
      prime += prime == 2 ? 1 : 2
    }
    let root = UInt64(Double(rest).squareRoot().rounded(), within: 0...1_000_000_000)
    return root * root == rest ? (factor * root, radicand) : (factor, radicand * rest)
  }

  /// The fraction that it is; nil where it is none.
  var rational: Rational? {
    if terms.isEmpty { return Rational(0) }
    return terms.count == 1 ? terms[1] : nil
  }

  static prefix func - (a: RootSum) -> RootSum { RootSum(a.terms.mapValues { -$0 }) }

  static func + (a: RootSum, b: RootSum) -> RootSum? {
    RootSum(a.terms.merging(b.terms) { $0 + $1 }).limited
  }

  static func * (a: RootSum, b: RootSum) -> RootSum? {
    var product: [UInt64: Rational] = [:]
    for (r, x) in a.terms {
      for (s, y) in b.terms {
        // √r √s = g √(r/g · s/g), where g divides both.
        let common = greatestCommonDivisor(r, s)
        let (radicand, overflow) = (r / common).multipliedReportingOverflow(by: s / common)
        guard !overflow else { return nil }
        product[radicand, default: Rational(0)] =
          product[radicand, default: Rational(0)] + x * y * Rational(BigInt(common))
      }
    }
    return RootSum(product.mapValues(\.reduced)).limited
  }

  /// The inverse of one or two terms, 1/(x + y) = (x - y)/(x² - y²); nil of more, and of none.
  var inverse: RootSum? {
    let parts = terms.sorted { $0.key < $1.key }
    guard let (r, x) = parts.first, parts.count <= 2 else { return nil }
    if parts.count == 1 { return RootSum([r: Rational(1) / (x * Rational(BigInt(r)))]) }
    let (s, y) = parts[1]
    let square = x * x * Rational(BigInt(r)) - y * y * Rational(BigInt(s))
    return RootSum([r: x / square, s: -y / square])
  }

  private var limited: RootSum? {
    let isShort = terms.values.allSatisfy {
      max($0.numerator.bitWidth, $0.denominator.bitWidth) <= Self.mostBits
    }
    return terms.count <= Self.mostTerms && isShort ? self : nil
  }

  private static func greatestCommonDivisor(_ a: UInt64, _ b: UInt64) -> UInt64 {
    var (a, b) = (a, b)
    while b != 0 { (a, b) = (b, a % b) }
    return a
  }

  static func == (a: RootSum, b: RootSum) -> Bool { (a + -b)?.terms.isEmpty ?? false }

  /// Where it lies.
  var enclosure: Enclosure {
    terms.reduce(Enclosure(Rational(0))) { sum, term in
      sum + Enclosure(term.value) * Enclosure(Rational(BigInt(term.key))).squareRoot
    }
  }
}

extension RootSum {
  /// A single root in its simplest form, as `√2`, `-3√5` or `3√2/4`; nil where there are more terms.
  var simplest: (coefficient: Rational, radicand: UInt64)? {
    guard terms.count == 1, let (radicand, coefficient) = terms.first, radicand != 1 else {
      return nil
    }
    return (coefficient.reduced, radicand)
  }
}
