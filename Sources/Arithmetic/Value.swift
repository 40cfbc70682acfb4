import Alphabet

/// What an expression comes to.
public enum Value: Sendable {
  /// A number, exactly or enclosed.
  case number(Number)
  /// A number divided by 0: ∞, or -∞ where it was negative.
  case infinity(negative: Bool)
  /// Whether the two sides of an equation are equal, exactly.
  case truth(Bool)

  /// A real number; its kinds are the library's own.
  public struct Number: Sendable {
    let real: Real
  }

  static func real(_ real: Real) -> Value { .number(Number(real: real)) }
  static func fraction(_ number: Rational) -> Value { .real(.fraction(number)) }

  /// The number as a fraction; nil of all else.
  var fraction: Rational? {
    guard case .number(let number) = self, case .fraction(let fraction) = number.real else {
      return nil
    }
    return fraction
  }

  /// The nearest double of a number; nil of the others, and of numbers that no double can hold.
  public var decimal: Double? {
    guard case .number(let number) = self else { return nil }
    let double =
      switch number.real {
      case .fraction(let fraction): Double(fraction)
      case let other: Double(other.enclosure.lower.rational)
      }
    return double.isFinite ? double : nil
  }

  /// Whether the description is all of it, and no digits that go on.
  public var isExact: Bool {
    guard case .number(let number) = self else { return true }
    return switch number.real {
    case .fraction: true
    case .roots(let sum): sum.simplest != nil
    case .enclosed: false
    }
  }

  /// The digits of a single root, which its description has not; nil of all else.
  var rootDigits: String? {
    guard case .number(let number) = self, case .roots(let sum) = number.real else { return nil }
    return sum.enclosure.digits(Self.digits)
  }

  /// The digits of a value as its description has it; nil of all that is no single root and no digits
  /// that go on.
  public static func digits(of description: String) -> String? {
    if description.contains("√") {
      return (try? Expression(description).value())?.rootDigits
    }
    return description.contains(".") || description.contains("e-") ? description : nil
  }

  /// The significant digits that are given of a number that cannot be written exactly.
  static let digits = 30
}

extension Value: CustomStringConvertible {
  /// `-3`, `1/2`, `3√2/4`, `1.25992104989487316476721060728`, `∞`, `-∞`, `true` or `false`.
  public var description: String {
    switch self {
    case .number(let number): number.description
    case .infinity(let negative): negative ? "-∞" : "∞"
    case .truth(let truth): "\(truth)"
    }
  }
}

extension Value.Number: CustomStringConvertible {
  /// A fraction, a single root in its simplest form, or 30 digits, all of them proven.
  public var description: String {
    switch real {
    case .fraction(let number): return number.description
    case .roots(let sum):
      if let (coefficient, radicand) = sum.simplest {
        let (top, bottom) = (coefficient.numerator, coefficient.denominator)
        let factor = top.magnitude == 1 ? (top.sign == .minus ? "-" : "") : "\(top)"
        return "\(factor)√\(radicand)\(bottom == 1 ? "" : "/\(bottom)")"
      }
      return sum.enclosure.digits(Value.digits) ?? "0"
    case .enclosed(let enclosure): return enclosure.digits(Value.digits) ?? "0"
    }
  }
}

/// The operations on numbers that may be infinite.
extension Value {
  /// What an operation makes of this and another number.
  func applying(
    _ operation: Alphabet.Operation, to other: Value
  ) throws(Real.Trouble) -> Value {
    switch operation {
    case .add: try plus(other)
    case .subtract: try plus(other.negated)
    case .multiply: try times(other)
    case .divide: try divided(by: other)
    }
  }

  private func sign() throws(Real.Trouble) -> Int {
    switch self {
    case .number(let number): try number.real.sign()
    case .infinity(let negative): negative ? -1 : 1
    case .truth: 0
    }
  }

  /// 0 minus this.
  var negated: Value {
    switch self {
    case .number(let number): .real(-number.real)
    case .infinity(let negative): .infinity(negative: !negative)
    case .truth: self
    }
  }

  /// The sum; ∞ - ∞ has no value.
  private func plus(_ other: Value) throws(Real.Trouble) -> Value {
    switch (self, other) {
    case (.number(let a), .number(let b)): return .real(a.real + b.real)
    case (.infinity(let a), .infinity(let b)):
      guard a == b else { throw .undefined }
      return self
    case (.infinity, _): return self
    default: return other
    }
  }

  /// The product; ∞ × 0 has no value.
  private func times(_ other: Value) throws(Real.Trouble) -> Value {
    if case .number(let a) = self, case .number(let b) = other { return .real(a.real * b.real) }
    let sign = try sign() * other.sign()
    guard sign != 0 else { throw .undefined }
    return .infinity(negative: sign < 0)
  }

  /// The quotient; x ÷ 0 is infinite with the sign of x, 0 ÷ 0 and ∞ ÷ ∞ have no value.
  private func divided(by other: Value) throws(Real.Trouble) -> Value {
    switch (self, other) {
    case (.number(let a), .number(let b)):
      if try b.real.sign() == 0 {
        let sign = try sign()
        guard sign != 0 else { throw .undefined }
        return .infinity(negative: sign < 0)
      }
      if case .fraction(let x) = a.real, case .fraction(let y) = b.real { return .fraction(x / y) }
      return .real(a.real * (try b.real.inverse()))
    case (.number, .infinity): return .fraction(Rational(0))
    case (.infinity, .infinity): throw .undefined
    default: return .infinity(negative: try sign() * (other.sign() < 0 ? -1 : 1) < 0)
    }
  }

  /// The power; of ∞ only whole powers but 0 have a value, and none with an exponent of ∞.
  func power(_ exponent: Value) throws(Real.Trouble) -> Value {
    guard case .number(let power) = exponent else { throw .undefined }
    switch self {
    case .number(let base):
      if try power.real.sign() < 0, try base.real.sign() == 0 {
        return .infinity(negative: false)
      }
      return .real(try base.real.power(power.real))
    case .infinity(let negative):
      guard let whole = power.real.whole, !whole.isZero else { throw .undefined }
      guard whole.sign == .plus else { return .fraction(Rational(0)) }
      return .infinity(negative: negative && whole.magnitude % 2 == 1)
    case .truth: throw .undefined
    }
  }

  /// The root with an index of 2 or more.
  func root(_ index: Int) throws(Real.Trouble) -> Value {
    switch self {
    case .number(let number): return .real(try number.real.root(index))
    case .infinity(let negative):
      guard !negative || index % 2 == 1 else { throw .undefined }
      return self
    case .truth: throw .undefined
    }
  }

  /// The product of all whole numbers from 1 to this one.
  func factorial() throws(Real.Trouble) -> Value {
    guard case .number(let number) = self else { throw .undefined }
    return .real(try number.real.factorial())
  }

  /// Whether two numbers are the same.
  func equals(_ other: Value) throws(Real.Trouble) -> Bool {
    switch (self, other) {
    case (.number(let a), .number(let b)): try a.real.equals(b.real)
    case (.infinity(let a), .infinity(let b)): a == b
    default: false
    }
  }
}
