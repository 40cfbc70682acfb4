import Alphabet

/// An expression as mathematics is set: a slash as a fraction, powers raised, roots over their inside.
///
/// It follows the steps of the evaluation with a stack of what is set so far; parentheses that a bar, a
/// raise or a root makes needless are left out.
struct Typesetting {
  /// The longest expression set, in characters: pieces are copied as often as they are nested.
  static let longest = 2048

  /// LaTeX, such as `\frac{1}{2}+3^{4}`.
  private(set) var latex = ""
  /// Presentation MathML without its `<math>`.
  private(set) var mathML = ""

  init(_ expression: Expression, mark: DecimalMark) {
    for (place, side) in expression.sides.enumerated() {
      if place > 0 {
        latex += "="
        mathML += "<mo>=</mo>"
      }
      var stack: [Piece] = []
      for step in side { step.kind.set(on: &stack, mark) }
      latex += stack.last?.latex ?? ""
      mathML += stack.last?.mathML ?? ""
    }
  }

  /// What one or more steps have set.
  fileprivate struct Piece {
    var latex: String
    var mathML: String
    /// Whether the MathML is one element.
    var isElement = true
    /// What parentheses hold, of a piece that is in parentheses.
    var inside: (latex: String, mathML: String)?

    /// As an argument: without its own parentheses, and one element.
    var argument: (latex: String, mathML: String) {
      if let inside { return (inside.latex, "<mrow>\(inside.mathML)</mrow>") }
      return (latex, element)
    }

    /// The MathML as one element.
    var element: String { isElement ? mathML : "<mrow>\(mathML)</mrow>" }

    /// Puts another piece behind it.
    mutating func append(_ latex: String, _ mathML: String) {
      self.latex += latex
      self.mathML += mathML
      (isElement, inside) = (false, nil)
    }
  }
}

extension Expression.Step.Kind {
  /// Takes its operands off the stack, and puts on it what is set of them.
  fileprivate func set(on stack: inout [Typesetting.Piece], _ mark: DecimalMark) {
    switch self {
    case .number(_, let text):
      let parts = mark.written(text).split(separator: "e")
      var piece = Typesetting.Piece(latex: "\(parts[0])", mathML: "<mn>\(parts[0])</mn>")
      if parts.count > 1 {
        piece.append(
          "\\times 10^{\(parts[1])}",
          "<mo>×</mo><msup><mn>10</mn><mn>\(parts[1])</mn></msup>")
      }
      stack.append(piece)
    case .operation(.divide, "/"):
      let (bottom, top) = (stack.removeLast().argument, stack.removeLast().argument)
      stack.append(
        .init(
          latex: "\\frac{\(top.latex)}{\(bottom.latex)}",
          mathML: "<mfrac>\(top.mathML)\(bottom.mathML)</mfrac>"))
    case .operation(_, let character):
      let second = stack.removeLast()
      let (latex, shown) = Self.signs(character)
      // In place: a long sum is set in linear time.
      stack[stack.count - 1].append(latex, "<mo>\(shown)</mo>")
      stack[stack.count - 1].append(second.latex, second.mathML)
    case .sign(let operation):
      let operand = stack.removeLast()
      let isMinus = operation == .subtract
      var piece = Typesetting.Piece(
        latex: isMinus ? "-" : "+", mathML: "<mo>\(isMinus ? "−" : "+")</mo>")
      piece.append(operand.latex, operand.mathML)
      stack.append(piece)
    case .power:
      let exponent = stack.removeLast().argument
      let base = stack.removeLast()
      stack.append(
        .init(
          latex: "\(base.latex)^{\(exponent.latex)}",
          mathML: "<msup>\(base.element)\(exponent.mathML)</msup>"))
    case .root(let index):
      let inside = stack.removeLast().argument
      stack.append(
        index == 2
          ? .init(latex: "\\sqrt{\(inside.latex)}", mathML: "<msqrt>\(inside.mathML)</msqrt>")
          : .init(
            latex: "\\sqrt[\(index)]{\(inside.latex)}",
            mathML: "<mroot>\(inside.mathML)<mn>\(index)</mn></mroot>"))
    case .mixed:
      let fraction = stack.removeLast()
      stack[stack.count - 1].append(fraction.latex, "<mo>&#x2064;</mo>" + fraction.mathML)
    case .braces:
      // Parentheses in them are drawn, and stay.
      let drawn = stack.removeLast()
      stack.append(
        .init(
          latex: drawn.latex, mathML: drawn.mathML, isElement: drawn.isElement,
          inside: (drawn.latex, drawn.mathML)))
    case .factorial: stack[stack.count - 1].append("!", "<mo>!</mo>")
    case .percent: stack[stack.count - 1].append("\\%", "<mo>%</mo>")
    case .group(let isEmpty):
      let inside = isEmpty ? ("", "") : stack.last.map { ($0.latex, $0.mathML) } ?? ("", "")
      if !isEmpty { stack.removeLast() }
      let isTall = inside.0.contains("\\frac") || inside.0.contains("\\sqrt")
      stack.append(
        .init(
          latex: isTall ? "\\left(\(inside.0)\\right)" : "(\(inside.0))",
          mathML: "<mo>(</mo>\(inside.1)<mo>)</mo>", isElement: false, inside: inside))
    }
  }

  /// The sign of an operation in LaTeX and MathML; a product that is not written has none to see.
  private static func signs(_ character: Character?) -> (latex: String, mathML: String) {
    switch character {
    case "×": ("\\times ", "×")
    case "÷": ("\\div ", "÷")
    case "-": ("-", "−")
    case let sign?: (String(sign), String(sign))
    case nil: ("", "&#x2062;")
    }
  }
}
