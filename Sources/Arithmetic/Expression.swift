import Alphabet

/// An expression or equation, and its exact value.
///
/// The language, after blanks are taken out; `GrammarState` has the part that is read in ink:
///
///     line     = sum [ "=" ] | sum "=" sum { "=" sum }
///     sum      = term { ("+" | "-") term }
///     term     = signed { ("×" | "÷" | "/") signed | implicit }   (2(3), (2)(3), (2)3 and 2√3 multiply)
///     signed   = [ "+" | "-" ] power
///     power    = operand [ "^" signed ]                           (2^3^2 is 2^9, -2^2 is -4)
///     operand  = { root } ( number | "(" [ sum ] ")" | "{" sum "}" ) { "!" | "%" } | root signed
///     root     = "√" | "³√" ...
///     number   = digits [ "." [ digits ] ] [ exponent ] | "." digits [ exponent ]
public struct Expression: Sendable {
  /// The longest text read, in characters.
  public static let longest = 1 << 15

  /// The text without blanks, each sign in the spelling of answers, numbers with a point and no groups.
  public let text: String
  /// The parts between the signs `=`, each in the order of its evaluation; one part is no equation.
  let sides: [[Step]]
  /// Whether the text ends in `=`.
  let isQuestion: Bool

  /// What is done next with the numbers at hand, and the character that asks for it.
  struct Step: Sendable {
    enum Kind: Sendable {
      case number(Rational, String)
      /// An operation, with the character that asks for it: nil where none is written.
      case operation(Alphabet.Operation, Character?)
      case sign(Alphabet.Operation)
      case power
      case root(Int)
      case factorial, percent
      /// Parentheses around what was made last, or around nothing.
      case group(isEmpty: Bool)
      /// Braces around what was made last: they are not seen.
      case braces
      /// The whole number and the fraction of a mixed number put together.
      case mixed
    }
    let kind: Kind
    let position: Int
  }

  /// Reads an expression; throws an `ArithmeticError` where it is not well formed.
  public init(
    _ source: some StringProtocol, mark: DecimalMark = .point
  ) throws(ArithmeticError) {
    guard source.utf8.count <= 4 * Self.longest, source.count <= Self.longest else {
      throw ArithmeticError(rule: .tooLong(source.count), position: Self.longest + 1)
    }
    var lexemes = LexemeReader(source, mark: mark)
    var builder = ExpressionBuilder()
    while let lexeme = try lexemes.next(afterOperand: builder.endsOperand) {
      try builder.add(lexeme)
    }
    (text, sides, isQuestion) = try builder.finished()
  }

  /// Whether it is one number, with or without a sign, and no equation.
  var isNumber: Bool {
    guard sides.count == 1, case .number? = sides[0].first?.kind else { return false }
    return sides[0].dropFirst().allSatisfy { if case .sign = $0.kind { true } else { false } }
  }
}
