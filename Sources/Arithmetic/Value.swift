import Alphabet

/// What an expression comes to.
public enum Value: Sendable {
  /// An exact number.
  case number(Rational)
  /// A number divided by 0: ∞, or -∞ where it was negative.
  case infinity(negative: Bool)
  /// Whether the two sides of an equation are equal, exactly.
  case truth(Bool)

  /// The nearest double of a number; nil of the others, and of numbers that no double can hold.
  public var decimal: Double? {
    guard case .number(let number) = self else { return nil }
    let double = Double(number)
    return double.isFinite ? double : nil
  }
}

extension Value: CustomStringConvertible {
  /// `-3`, `1/2`, `∞`, `-∞`, `true` or `false`.
  public var description: String {
    switch self {
    case .number(let number): number.description
    case .infinity(let negative): negative ? "-∞" : "∞"
    case .truth(let truth): "\(truth)"
    }
  }
}

/// The operations on numbers that may be infinite; nil where there is no value.
extension Value {
  /// What an operation makes of this and another number.
  func applying(_ operation: Alphabet.Operation, to other: Value) -> Value? {
    switch operation {
    case .add: plus(other)
    case .subtract: plus(other.negated)
    case .multiply: times(other)
    case .divide: divided(by: other)
    }
  }

  private var isNegative: Bool {
    switch self {
    case .number(let number): number.isNegative
    case .infinity(let negative): negative
    case .truth: false
    }
  }

  /// 0 minus this.
  var negated: Value {
    switch self {
    case .number(let number): .number(-number)
    case .infinity(let negative): .infinity(negative: !negative)
    case .truth: self
    }
  }

  /// The sum; ∞ - ∞ has no value.
  func plus(_ other: Value) -> Value? {
    switch (self, other) {
    case (.number(let a), .number(let b)): .number(a + b)
    case (.infinity(let a), .infinity(let b)): a == b ? self : nil
    case (.infinity, _): self
    default: other
    }
  }

  /// The product; ∞ × 0 has no value.
  func times(_ other: Value) -> Value? {
    switch (self, other) {
    case (.number(let a), .number(let b)): .number(a * b)
    case (.number(let a), .infinity), (.infinity, .number(let a)):
      a.isZero ? nil : .infinity(negative: isNegative != other.isNegative)
    default: .infinity(negative: isNegative != other.isNegative)
    }
  }

  /// The quotient; x ÷ 0 is infinite with the sign of x, 0 ÷ 0 and ∞ ÷ ∞ have no value.
  func divided(by other: Value) -> Value? {
    switch (self, other) {
    case (.number(let a), .number(let b)) where b.isZero:
      a.isZero ? nil : .infinity(negative: a.isNegative)
    case (.number(let a), .number(let b)): .number(a / b)
    case (.number, .infinity): .number(Rational(0))
    case (.infinity, .infinity): nil
    default: .infinity(negative: isNegative != other.isNegative)
    }
  }

  /// Whether two numbers are the same.
  func equals(_ other: Value) -> Bool {
    switch (self, other) {
    case (.number(let a), .number(let b)): a == b
    case (.infinity(let a), .infinity(let b)): a == b
    default: false
    }
  }
}
