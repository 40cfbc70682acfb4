import Mechanics

/// Why an expression has no value, and where: the character it hangs on, counted from 1.
public struct ArithmeticError: Error, Equatable, Sendable {
  /// The rules that an expression can break.
  public enum Rule: Equatable, Sendable {
    /// A character that no expression has.
    case unknown(Character)
    /// A character that may not stand where it does, and what stands before it.
    case misplaced(Character, after: Character?)
    /// `)` without `(`.
    case unopened
    /// `(` without `)`.
    case unclosed
    /// An end where something must follow.
    case unfinished(after: Character)
    /// Two numbers with a blank between them.
    case apart
    /// More characters than are read.
    case tooLong(Int)
    /// An operation without a value, such as 0÷0.
    case undefined(String)
    /// Digits and marks that are no number, and the decimal mark by which they would be one.
    case malformed(String, hint: DecimalMark?)
    /// An operation with more digits than are worked out, and how many.
    case tooLarge(String, digits: Double)
    /// Two numbers that agree to so many digits, and may be the same or not.
    case undecided(String, digits: Int)
    /// A reading of ink that is wrong more likely than not, and its least likely character.
    case unsure(String, confidence: Double)
  }

  /// The rule that is broken.
  public let rule: Rule
  /// The character it hangs on, counted from 1.
  public let position: Int
}

extension ArithmeticError {
  /// What programs know a rule by, beside the text that people read.
  public enum Code: String, CaseIterable, Sendable {
    /// A character that no expression has.
    case unknownCharacter = "unknown-character"
    /// A character that no expression starts with.
    case misplacedStart = "misplaced-start"
    /// A character that cannot follow the one before it.
    case misplaced
    /// `)` without `(`.
    case unopened
    /// `(` without `)`.
    case unclosed
    /// An end where something must follow.
    case unfinished
    /// Two numbers without an operator.
    case missingOperator = "missing-operator"
    /// More characters than are read.
    case tooLong = "too-long"
    /// An operation without a value.
    case undefined
    /// Digits and marks that are no number.
    case malformedNumber = "malformed-number"
    /// A result with more digits than are worked out.
    case tooLarge = "too-large"
    /// Two numbers too close to tell them apart.
    case undecided
    /// A reading that is too likely to be wrong.
    case unsure
  }

  /// The code of the rule that is broken.
  public var code: Code {
    switch rule {
    case .unknown: .unknownCharacter
    case .misplaced(_, nil): .misplacedStart
    case .misplaced: .misplaced
    case .unopened: .unopened
    case .unclosed: .unclosed
    case .unfinished: .unfinished
    case .apart: .missingOperator
    case .tooLong: .tooLong
    case .undefined: .undefined
    case .malformed: .malformedNumber
    case .tooLarge: .tooLarge
    case .undecided: .undecided
    case .unsure: .unsure
    }
  }
}

extension ArithmeticError: CustomStringConvertible {
  /// The rule, then the value.
  public var description: String {
    switch rule {
    case .unknown(let character): "no expression has the character '\(character)'"
    case .misplaced(let character, nil): "an expression cannot start with '\(character)'"
    case .misplaced(let character, .some(let before)): "'\(character)' cannot follow '\(before)'"
    case .unopened: "')' has no '('"
    case .unclosed: "'(' is not closed"
    case .unfinished(let before): "something must follow '\(before)'"
    case .apart: "an operator must stand between two numbers"
    case .tooLong(let count):
      "an expression has \(Expression.longest) characters at most, this one \(count)"
    case .undefined(let operation): "\(operation) has no value"
    case .malformed(let text, nil): "'\(text.shortened)' is no number"
    case .malformed(let text, let mark?):
      "'\(text.shortened)' is no number, but one with '\(mark.rawValue)' for its decimal mark"
    case .tooLarge(let operation, let digits):
      "\(operation.shortened) has \(Self.rough(digits)) digits, more than are worked out"
    case .undecided(let numbers, let digits):
      "\(numbers) agree to \(digits) digits: whether they are the same is not known"
    case .unsure(let character, let confidence):
      "'\(character)' may be something else: the reading is right with \(Self.percent(confidence)) %"
    }
  }

  private static func percent(_ share: Double) -> Int {
    Int((100 * share).rounded(), within: 0...100)
  }

  /// A count, or what is known of one that is too large to write out.
  private static func rough(_ count: Double) -> String {
    count < 1e15 ? "some \(UInt64(count, within: 0...1 << 50) + 1)" : "over 10^15"
  }
}

extension String {
  /// Its beginning, where it is long.
  fileprivate var shortened: String { count > 40 ? "\(prefix(40))…" : self }
}
