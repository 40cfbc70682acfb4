extension Expression {
  /// The exact value; nil of the empty expression.
  ///
  /// Multiplication that is not written binds as × does: `1/2(3)` is `(1/2)×3`. Empty parentheses are
  /// 0. Throws an `ArithmeticError` where an operation has no value, as 0÷0.
  public func value() throws(ArithmeticError) -> Value? {
    guard !left.isEmpty else { return nil }
    let value = try Self.value(of: left)
    guard let right else { return value }
    return .truth(value.equals(try Self.value(of: right)))
  }

  /// Dijkstra's shunting yard: two stacks instead of recursion, so that depth costs no call stack.
  static func value(of tokens: [Token]) throws(ArithmeticError) -> Value {
    var values: [Value] = []
    var pending: [Token] = []

    func apply(_ token: Token) throws(ArithmeticError) {
      let operand = values.removeLast()
      if case .sign(let minus) = token.kind {
        values.append(minus ? operand.negated : operand)
      } else if case .operation(let sign) = token.kind {
        let first = values.removeLast()
        guard let result = Self.apply(sign, first, operand) else {
          throw ArithmeticError(
            rule: .undefined("\(first)\(sign == "·" ? "×" : sign)\(operand)"),
            position: token.position)
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
    case .operation("+"), .operation("-"): 1
    case .operation: 2
    case .sign: 3
    default: 0
    }
  }

  private static func apply(_ sign: Character, _ a: Value, _ b: Value) -> Value? {
    switch sign {
    case "+": a.plus(b)
    case "-": a.plus(b.negated)
    case "×", "·": a.times(b)
    default: a.divided(by: b)
    }
  }

  /// Whether both sides of an equation agree to the last decimal that the right one is written with.
  ///
  /// People round: `116÷145=0.80`, `1/3=0.33`. False of anything but an equation between two numbers.
  func holdsRounded() -> Bool {
    guard let right, case .number(let a)? = try? Self.value(of: left),
      case .number(let b)? = try? Self.value(of: right)
    else { return false }
    let behindEquals = text.split(separator: "=").last ?? ""
    let places = behindEquals.split(separator: ".", maxSplits: 1).dropFirst().first?.count ?? 0
    guard places > 0 else { return a == b }
    let difference = a < b ? b - a : a - b
    return !(Rational(1, .init(10).power(places)) < difference)
  }
}
