/// LaTeX of arithmetic in one spelling, so that the same expression is the same text.
///
/// Blanks and the size of parentheses say nothing; a script of one character may lack its braces, and
/// signs may be written as themselves.
func spelledLatex(_ latex: String) -> String {
  var tokens: [String] = []
  var rest = Substring(latex)
  while let next = rest.popFirst() {
    guard next == "\\" else {
      if !next.isWhitespace { tokens.append(signs[String(next)] ?? String(next)) }
      continue
    }
    let letters = rest.prefix { $0.isASCII && $0.isLetter }
    rest = rest.dropFirst(letters.count)
    let command = letters.isEmpty ? rest.popFirst().map(String.init) ?? "" : String(letters)
    // Spaces, thin and wide.
    if ["left", "right", ",", ";", ":", "!", " ", "quad"].contains(command) { continue }
    tokens.append(signs["\\\(command)"] ?? "\\\(command)")
  }
  var text = ""
  for (place, token) in tokens.enumerated() {
    let isScript = place > 0 && tokens[place - 1] == "^" && token != "{"
    text += isScript ? "{\(token)}" : token
  }
  return text.last == "=" ? String(text.dropLast()) : text
}

/// What is written in several ways; the product's dot is a product.
private let signs = [
  "×": "\\times", "·": "\\times", "⋅": "\\times", "*": "\\times", "\\cdot": "\\times",
  "\\ast": "\\times", "÷": "\\div", "−": "-", "\\dfrac": "\\frac", "\\tfrac": "\\frac",
]
