/// A reading of ink on one line, for people and for programs that know no layout.
///
/// Readings hold what belongs together in braces, as `{{1+2}/{3}}` for a fraction, `2^{10}` for a power,
/// `√{5}` for a root and an invisible plus in a mixed number. Here braces become parentheses, or nothing
/// where the value is the same without: `(1+2)/3`, `2^10`, `√5`. Both have the same value.
struct LayoutSpelling {
  private let characters: [Character]
  private var index = 0

  /// The plain spelling; texts without braces stay as they are.
  static func plain(_ reading: String) -> String {
    guard reading.contains("{") else { return reading }
    var spelling = LayoutSpelling(characters: Array(reading))
    return spelling.row()
  }

  /// With the fractions of Unicode, `½`, spelt as those of ink, and as the fraction of a mixed number behind
  /// a whole one; behind decimals they stay, and are unknown.
  static func withFractions(_ text: String) -> String {
    guard text.contains(where: { fractions[$0] != nil }) else { return text }
    var result = ""
    for character in text {
      guard let (above, below) = fractions[character] else {
        result.append(character)
        continue
      }
      let before = result.reversed().drop { $0.isWhitespace }
      let number = String(before.prefix { isNumeric($0) }.reversed())
      let isWhole = number.allSatisfy { $0.isNumber }
      // Behind digits in other dress, as ２ or ², it would be a factor.
      guard isWhole, number.isEmpty == !(before.first?.isNumber ?? false) else { return text }
      let fraction = ReadingSpelling.fraction(above, below)
      if number.isEmpty {
        result += fraction
      } else {
        result = String(before.reversed()) + String(ReadingSpelling.invisiblePlus) + fraction
      }
    }
    return result
  }

  private static let fractions: [Character: (String, String)] = [
    "¼": ("1", "4"), "½": ("1", "2"), "¾": ("3", "4"), "⅐": ("1", "7"), "⅑": ("1", "9"),
    "⅒": ("1", "10"), "⅓": ("1", "3"), "⅔": ("2", "3"), "⅕": ("1", "5"), "⅖": ("2", "5"),
    "⅗": ("3", "5"), "⅘": ("4", "5"), "⅙": ("1", "6"), "⅚": ("5", "6"), "⅛": ("1", "8"),
    "⅜": ("3", "8"), "⅝": ("5", "8"), "⅞": ("7", "8"),
  ]

  private init(characters: [Character]) { self.characters = characters }

  /// A row up to its closing brace, or to the end.
  private mutating func row() -> String {
    var text = ""
    while index < characters.count, characters[index] != "}" {
      let character = characters[index]
      index += 1
      switch character {
      case "{":
        let inside = row()
        index += 1
        append(inside, to: &text)
      case ReadingSpelling.invisiblePlus:
        // The braces of the fraction come next.
        index += 1
        let fraction = row()
        index += 1
        let whole = text.reversed().prefix { Self.isNumeric($0) }.count
        let number = text.suffix(whole)
        text = "\(text.dropLast(whole))(\(number)+\(fraction))"
      default: text.append(character)
      }
    }
    return text
  }

  /// Adds what braces held to a row, in parentheses where it needs them.
  private func append(_ inside: String, to text: inout String) {
    let before = text.last
    let after = index < characters.count ? characters[index] : nil
    let isLoose: Bool
    switch before {
    // A sign before a fraction or behind it leaves it whole.
    case nil, "+", "-", "=", "(":
      let ends = after.map { "+-=)}/".contains($0) } ?? true
      isLoose = ends && (after != "/" || Self.isTight(inside))
    case "/": isLoose = Self.isTight(inside) && Self.separates(after)
    case "^":
      let number = inside.first == "-" ? inside.dropFirst() : inside[...]
      isLoose = Self.isTight(String(number)) && Self.separates(after)
    case "√":
      isLoose = Self.separates(after) && (Self.isNumber(inside) || Self.isEnclosed(inside))
    default: isLoose = false
    }
    text += isLoose ? inside : "(\(inside))"
  }

  /// Whether what comes next cannot be taken for a part of what stands before.
  private static func separates(_ next: Character?) -> Bool {
    guard let next else { return true }
    return "+-=×÷·)}/".contains(next) || next == "^"
  }

  /// Whether it binds at least as tightly as a power.
  private static func isTight(_ text: String) -> Bool {
    var rest = Substring(text)
    while rest.first == "√" { rest.removeFirst() }
    if isEnclosed(String(rest)) { return true }
    let number = rest.prefix(while: isNumeric)
    guard !number.isEmpty else { return false }
    rest.removeFirst(number.count)
    return rest.isEmpty || rest.first == "^" && isTight(String(rest.dropFirst()))
  }

  private static func isNumber(_ text: String) -> Bool {
    !text.isEmpty && text.allSatisfy(isNumeric)
  }

  private static func isNumeric(_ character: Character) -> Bool {
    character.isASCII && character.isNumber || character == "." || character == ","
  }

  /// Whether one pair of parentheses holds all of it.
  private static func isEnclosed(_ text: String) -> Bool {
    guard text.first == "(", text.last == ")" else { return false }
    var depth = 0
    for character in text.dropLast() {
      if character == "(" { depth += 1 } else if character == ")" { depth -= 1 }
      if depth == 0 { return false }
    }
    return true
  }
}
