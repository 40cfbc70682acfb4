import Alphabet
import Mechanics
import Testing

@testable import Arithmetic

@Suite struct ExpressionTests {
  private func value(_ text: String) -> String {
    do { return try Expression(text).value()?.description ?? "" } catch { return "error" }
  }

  @Test(arguments: [
    ("1+2", "3"), ("1+(2-3)*4+4/2", "-1"), ("1+)3-2", "error"), ("12+34-5*2", "36"),
    ("1+1/0", "∞"), ("0/0", "error"), ("1+(2+3", "error"), ("1+2(3)", "7"), ("1+2+3()", "3"),
    ("1+(2+(2+((1)+2", "error"), ("1+3*(1+(1+2)/(1+2))", "7"), ("1/3+1/6", "1/2"),
    ("", ""), ("-3", "-3"), ("2×-3", "-6"), ("-(2+3)", "-5"), ("--3", "error"), ("2--3", "5"),
    ("(1+2)(3)", "9"), ("(2)3", "6"), ("1/2(3)", "3/2"), (".5+5.", "11/2"), (".", "error"),
    ("1..2", "error"), ("1.2.3", "error"), ("4+4=", "8"), ("4+4=8", "true"), ("4+4=9", "false"),
    ("0.1+0.2=0.3", "true"), ("=3", "error"), ("1=1=1", "true"), ("2=1+1=3-1", "true"),
    ("2=1+1=3", "false"), ("1=1=", "error"), ("1==1", "error"), ("=", "error"), ("1/0=2/0", "true"),
    ("-1/0", "-∞"), ("1/0-1/0", "error"), ("0×(1/0)", "error"), ("(1/0)/(1/0)", "error"),
    ("3/(1/0)", "0"), ("(-2)(1/0)", "-∞"), ("()", "0"), ("1 2", "error"), ("1 + 2", "3"),
    ("12÷4−1", "2"), ("2a", "error"), ("1+", "error"), ("(2+3)×4", "20"), ("10-4-3", "3"),
    ("24/4/2", "3"), ("2-3×4", "-10"), ("-2-3", "-5"), ("-2×3", "-6"), ("(1=1)", "error"),
  ]) func hasItsValue(text: String, expected: String) {
    #expect(value(text) == expected)
  }

  @Test func errorsNameTheirPlace() {
    func error(_ text: String) -> String {
      do {
        _ = try Expression(text).value()
        return ""
      } catch let error as ArithmeticError {
        return "\(error.position): \(error)"
      } catch { return "\(error)" }
    }
    #expect(error("1+)3") == "3: ')' has no '('")
    #expect(error("1+(2+3") == "3: '(' is not closed")
    #expect(error("12+ x") == "5: no expression has the character 'x'")
    #expect(error("1+*2") == "3: '×' cannot follow '+'")
    #expect(error("×2") == "1: an expression cannot start with '×'")
    #expect(error("1+2-") == "4: something must follow '-'")
    #expect(error("3+0/0") == "4: 0/0 has no value")
    #expect(error("1 2") == "3: an operator must stand between two numbers")
    #expect(error("1=2=") == "4: something must follow '='")
  }

  @Test func depthIsNoDanger() {
    let deep = String(repeating: "(", count: 10_000) + "1" + String(repeating: ")", count: 10_000)
    #expect(value(deep) == "1")
    #expect(value(String(repeating: "(", count: 60_000)) == "error")
    #expect(value(String(repeating: "1+", count: 40_000) + "1") == "error")
    #expect(value(String(repeating: "1/7+", count: 8_000) + "1") == "8007/7")
    #expect(
      value(String(repeating: "-(", count: 10_000) + "1" + String(repeating: ")", count: 10_000))
        == "1")
  }

  /// The automaton and the parser must accept the same texts.
  @Test func grammarAndParserAgree() {
    var random = SplitMix64(seed: 1)
    let alphabet = Array("0123.+-×÷/()=")
    var accepted = 0
    for _ in 0..<40_000 {
      let text = String(
        (0..<Int.random(in: 1...9, using: &random)).map { _ in
          alphabet.randomElement(using: &random)!
        })
      var state: GrammarState? = GrammarState()
      for character in text { state = state?.advanced(by: character) }
      let isAccepted = state?.canEnd ?? false
      #expect(((try? Expression(text)) != nil) == isAccepted, "\(text)")
      accepted += isAccepted ? 1 : 0
    }
    #expect(accepted > 500)
  }

  /// A recursive evaluator in Double, written apart from the shunting yard.
  private struct Plain {
    var rest: Substring
    mutating func sum() -> Double {
      var value = term()
      while let sign = rest.first, sign == "+" || sign == "-" {
        rest.removeFirst()
        let next = term()
        value += sign == "+" ? next : -next
      }
      return value
    }
    mutating func term() -> Double {
      var value = factor()
      while let sign = rest.first, sign == "×" || sign == "/" {
        rest.removeFirst()
        let next = factor()
        value = sign == "×" ? value * next : value / next
      }
      return value
    }
    mutating func factor() -> Double {
      if rest.first == "-" {
        rest.removeFirst()
        return -factor()
      }
      if rest.first == "(" {
        rest.removeFirst()
        defer { rest.removeFirst() }
        return sum()
      }
      let digits = rest.prefix { $0.isNumber || $0 == "." }
      rest = rest.dropFirst(digits.count)
      return Double(digits) ?? .nan
    }
  }

  @Test func agreesWithAPlainEvaluator() throws {
    var random = SplitMix64(seed: 2)
    func number(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &random) }
    func expression(_ depth: Int) -> String {
      switch depth == 0 ? 0 : number(0...5) {
      case 0: "\(number(1...99))"
      case 1: "\(number(1...99)).\(number(0...9))"
      case 2: "(\(expression(depth - 1)))"
      case 3: "(-\(number(1...9)))"
      default: expression(depth - 1) + ["+", "-", "×", "/"][number(0...3)] + expression(depth - 1)
      }
    }
    for _ in 0..<2_000 {
      let text = expression(5)
      var plain = Plain(rest: text[...])
      let expected = plain.sum()
      guard let exact = try? Expression(text).value()?.decimal, abs(expected) < 1e9 else {
        continue
      }
      #expect(abs(exact - expected) <= 1e-6 * max(1, abs(expected)), "\(text)")
    }
  }
}

@Suite struct RationalTests {
  @Test func doublesAreTheNearest() throws {
    for text in [
      "0.1", "0.3", "123456789.123456789", "9007199254740993", "0.00000000000000000001",
      "179769313486231570000000000000000000000", "2.2250738585072014", "1", "0.5",
      "3.999999999999999999999",
    ] {
      #expect(Double(try #require(Rational(decimal: text))) == Double(text))
    }
    // Subnormals and the ends of the range, where strtod is the judge.
    for exponent in [300, 308, 320, 323, 324, 330] {
      let fraction = Rational(123_456_789, .init(10).power(exponent + 8))
      #expect(Double(fraction) == Double("1.23456789e-\(exponent)"))
    }
    for exponent in [300, 307, 308, 309] {
      let whole = Rational(.init(10).power(exponent) * 15, 10)
      #expect(Double(whole) == Double("1.5e\(exponent)"))
    }
  }

  @Test(
    "each rule has a code of its own",
    arguments: [
      ("2x", "unknown-character"), ("1.2.3", "malformed-number"), ("9^9^9", "too-large"),
      ("√(2+√2)^2=2+√2", "undecided"), ("×2", "misplaced-start"), ("1+×2", "misplaced"),
      ("1)", "unopened"),
      ("(1", "unclosed"), ("1+", "unfinished"), ("1 2", "missing-operator"), ("0/0", "undefined"),
      (String(repeating: "1", count: Expression.longest + 1), "too-long"),
    ])
  func codes(_ text: String, _ code: String) {
    let error = #expect(throws: ArithmeticError.self) { try Expression(text).value() }
    #expect(error?.code.rawValue == code)
  }

  @Test("every character has figures of its size and place, and a spelling that is read")
  func alphabet() throws {
    #expect(GlyphGeometry.table.map(\.key) == Alphabet.classes)
    for entry in Alphabet.entries {
      for spelling in [entry.character] + entry.spellings {
        let text =
          switch entry.kind {
          case .open: "\(spelling)5)"
          case .close: "(5\(spelling)"
          case .digit, .point, .sign, .operation, .equals: "5\(spelling)5"
          case .root: "\(spelling)5"
          case .factorial, .percent: "5\(spelling)"
          case .comma: "5\(spelling)000"
          }
        let read = try Expression(text).text
        // A comma between groups of digits is read and not kept.
        #expect(read.contains(entry.character) || read == "5000", "\(text)")
      }
    }
  }
}
