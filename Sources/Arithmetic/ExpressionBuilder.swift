import Alphabet
import BigInt

/// Puts lexemes in the order of their evaluation, and refuses one where it may not stand.
///
/// Dijkstra's shunting yard: a stack instead of recursion, so that depth costs no call stack.
struct ExpressionBuilder {
  private var text = ""
  private var sides: [[Expression.Step]] = [[]]
  /// What waits for its last operand, or for its `)`.
  private var pending: [(step: Expression.Step, precedence: Int)] = []
  /// Where the open parentheses and braces stand.
  private var opened: [(position: Int, isBrace: Bool)] = []
  private var last: Lexeme?
  /// Whether the last lexeme is a sign before an operand, and no operation.
  private var isAfterSign = false

  private enum Precedence {
    static let open = 0
    static let sign = 3
    static let power = 4
    static let root = 5
    static let mixed = 6
  }

  /// Whether an operand ends with the last lexeme.
  var endsOperand: Bool {
    switch last?.kind {
    case .number, .close, .closeBrace, .raised, .factorial, .percent: true
    case .sign, .operation, .power, .root, .open, .openBrace, .mixed, .equals, nil: false
    }
  }

  private var endsBracket: Bool {
    switch last?.kind {
    case .close, .closeBrace: true
    default: false
    }
  }

  /// Takes the next lexeme.
  mutating func add(_ lexeme: Lexeme) throws(ArithmeticError) {
    let position = lexeme.position
    func misplaced() -> ArithmeticError {
      ArithmeticError(
        rule: .misplaced(lexeme.text.first ?? " ", after: last?.text.last), position: position)
    }
    var isSign = false
    switch lexeme.kind {
    case .number(let value):
      if endsBracket {
        multiply(position)
      } else if endsOperand {
        throw ArithmeticError(rule: .apart, position: position)
      }
      append(.number(value, lexeme.text), position)
    case .open, .openBrace, .root:
      if endsOperand {
        // An index would be read as a power of what stands before it.
        if case .root(let index) = lexeme.kind, index > 2 { text += "×" }
        multiply(position)
      }
      if case .root(let index) = lexeme.kind {
        pending.append((.init(kind: .root(index), position: position), Precedence.root))
      } else {
        pending.append((.init(kind: .group(isEmpty: false), position: position), Precedence.open))
        var isBrace = false
        if case .openBrace = lexeme.kind { isBrace = true }
        opened.append((position, isBrace))
      }
    case .close, .closeBrace:
      var isBrace = false
      if case .closeBrace = lexeme.kind { isBrace = true }
      guard let open = opened.last, open.isBrace == isBrace else {
        throw ArithmeticError(rule: .unopened, position: position)
      }
      var isEmpty = false
      if case .open? = last?.kind { isEmpty = true }
      guard endsOperand || isEmpty else { throw misplaced() }
      release(above: Precedence.open)
      pending.removeLast()
      opened.removeLast()
      append(isBrace ? .braces : .group(isEmpty: isEmpty), position)
    case .mixed:
      guard case .number? = last?.kind else { throw misplaced() }
      pending.append((.init(kind: .mixed, position: position), Precedence.mixed))
    case .sign(let operation) where !endsOperand:
      guard !isAfterSign else { throw misplaced() }
      isSign = true
      pending.append((.init(kind: .sign(operation), position: position), Precedence.sign))
    case .sign(let operation), .operation(let operation):
      guard endsOperand else { throw misplaced() }
      postpone(.operation(operation, lexeme.text.first), operation.precedence, position)
    case .power, .raised:
      // What `2²^3` means is anybody's guess.
      if case .raised? = last?.kind { throw misplaced() }
      guard endsOperand else { throw misplaced() }
      release(above: Precedence.power)
      if case .raised(let exponent) = lexeme.kind {
        append(.number(Rational(exponent), "\(exponent)"), position)
        append(.power, position)
      } else {
        pending.append((.init(kind: .power, position: position), Precedence.power))
      }
    case .factorial, .percent:
      // Whether `2²!` is of 4 or 2 to the 2! is anybody's guess too.
      if case .raised? = last?.kind { throw misplaced() }
      guard endsOperand, lexeme.text != last?.text else { throw misplaced() }
      if case .factorial = lexeme.kind {
        append(.factorial, position)
      } else {
        append(.percent, position)
      }
    case .equals:
      guard endsOperand else { throw misplaced() }
      guard opened.isEmpty else {
        throw ArithmeticError(rule: .unclosed, position: position)
      }
      release(above: Precedence.open)
      sides.append([])
    }
    text += lexeme.text
    (last, isAfterSign) = (lexeme, isSign)
  }

  /// The text, its sides, and whether it ends in a single `=`.
  mutating func finished() throws(ArithmeticError) -> (String, [[Expression.Step]], Bool) {
    if let open = opened.last {
      throw ArithmeticError(rule: .unclosed, position: open.position)
    }
    release(above: Precedence.open)
    guard let last else { return (text, sides, false) }
    if case .equals = last.kind, sides.count == 2 { return (text, [sides[0]], true) }
    guard endsOperand else {
      throw ArithmeticError(
        rule: .unfinished(after: last.text.last ?? " "), position: last.position)
    }
    return (text, sides, false)
  }

  private mutating func append(_ kind: Expression.Step.Kind, _ position: Int) {
    sides[sides.count - 1].append(.init(kind: kind, position: position))
  }

  /// A product that is not written.
  private mutating func multiply(_ position: Int) {
    postpone(.operation(.multiply, nil), Alphabet.Operation.multiply.precedence, position)
  }

  /// Lets an operation wait for its second operand.
  private mutating func postpone(
    _ kind: Expression.Step.Kind, _ precedence: Int, _ position: Int
  ) {
    release(above: precedence - 1)
    pending.append((.init(kind: kind, position: position), precedence))
  }

  /// Does what waits and binds more tightly than this.
  private mutating func release(above precedence: Int) {
    while let top = pending.last, top.precedence > precedence {
      sides[sides.count - 1].append(pending.removeLast().step)
    }
  }
}
