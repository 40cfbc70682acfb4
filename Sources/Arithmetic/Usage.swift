import Alphabet

/// The habits of people who write expressions: what tends to follow what, and that equations hold.
enum Usage {
  /// Kinds of characters, and the edge of the paper.
  enum Kind: Int, CaseIterable {
    case edge, digit, dot, sign, equals, open, close
  }

  /// The kind of a character that was read; what is foreign passes for a sign.
  static func kind(_ text: String) -> Kind {
    guard let entry = Alphabet.entry(of: text) else { return .sign }
    switch entry.kind {
    case .digit: return .digit
    case .point, .comma: return .dot
    case .equals: return .equals
    case .open, .root: return .open
    case .close, .factorial, .percent: return .close
    case .sign, .operation: return .sign
    }
  }

  /// log P(next | kind) - log P(next), held above -3.
  static func score(_ kind: Kind, _ next: Kind) -> Double {
    follow[kind.rawValue * Kind.allCases.count + next.rawValue]
  }

  /// Counted over CROHME's 369 linear expressions of training writers, those whose FNV-1a hash is no
  /// multiple of 5: P(next | kind) = (count + 2 P(next)) / (all counts of the kind + 2).
  private static let follow: [Double] = [
    //edge digit  dot  sign equals open close
    -3.0, 0.4, -3.0, -2.1, -3.0, 0.9, -3.0,  // edge
    0.5, -0.4, 0.6, 0.4, 0.3, -3.0, 0.3,  // digit
    -3.0, 0.6, -3.0, -3.0, -3.0, -3.0, -3.0,  // dot
    -3.0, 0.4, -3.0, -3.0, -3.0, 1.4, -3.0,  // sign
    -3.0, 0.4, -3.0, -0.0, -3.0, -3.0, -3.0,  // equals
    -3.0, 0.4, -3.0, -3.0, -3.0, 1.4, -3.0,  // open
    0.1, -3.0, -3.0, 1.2, 1.8, -3.0, 1.7,  // close
  ]
}

extension Usage {
  /// Whether a text is an equation that holds, as far as it is written out.
  ///
  /// People write true equations far more often than false ones: of the 104 that training writers of
  /// CROHME's linear expressions wrote, 96 hold.
  static func isTrueEquation(_ text: String) -> Bool {
    guard text.utf8.contains(UInt8(ascii: "=")), let expression = try? Expression(text) else {
      return false
    }
    return expression.holdsRounded()
  }
}
