import Alphabet
import BigInt

/// A word of an expression: a number, a sign, a bracket, and where it stands, counted from 1.
struct Lexeme {
  enum Kind {
    case number(Rational)
    case sign(Alphabet.Operation)
    case operation(Alphabet.Operation)
    case power
    /// A small raised number, `²`.
    case raised(BigInt)
    /// A root and its index.
    case root(Int)
    case factorial, percent
    case open, close, equals
    /// Braces: what they hold belongs together and shows no parentheses, as above a bar.
    case openBrace, closeBrace
    /// Between the whole number and the fraction of a mixed number: U+2064, Unicode's invisible plus.
    case mixed
  }

  let kind: Kind
  /// Its spelling in answers.
  let text: String
  let position: Int
}

extension Lexeme.Kind {
  /// What a character of the alphabet is by itself; nil of those that numbers are written with.
  fileprivate init?(_ kind: Alphabet.Kind) {
    switch kind {
    case .open: self = .open
    case .close: self = .close
    case .equals: self = .equals
    case .sign(let operation): self = .sign(operation)
    case .operation(let operation): self = .operation(operation)
    case .root: self = .root(2)
    case .factorial: self = .factorial
    case .percent: self = .percent
    case .digit, .point, .comma: return nil
    }
  }
}

/// Splits a text into its lexemes.
///
/// Each sign may be spelt in the ways of its entry of the alphabet; `x` between two operands is `×`.
struct LexemeReader {
  private let characters: [Character]
  private let mark: DecimalMark
  private var index = 0

  init(_ source: some StringProtocol, mark: DecimalMark) {
    (characters, self.mark) = (Array(source), mark)
  }

  /// The next lexeme, given whether an operand stands before it; nil at the end.
  mutating func next(afterOperand: Bool) throws(ArithmeticError) -> Lexeme? {
    while index < characters.count, characters[index].isWhitespace { index += 1 }
    guard index < characters.count else { return nil }
    let start = index
    func lexeme(_ kind: Lexeme.Kind, _ text: String) -> Lexeme {
      Lexeme(kind: kind, text: text, position: start + 1)
    }
    let character = characters[index]
    if let entry = Alphabet.entry(of: character), let kind = Lexeme.Kind(entry.kind) {
      index += 1
      return lexeme(kind, entry.text)
    }
    if Self.isNumeric(character) {
      let (value, text) = try number()
      return lexeme(.number(value), text)
    }
    if let exponent = raised() {
      if !afterOperand, index < characters.count, characters[index] == "√",
        let root = Int(exponent.text), root >= 2
      {
        index += 1
        return lexeme(.root(root), "\(exponent.spelled)√")
      }
      guard let value = BigInt(exponent.text) else {
        throw ArithmeticError(rule: .unknown(character), position: start + 1)
      }
      return lexeme(.raised(value), "^\(exponent.text)")
    }
    for (name, index) in [("sqrt", 2), ("cbrt", 3)] where spells(name) {
      self.index += name.count
      return lexeme(.root(index), Self.root(index))
    }
    index += 1
    switch character {
    case "^", "＾": return lexeme(.power, "^")
    case "{": return lexeme(.openBrace, "{")
    case "}": return lexeme(.closeBrace, "}")
    case ReadingSpelling.invisiblePlus:
      return lexeme(.mixed, String(ReadingSpelling.invisiblePlus))
    case "∛", "∜":
      let root = character == "∛" ? 3 : 4
      return lexeme(.root(root), Self.root(root))
    case "x", "X":
      guard afterOperand, startsOperand else { break }
      return lexeme(.operation(.multiply), "×")
    default: break
    }
    throw ArithmeticError(rule: .unknown(character), position: start + 1)
  }

  /// The sign of a root: `√`, or with its index, `³√`.
  static func root(_ index: Int) -> String {
    index == 2 ? "√" : "\(spelled(String(index)))√"
  }

  /// Whether a number, a bracket or a root comes next: what `x` multiplies with.
  private var startsOperand: Bool {
    var next = index
    while next < characters.count, characters[next].isWhitespace { next += 1 }
    guard next < characters.count else { return false }
    return Self.isNumeric(characters[next]) || "√∛∜{".contains(characters[next])
      || Alphabet.entry(of: characters[next])?.kind == .open
  }

  private func spells(_ name: String) -> Bool {
    index + name.count <= characters.count
      && String(characters[index..<index + name.count]).lowercased() == name
  }
}

/// Numbers.
extension LexemeReader {
  private static func isNumeric(_ character: Character) -> Bool {
    switch Alphabet.entry(of: character)?.kind {
    case .digit, .point, .comma: true
    default: false
    }
  }

  /// A number: digits, with or without a decimal mark, each three of them apart by the other mark, and
  /// an exponent, as `12`, `.5`, `5.`, `1,000.5` or `1e-5`; and its spelling without those marks.
  private mutating func number() throws(ArithmeticError) -> (Rational, String) {
    let start = index
    var spelled = ""
    while index < characters.count, Self.isNumeric(characters[index]) {
      spelled += Alphabet.entry(of: characters[index])?.text ?? ""
      index += 1
    }
    guard let plain = mark.plain(spelled) else {
      throw ArithmeticError(
        rule: .malformed(spelled, hint: mark.other.plain(spelled) == nil ? nil : mark.other),
        position: start + 1)
    }
    guard let exponent = exponent() else {
      return (Rational(decimal: plain) ?? Rational(0), plain)
    }
    let text = "\(plain)e\(exponent)"
    guard let value = Int(exponent), abs(value) <= Real.mostDigits else {
      throw ArithmeticError(
        rule: .tooLarge(text, digits: abs(Double(exponent) ?? .infinity)), position: start + 1)
    }
    let ten = BigUInt(10).power(abs(value))
    let factor = value < 0 ? Rational(1, ten) : Rational(BigInt(ten))
    return ((Rational(decimal: plain) ?? Rational(0)) * factor, text)
  }

  /// What follows `e` behind digits; nothing is read where no number follows.
  private mutating func exponent() -> String? {
    guard index < characters.count, "eE".contains(characters[index]) else { return nil }
    var next = index + 1
    var text = ""
    if next < characters.count,
      case .sign(let operation)? = Alphabet.entry(of: characters[next])?.kind
    {
      if operation == .subtract { text = "-" }
      next += 1
    }
    let digits = characters[next...].prefix { Alphabet.entry(of: $0)?.kind == .digit }
    guard !digits.isEmpty else { return nil }
    index = next + digits.count
    return text + digits.compactMap { Alphabet.entry(of: $0)?.text }.joined()
  }

  private static let raisedDigits: [Character: Character] = [
    "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8",
    "⁹": "9", "⁻": "-", "⁺": "+",
  ]

  /// Raised digits, with a sign or without, and the same on the line; nil where there are none.
  private mutating func raised() -> (text: String, spelled: String)? {
    let run = characters[index...].prefix { Self.raisedDigits[$0] != nil }
    let text = String(run.compactMap { Self.raisedDigits[$0] })
    guard BigInt(text) != nil else { return nil }
    index += run.count
    return (text, String(run))
  }

  /// A number in raised digits.
  private static func spelled(_ number: String) -> String {
    String(number.compactMap { digit in raisedDigits.first { $0.value == digit }?.key })
  }
}
