import BigInt
import Mechanics

extension Expression {
  /// The exact value; nil of the empty expression; of an equation, whether all its sides are equal.
  ///
  /// Multiplication that is not written binds as × does: `1/2(3)` is `(1/2)×3`. Empty parentheses are
  /// 0. Throws an `ArithmeticError` where an operation has no value, as 0÷0, or one that is too large.
  public func value() throws(ArithmeticError) -> Value? {
    guard !sides[0].isEmpty else { return nil }
    let first = try Self.value(of: sides[0])
    guard sides.count > 1 else { return first }
    var holds = true
    var undecided: ArithmeticError?
    for side in sides.dropFirst() {
      let value = try Self.value(of: side)
      do {
        holds = try first.equals(value) && holds
      } catch {
        undecided = ArithmeticError(
          rule: .undecided("the two sides", digits: Enclosure.proven), position: 1)
      }
    }
    // One pair that differs settles it, whatever the others are.
    if holds, let undecided { throw undecided }
    return .truth(holds)
  }

  /// Does the steps on a stack of values.
  static func value(of steps: [Step]) throws(ArithmeticError) -> Value {
    var values: [Value] = []
    var budget = Budget()
    for step in steps {
      let operands = Array(values.suffix(step.operands))
      do {
        let value = try budget.limited(try step.result(of: operands))
        values.removeLast(operands.count)
        values.append(value)
      } catch {
        throw ArithmeticError(rule: step.rule(of: error, operands), position: step.position)
      }
    }
    if case .number(let number)? = values.last, case .enclosed(let enclosure) = number.real,
      enclosure.mayBeZero
    {
      throw ArithmeticError(
        rule: .undecided("the value and 0", digits: Enclosure.proven), position: 1)
    }
    return values[0]
  }

  /// Holds the size of results between operations, where each alone is small enough.
  private struct Budget {
    /// Bits of the largest numerator or denominator: some 40,000 digits, more than a text can hold.
    private static let mostBits = 1 << 17
    /// How often a large fraction may be reduced, which takes longer than all else.
    private var reductions = 1

    mutating func limited(_ value: Value) throws(Real.Trouble) -> Value {
      guard let fraction = value.fraction, fraction.bitWidth > Self.mostBits else { return value }
      let lowest = reductions > 0 ? fraction.reduced : fraction
      reductions -= 1
      guard lowest.bitWidth <= Self.mostBits else {
        throw .tooLarge(digits: Double(lowest.bitWidth) * 0.301_03)
      }
      return .fraction(lowest)
    }
  }
}

extension Expression.Step {
  /// How many values it takes.
  fileprivate var operands: Int {
    switch kind {
    case .number, .group(isEmpty: true): 0
    case .sign, .root, .factorial, .percent, .group, .braces: 1
    case .operation, .power, .mixed: 2
    }
  }

  fileprivate func result(of values: [Value]) throws(Real.Trouble) -> Value {
    switch kind {
    case .number(let number, _): .fraction(number)
    case .group(let isEmpty): isEmpty ? .fraction(Rational(0)) : values[0]
    case .braces: values[0]
    case .mixed: try values[0].applying(.add, to: values[1])
    case .sign(let operation): operation == .subtract ? values[0].negated : values[0]
    case .factorial: try values[0].factorial()
    case .percent: try values[0].applying(.multiply, to: .fraction(Rational(1, 100)))
    case .root(let index): try values[0].root(index)
    case .power: try values[0].power(values[1])
    case .operation(let operation, _): try values[0].applying(operation, to: values[1])
    }
  }

  fileprivate func rule(
    of trouble: Real.Trouble, _ values: [Value]
  ) -> ArithmeticError.Rule {
    switch trouble {
    case .undefined: .undefined(described(values))
    case .tooLarge(let digits): .tooLarge(described(values), digits: digits)
    case .undecided: .undecided("\(described(values)) and 0", digits: Enclosure.proven)
    }
  }

  /// The operation on its operands, as `0/0`; long ones are not spelt out.
  private func described(_ values: [Value]) -> String {
    let texts = values.map { value in
      guard let bits = value.fraction?.bitWidth, bits > 100 else { return value.description }
      return "(\(UInt64(Double(bits) * 0.301_03, within: 0...1 << 50) + 1) digits)"
    }
    func held(_ place: Int) -> String {
      texts[place].contains { "-/√".contains($0) } ? "(\(texts[place]))" : texts[place]
    }
    return switch kind {
    case .operation(_, let character): "\(texts[0])\(character ?? "×")\(texts[1])"
    case .power: "\(held(0))^\(held(1))"
    case .root(let index): "\(LexemeReader.root(index))\(held(0))"
    case .factorial: "\(held(0))!"
    case .percent: "\(held(0))%"
    case .mixed: "\(texts[0])+\(texts[1])"
    case .number, .sign, .group, .braces: texts.last ?? ""
    }
  }
}

extension Expression {
  /// Whether the sides of an equation agree to the last decimal that the last one is written with.
  ///
  /// People round: `116÷145=0.80`, `1/3=0.33`. False of anything but an equation between fractions.
  func holdsRounded() -> Bool {
    guard sides.count > 1, let first = try? Self.value(of: sides[0]).fraction else { return false }
    let behindEquals = text.split(separator: "=").last ?? ""
    let places = behindEquals.split(separator: ".", maxSplits: 1).dropFirst().first?.count ?? 0
    let tolerance = places > 0 ? Rational(1, .init(10).power(places)) : Rational(0)
    return sides.dropFirst().allSatisfy { side in
      guard let value = try? Self.value(of: side).fraction else { return false }
      return !(tolerance < (first < value ? value - first : first - value))
    }
  }
}
