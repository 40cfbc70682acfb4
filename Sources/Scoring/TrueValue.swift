import Arithmetic
import Streams

/// What the calculator should say that a drawing comes to.
public enum TrueValue: Equatable, Sendable {
  /// A value as `expr-eval` gives it: a whole number or fraction, `∞`, `true` or `false`.
  case exact(String)
  /// The digits of a number that no fraction is.
  case decimal(String)
  /// None, by the rule that what was written breaks; nil where nothing was written.
  case none(ArithmeticError.Code?)
  /// None, as the truth says, whatever the rule: a list, the root of a negative number.
  case unknown

  /// The value of a text.
  init(of text: String) {
    do {
      self = try Expression(text).value().map { .exact($0.description) } ?? .none(nil)
    } catch { self = .none(error.code) }
  }

  /// The value that a record tells: `value`, and under `value_kind` how it is written.
  init(_ record: JSONValue) throws {
    guard let value = record["value"] else {
      self = .unknown
      return
    }
    guard let text = value.string else {
      throw value.failure("value must be a string, got \(value.kindName)")
    }
    let kind = record["value_kind"]
    switch kind?.string ?? "rational" {
    case "rational", "equation": self = .exact(text)
    case "decimal":
      guard ProvenDigits(text) != nil else { throw value.failure("value is no decimal: '\(text)'") }
      self = .decimal(text)
    default:
      throw (kind ?? value).failure("value_kind must be rational, decimal or equation")
    }
  }

  /// Whether there is one.
  var isKnown: Bool {
    switch self {
    case .exact, .decimal: true
    case .none, .unknown: false
    }
  }

  /// Whether an answer says this: that there is no value is right where there is none by the same rule.
  func isMet(by answer: CalculatorAnswer) -> Bool {
    switch self {
    case .exact(let value): answer.value == value
    case .none(let code): answer.value == nil && answer.code == code?.rawValue
    case .unknown: answer.value == nil
    case .decimal(let digits):
      answer.value.flatMap { ProvenDigits(of: $0) }.map {
        $0.agrees(with: ProvenDigits(digits))
      } ?? false
    }
  }
}

/// The significant digits of a number that cannot be written as a fraction.
struct ProvenDigits {
  private let isNegative: Bool
  private let digits: [UInt8]
  /// The power of ten of the first digit.
  private let order: Int

  /// Of a decimal such as `-1.4142` or `1.5e-40`; nil where it is none.
  init?(_ text: String) {
    let parts = text.split(separator: "e", omittingEmptySubsequences: false)
    guard parts.count <= 2, let exponent = parts.count == 2 ? Int(parts[1]) : 0,
      abs(exponent) < 1 << 30
    else { return nil }
    isNegative = parts[0].first == "-"
    let number = parts[0].drop { $0 == "-" }.split(
      separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = number.first, !number.joined().isEmpty,
      number.joined().allSatisfy({ $0.isASCII && $0.isNumber })
    else { return nil }
    let all = number.joined().utf8.map { $0 - UInt8(ascii: "0") }
    guard let first = all.firstIndex(where: { $0 > 0 }) else { return nil }
    digits = Array(all[first...])
    order = whole.utf8.count - 1 - first + exponent
  }

  /// Of a value as `expr-eval` gives it; nil of whole numbers and fractions.
  init?(of value: String) {
    guard let decimal = Value.digits(of: value) else { return nil }
    self.init(decimal)
  }

  /// Whether the digits are the same as far as both go, but for the rounding of the last.
  func agrees(with other: ProvenDigits?) -> Bool {
    guard let other, isNegative == other.isNegative, order == other.order else { return false }
    // 38 digits fit the number that they are compared as.
    let count = min(digits.count, other.digits.count, 38)
    let (one, two) = (leading(count), other.leading(count))
    return max(one, two) - min(one, two) <= 1
  }

  private func leading(_ count: Int) -> UInt128 {
    digits.prefix(count).reduce(0) { $0 * 10 + UInt128($1) }
  }
}
