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
      /// One of `+ - × ÷ /`, or `·` for the multiplication that is not written.
      case operation(Character)
      /// A sign before a number or a parenthesis; true is minus.
      case sign(Bool)
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
    text = String(characters.map(\.character))
    var sides: [[Token]] = [[]]
    var index = 0
    while index < characters.count {
      let (character, position) = characters[index]
      if character == "=" {
        sides.append([])
        index += 1
        continue
      }
      let start = index
      repeat {
        index += 1
      } while Self.isNumeric(character) && index < characters.count
        && Self.isNumeric(characters[index].character)
      let before = sides[sides.count - 1].last?.kind
      let kind: Token.Kind
      switch character {
      case "(": kind = .open
      case ")": kind = .close
      case "+", "-":
        kind = Self.endsOperand(before) ? .operation(character) : .sign(character == "-")
      case "×", "÷", "/": kind = .operation(character)
      default:
        guard let number = Rational(decimal: String(characters[start..<index].map(\.character)))
        else { throw ArithmeticError(rule: .unknown(character), position: position) }
        kind = .number(number)
      }
      if Self.startsOperand(kind), Self.endsOperand(before) {
        sides[sides.count - 1].append(Token(kind: .operation("·"), position: position))
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

  private static func isNumeric(_ character: Character) -> Bool {
    character == "." || ("0"..."9").contains(character)
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
  /// One spelling for each sign.
  private static let spellings: [Character: Character] = [
    "*": "×", "·": "×", "−": "-", "–": "-", "∶": "÷",
  ]

  /// The characters but for blanks, with their positions; throws where the grammar is broken.
  private static func checked(
    _ source: some StringProtocol
  ) throws(ArithmeticError) -> [(character: Character, position: Int)] {
    var state = GrammarState()
    var kept: [(character: Character, position: Int)] = []
    var opened: [Int] = []
    for (index, raw) in source.enumerated() where !raw.isWhitespace {
      let character = spellings[raw] ?? raw
      let position = index + 1
      if let before = kept.last, before.position + 1 < position, isNumeric(before.character),
        isNumeric(character)
      {
        throw ArithmeticError(rule: .apart, position: position)
      }
      guard let next = state.advanced(by: character) else {
        throw ArithmeticError(
          rule: reason(character, in: state, after: kept.last?.character), position: position)
      }
      if character == "(" { opened.append(position) }
      if character == ")" { opened.removeLast() }
      state = next
      kept.append((character, position))
    }
    if let open = opened.last { throw ArithmeticError(rule: .unclosed, position: open) }
    if let last = kept.last, !state.canEnd {
      throw ArithmeticError(rule: .unfinished(after: last.character), position: last.position)
    }
    return kept
  }

  private static func reason(
    _ character: Character, in state: GrammarState, after before: Character?
  ) -> ArithmeticError.Rule {
    switch character {
    case ")" where state.depth == 0: .unopened
    case "=" where state.depth > 0 && state.endsOperand: .unclosed
    case "0"..."9", ".", "(", ")", "+", "-", "×", "÷", "/", "=":
      .misplaced(character, after: before)
    default: .unknown(character)
    }
  }
}
