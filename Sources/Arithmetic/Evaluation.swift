extension Expression {
  /// The exact value; nil of the empty expression; of an equation, whether all its sides are equal.
  ///
  /// Multiplication that is not written binds as × does: `1/2(3)` is `(1/2)×3`. Empty parentheses are
  /// 0. Throws an `ArithmeticError` where an operation has no value, as 0÷0.
  public func value() throws(ArithmeticError) -> Value? {
    guard !sides[0].isEmpty else { return nil }
    let first = try Self.value(of: sides[0])
    guard sides.count > 1 else { return first }
    var holds = true
    for side in sides.dropFirst() { holds = first.equals(try Self.value(of: side)) && holds }
    return .truth(holds)
  }

  /// Dijkstra's shunting yard: two stacks instead of recursion, so that depth costs no call stack.
  static func value(of tokens: [Token]) throws(ArithmeticError) -> Value {
    var values: [Value] = []
    var pending: [Token] = []

    func apply(_ token: Token) throws(ArithmeticError) {
      let operand = values.removeLast()
      if case .sign(let operation) = token.kind {
        values.append(operation == .subtract ? operand.negated : operand)
      } else if case .operation(let operation, let character) = token.kind {
        let first = values.removeLast()
        guard let result = first.applying(operation, to: operand) else {
          throw ArithmeticError(
            rule: .undefined("\(first)\(character)\(operand)"), position: token.position)
        }
        values.append(result)
      }
    }

    var afterOpen = false
    for token in tokens {
      switch token.kind {
      case .number(let number): values.append(.number(number))
      case .open, .sign: pending.append(token)
      case .close:
        if afterOpen { values.append(.number(Rational(0))) }
        while let top = pending.popLast(), Self.precedence(top) > 0 { try apply(top) }
      case .operation:
        while let top = pending.last, Self.precedence(top) >= Self.precedence(token) {
          try apply(pending.removeLast())
        }
        pending.append(token)
      }
      if case .open = token.kind { afterOpen = true } else { afterOpen = false }
    }
    while let top = pending.popLast() { try apply(top) }
    return values[0]
  }

  /// How tightly a token on the stack binds; an open parenthesis holds everything back.
  private static func precedence(_ token: Token) -> Int {
    switch token.kind {
    case .operation(let operation, _): operation.precedence
    case .sign: .max
    case .number, .open, .close: 0
    }
  }

  /// Whether the sides of an equation agree to the last decimal that the last one is written with.
  ///
  /// People round: `116÷145=0.80`, `1/3=0.33`. False of anything but an equation between numbers.
  func holdsRounded() -> Bool {
    guard sides.count > 1, case .number(let first)? = try? Self.value(of: sides[0]) else {
      return false
    }
    let behindEquals = text.split(separator: "=").last ?? ""
    let places = behindEquals.split(separator: ".", maxSplits: 1).dropFirst().first?.count ?? 0
    let tolerance = places > 0 ? Rational(1, .init(10).power(places)) : Rational(0)
    return sides.dropFirst().allSatisfy { side in
      guard case .number(let value)? = try? Self.value(of: side) else { return false }
      return !(tolerance < (first < value ? value - first : first - value))
    }
  }
}
