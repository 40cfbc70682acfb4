/// What tools print for people: lines of text, and tables between them.
public enum ShownPart: ExpressibleByStringInterpolation {
  case line(String)
  case table(AlignedTable)

  /// A line.
  public init(stringLiteral line: String) { self = .line(line) }

  /// Its lines, as a pipe has them.
  public var lines: [String] {
    switch self {
    case .line(let line): [line]
    case .table(let table): table.lines
    }
  }
}

extension ByteWriter {
  /// Writes lines and tables; a terminal gets none that is wider than it.
  public func write(parts: [ShownPart]) {
    for part in parts {
      switch part {
      case .line(let line): write(lines: [line])
      case .table(let table): table.write(self)
      }
    }
  }
}
