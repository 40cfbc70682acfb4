import Arithmetic

/// An expression as it stands on paper: what is beside, over, under and above what.
public indirect enum Layout: Equatable, Sendable {
  /// One character of the alphabet; `·` is a dot that multiplies.
  case character(String)
  /// Parts beside each other, from left to right.
  case row([Layout])
  /// A row in parentheses.
  case parentheses(Layout)
  /// What is over a bar, and what is under it.
  case fraction(Layout, Layout)
  /// What is raised above what.
  case power(Layout, Layout)
  /// What is under a root's sign, and its index.
  case root(Layout, index: Layout?)
  /// A whole number and a fraction written small behind it.
  case mixed(Layout, Layout)

  /// Characters beside each other.
  public init(_ text: String) { self = .row(text.map { .character(String($0)) }) }

  /// A reading as the decoder spells it: `{{1}/{2}}`, `2^{10}`, `√{5}`, with an invisible plus in a mixed
  /// number.
  public var reading: String {
    switch self {
    case .character(let text): text
    case .row(let parts): parts.map(\.reading).joined()
    case .parentheses(let inside): "(\(inside.reading))"
    case .fraction(let above, let below):
      ReadingSpelling.fraction(above.reading, below.reading)
    case .power(let base, let exponent): "\(base.reading)^{\(exponent.reading)}"
    case .root(let inside, let index):
      ReadingSpelling.root(inside.reading, index: index.flatMap { Int($0.reading) } ?? 2)
    case .mixed(let whole, let fraction):
      "\(whole.reading)\(ReadingSpelling.invisiblePlus)\(fraction.reading)"
    }
  }

  /// Which structures are in it, of `fraction`, `power`, `root` and `mixed`.
  public var structures: Set<String> {
    switch self {
    case .character: []
    case .row(let parts): parts.reduce(into: []) { $0.formUnion($1.structures) }
    case .parentheses(let inside): inside.structures
    case .fraction(let above, let below):
      above.structures.union(below.structures).union(["fraction"])
    case .power(let base, let exponent):
      base.structures.union(exponent.structures).union(["power"])
    case .root(let inside, let index):
      inside.structures.union(index?.structures ?? []).union(["root"])
    case .mixed(_, let fraction): fraction.structures.union(["mixed"])
    }
  }
}
