import Alphabet

/// Where a reader of an expression stands: which characters may come next, and whether it may end.
///
/// The language, after blanks are taken out:
///
///     line     = sum [ "=" ] | sum "=" sum { "=" sum }
///     sum      = term { ("+" | "-") term }
///     term     = factor { ("×" | "÷" | "/") factor | implicit }   (2(3), (2)(3) and (2)3 multiply)
///     factor   = [ "+" | "-" ] ( number | "(" [ sum ] ")" )
///     number   = digits [ "." [ digits ] ] | "." digits
///
/// It is a finite automaton but for the count of open parentheses, so that a beam search can carry it.
public struct GrammarState: Hashable, Sendable {
  /// The kind of what was read last.
  enum Last: Hashable {
    case start, sign, operation, open, close, equals
    case number(dot: Bool, digit: Bool)
  }

  private(set) var last = Last.start
  /// Parentheses that are open.
  private(set) var depth: Int32 = 0
  /// How often `=` has been read: 0, 1, or 2 for more.
  private(set) var equalsRead: Int8 = 0

  /// Whether it is an exponent, or above or under a bar or a root: no equation stands there.
  private var isInner = false

  /// The state before the first character.
  public init() {}

  /// The same of a row within another where `isInner`.
  init(isInner: Bool) { self.isInner = isInner }

  /// The state behind a character; nil where it may not stand here.
  public func advanced(by character: Character) -> GrammarState? {
    Alphabet.entry(of: character).flatMap { advanced(by: $0.kind) }
  }

  /// The state behind a character of that kind; nil where it may not stand here.
  func advanced(by kind: Alphabet.Kind) -> GrammarState? {
    var next = self
    switch kind {
    case .digit:
      if case .number(let dot, _) = last {
        next.last = .number(dot: dot, digit: true)
      } else {
        next.last = .number(dot: false, digit: true)
      }
    case .point:
      if case .number(let dot, let digit) = last {
        guard !dot else { return nil }
        next.last = .number(dot: true, digit: digit)
      } else {
        next.last = .number(dot: true, digit: false)
      }
    case .open:
      guard last != .number(dot: true, digit: false) else { return nil }
      next.last = .open
      next.depth += 1
    case .close:
      guard depth > 0, endsOperand || last == .open else { return nil }
      next.last = .close
      next.depth -= 1
    case .sign:
      guard endsOperand || last == .start || last == .open || last == .operation || last == .equals
      else { return nil }
      next.last = endsOperand ? .operation : .sign
    case .operation:
      guard endsOperand else { return nil }
      next.last = .operation
    case .comma:
      guard case .number(_, digit: true) = last else { return nil }
      next.last = .number(dot: true, digit: false)
    case .factorial, .percent:
      guard endsOperand else { return nil }
      next.last = .close
    case .root: return nil
    case .equals:
      guard endsOperand, depth == 0, !isInner else { return nil }
      next.last = .equals
      next.equalsRead = min(2, equalsRead + 1)
    }
    return next
  }

  /// The state behind a part of a row; nil where it may not stand here.
  func advanced(by role: RowOption.Role) -> GrammarState? {
    switch role {
    case .character(let kind): return advanced(by: kind)
    case .operand:
      guard last != .number(dot: true, digit: false) else { return nil }
      return closed
    }
  }

  /// The state behind an exponent or a fraction, which may not be gone on with as a number.
  var closed: GrammarState {
    var next = self
    next.last = .close
    return next
  }

  /// Whether digits alone stand before.
  var endsWholeNumber: Bool { last == .number(dot: false, digit: true) }

  /// Whether what was read so far is a whole line.
  public var canEnd: Bool {
    depth == 0 && (endsOperand || (last == .equals && equalsRead == 1))
  }

  /// Whether a number or a closed parenthesis has just ended, or could.
  var endsOperand: Bool {
    switch last {
    case .close, .number(_, digit: true): true
    default: false
    }
  }
}
