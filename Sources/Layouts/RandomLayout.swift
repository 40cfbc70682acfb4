import NeuralNet

/// Expressions as in school, made up at random.
public struct RandomLayout {
  /// What an operand may be beside whole numbers.
  public enum Kind: String, CaseIterable, Sendable {
    case decimal, thousands, percent, factorial, parentheses, fraction, power, root, mixed
    /// Products by a raised dot; quotients by a slash.
    case dot, slash

    /// The character that it cannot do without; nil where a dot will do, which can always be made.
    var sign: String? {
      switch self {
      case .thousands: ","
      case .percent: "%"
      case .factorial: "!"
      case .parentheses: "("
      case .fraction, .mixed: "-"
      case .root: "√"
      case .slash: "/"
      case .decimal, .power, .dot: nil
      }
    }

    /// How often it is an operand: dots stand more often before decimals than between factors.
    fileprivate var share: Int {
      switch self {
      case .decimal, .fraction, .power: 3
      case .parentheses, .root: 2
      case .thousands, .percent, .factorial, .mixed: 1
      case .dot, .slash: 0
      }
    }
  }

  private let kinds: [Kind]
  /// The kinds of operands, each as often as it is one.
  private let operands: [Kind]
  private var random: RandomNumbers

  /// Expressions with operands of some kinds.
  public init(_ kinds: [Kind], _ random: RandomNumbers) {
    (self.kinds, self.random) = (kinds, random)
    operands = kinds.flatMap { [Kind](repeating: $0, count: $0.share) }
  }

  /// Structures within each other.
  private static let deepest = 2

  /// The next expression, without an `=`.
  public mutating func next() -> Layout { row(depth: 0) }

  /// So many digits at most, the first of which is not 0.
  private mutating func number(_ digits: Int) -> Layout {
    let count = 1 + random.index(below: digits)
    let first = 1 + random.index(below: 9)
    let others = (1..<count).map { _ in "\(random.index(below: 10))" }
    return Layout("\(first)" + others.joined())
  }

  private mutating func chance(_ share: Float) -> Bool { random.uniform() < share }

  /// One to three operands with operations between them; within structures they are fewer.
  private mutating func row(depth: Int) -> Layout {
    let most = depth == 0 ? 3 : 2
    let count = depth > 0 && chance(0.5) ? 1 : 1 + random.index(below: most)
    var parts: [Layout] = []
    if chance(0.04) { parts.append(.character("-")) }
    for place in 0..<count {
      if place > 0 { parts.append(.character(operation())) }
      parts.append(operand(depth: depth))
    }
    return .row(parts)
  }

  private mutating func operation() -> String {
    var signs = ["+", "+", "-", "-", "×", "÷"]
    if kinds.contains(.dot), chance(0.3) { signs.append("·") }
    if kinds.contains(.slash) { signs.append("/") }
    return signs[random.index(below: signs.count)]
  }

  private mutating func operand(depth: Int) -> Layout {
    guard !operands.isEmpty, chance(0.5) else { return number(depth == 0 ? 3 : 2) }
    let isDeepest = depth >= Self.deepest
    switch operands[random.index(below: operands.count)] {
    case .decimal:
      let whole = chance(0.2) ? Layout("0") : number(2)
      let decimals = (0...random.index(below: 2)).map { _ in "\(random.index(below: 10))" }
      return .row([whole, .character("."), Layout(decimals.joined())])
    case .thousands:
      let rest = (0..<3).map { _ in "\(random.index(below: 10))" }
      return .row([number(2), .character(","), Layout(rest.joined())])
    case .percent: return .row([number(2), .character("%")])
    case .factorial: return .row([number(1), .character("!")])
    case .parentheses where !isDeepest: return .parentheses(row(depth: depth + 1))
    case .fraction where !isDeepest:
      return .fraction(row(depth: depth + 1), row(depth: depth + 1))
    case .power where !isDeepest:
      let base = chance(0.2) ? Layout.parentheses(row(depth: depth + 1)) : number(2)
      return .power(base, chance(0.8) ? number(1) : row(depth: Self.deepest))
    case .root where !isDeepest:
      let index = chance(0.2) ? Layout("\(3 + random.index(below: 3))") : nil
      return .root(row(depth: depth + 1), index: index)
    case .mixed where !isDeepest: return .mixed(number(1), .fraction(number(1), number(1)))
    default: return number(2)
    }
  }
}
