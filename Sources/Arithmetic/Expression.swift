import Alphabet

/// An expression or equation in the language of `GrammarState`, and its exact value.
public struct Expression: Sendable {
  /// The longest text read, in characters.
  public static let longest = 1 << 15

  /// The text without blanks, with `×` for every sign of multiplication and `-` for every minus.
  public let text: String
  /// The parts between the signs `=`; one part is no equation.
  let sides: [[Token]]
  /// Whether the text ends in `=`.
  let isQuestion: Bool

  /// A number or a sign, and where it stands, counted from 1.
  struct Token: Sendable {
    enum Kind: Sendable {
      case number(Rational)
      /// An operation, with the character that asks for it: `×` where none is written.
      case operation(Alphabet.Operation, Character)
      /// A sign before a number or a parenthesis.
      case sign(Alphabet.Operation)
      case open, close
    }
    let kind: Kind
    let position: Int
  }

  /// Reads an expression; throws an `ArithmeticError` where it is not well formed.
  public init(_ source: some StringProtocol) throws(ArithmeticError) {
    guard source.utf8.count <= 4 * Self.longest, source.count <= Self.longest else {
      throw ArithmeticError(rule: .tooLong(source.count), position: Self.longest + 1)
    }
    let characters = try Self.checked(source)
    text = String(characters.map(\.entry.character))
    var sides: [[Token]] = [[]]
    var index = 0
    while index < characters.count {
      let (entry, position) = characters[index]
      let start = index
      index += 1
      let before = sides[sides.count - 1].last?.kind
      let kind: Token.Kind
      switch entry.kind {
      case .equals:
        sides.append([])
        continue
      case .open: kind = .open
      case .close: kind = .close
      case .sign(let operation):
        kind =
          Self.endsOperand(before) ? .operation(operation, entry.character) : .sign(operation)
      case .operation(let operation): kind = .operation(operation, entry.character)
      case .digit, .point:
        while index < characters.count, characters[index].entry.isNumeric { index += 1 }
        let digits = String(characters[start..<index].map(\.entry.character))
        guard let number = Rational(decimal: digits) else {
          throw ArithmeticError(rule: .unknown(entry.character), position: position)
        }
        kind = .number(number)
      }
      if Self.startsOperand(kind), Self.endsOperand(before) {
        sides[sides.count - 1].append(Token(kind: .operation(.multiply, "×"), position: position))
      }
      sides[sides.count - 1].append(Token(kind: kind, position: position))
    }
    // An `=` at the end asks; it has no other side.
    self.sides = sides.count > 1 ? sides.filter { !$0.isEmpty } : sides
    isQuestion = sides.count == 2 && sides[1].isEmpty
  }

  /// Whether it is one number, with or without a sign, and no equation.
  var isNumber: Bool {
    guard sides.count == 1, sides[0].count <= 2, case .number? = sides[0].last?.kind else {
      return false
    }
    return true
  }

  private static func endsOperand(_ kind: Token.Kind?) -> Bool {
    switch kind {
    case .number, .close: true
    default: false
    }
  }

  private static func startsOperand(_ kind: Token.Kind) -> Bool {
    switch kind {
    case .number, .open: true
    default: false
    }
  }
}

extension Expression {
  /// The characters but for blanks, with their positions; throws where the grammar is broken.
  private static func checked(
    _ source: some StringProtocol
  ) throws(ArithmeticError) -> [(entry: Alphabet.Entry, position: Int)] {
    var state = GrammarState()
    var kept: [(entry: Alphabet.Entry, position: Int)] = []
    var opened: [Int] = []
    for (index, character) in source.enumerated() where !character.isWhitespace {
      let position = index + 1
      guard let entry = Alphabet.entry(of: character) else {
        throw ArithmeticError(rule: .unknown(character), position: position)
      }
      if let before = kept.last, before.position + 1 < position, before.entry.isNumeric,
        entry.isNumeric
      {
        throw ArithmeticError(rule: .apart, position: position)
      }
      guard let next = state.advanced(by: entry.kind) else {
        throw ArithmeticError(
          rule: reason(entry, in: state, after: kept.last?.entry), position: position)
      }
      if entry.kind == .open { opened.append(position) }
      if entry.kind == .close { opened.removeLast() }
      state = next
      kept.append((entry, position))
    }
    if let open = opened.last { throw ArithmeticError(rule: .unclosed, position: open) }
    if let last = kept.last, !state.canEnd {
      throw ArithmeticError(rule: .unfinished(after: last.entry.character), position: last.position)
    }
    return kept
  }

  private static func reason(
    _ entry: Alphabet.Entry, in state: GrammarState, after before: Alphabet.Entry?
  ) -> ArithmeticError.Rule {
    if entry.kind == .close, state.depth == 0 { return .unopened }
    if entry.kind == .equals, state.depth > 0, state.endsOperand { return .unclosed }
    return .misplaced(entry.character, after: before?.character)
  }
}

extension Alphabet.Entry {
  /// Whether numbers are written with it.
  fileprivate var isNumeric: Bool {
    switch kind {
    case .digit, .point: true
    case .open, .close, .sign, .operation, .equals: false
    }
  }
}
