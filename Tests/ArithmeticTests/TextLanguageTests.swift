import Mechanics
import Testing

@testable import Arithmetic

/// What people type beside the language of ink: powers, roots, percent, numbers of other countries.
@Suite struct TextLanguageTests {
  private func value(_ text: String, _ mark: DecimalMark = .point) -> String {
    do {
      return try Expression(text, mark: mark).value()?.description ?? ""
    } catch { return error.code.rawValue }
  }

  @Test(arguments: [
    ("2^10", "1024"), ("2^3^2", "512"), ("-2^2", "-4"), ("(-2)^2", "4"), ("2^-1", "1/2"),
    ("2^-2^2", "1/16"), ("2×3^2", "18"), ("2²", "4"), ("2²³", "8388608"), ("2⁻²", "1/4"),
    ("5²×3", "75"), ("2^3(4)", "32"), ("(1/2)^3", "1/8"), ("0^0", "undefined"), ("0^-1", "∞"),
    ("0^2", "0"), ("(1/0)^2", "∞"), ("(-1/0)^3", "-∞"), ("(1/0)^-1", "0"), ("2^(1/0)", "undefined"),
    ("(-1)^1000001", "-1"), ("1^(10^30)", "1"), ("8^(1/3)", "2"), ("4^(3/2)", "8"),
    ("(-8)^(1/3)", "undefined"), ("(4/9)^-.5", "3/2"), ("2²^3", "misplaced"), ("2²!", "misplaced"),
    ("5!²", "14400"),
    ("^2", "misplaced-start"),
    ("2^", "unfinished"), ("2^)", "unopened"), ("5² 3", "missing-operator"),
  ]) func powers(text: String, expected: String) {
    #expect(value(text) == expected, "\(text)")
  }

  @Test(arguments: [
    ("√2", "√2"), ("sqrt(2)", "√2"), ("SQRT 2", "√2"), ("√8", "2√2"), ("√(1/2)", "√2/2"),
    ("√(9/8)", "3√2/4"), ("√144", "12"), ("√0", "0"), ("√(-4)", "undefined"), ("√-4", "undefined"),
    ("∛-8", "-2"), ("√-2^2", "undefined"), ("2√+4", "4"), ("√--4", "misplaced"),
    ("√×4", "misplaced"),
    ("∛8", "2"), ("cbrt 27", "3"), ("³√(-8)", "-2"), ("∜16", "2"), ("⁶√64", "2"), ("⁴√4", "√2"),
    ("2√3", "2√3"), ("√2√8", "4"), ("√√16", "2"), ("√4^2", "4"), ("√4!", "2√6"), ("√2+√2", "2√2"),
    ("√2-√2", "0"), ("√2=2^.5", "true"), ("√2=1.41421356237", "false"), ("(1+√2)(√2-1)", "1"),
    ("(√2+√3)^2-5", "2√6"), ("1/(√3-√2)=√3+√2", "true"), ("√(10^400)=10^200", "true"),
    ("√999999999999989×√999999999999989", "999999999999989"), ("√(1/0)", "∞"),
    ("√2^(√2×√2)=√2^2=2", "true"), ("√", "unfinished"), ("√)", "unopened"), ("³√", "unfinished"),
    ("√(2+√2)×√(2+√2)=2+√2", "undecided"), ("√(2+√2)×√(2+√2)=2+√3", "false"),
    ("1/(√(2+√2)-√(2+√2))", "undecided"),
  ]) func roots(text: String, expected: String) {
    #expect(value(text) == expected, "\(text)")
  }

  @Test(arguments: [
    ("5!", "120"), ("0!", "1"), ("3!^2", "36"), ("2^3!", "64"), ("-3!", "-6"),
    ("(-3)!", "undefined"),
    ("(1/2)!", "undefined"), ("5!!", "misplaced"), ("15%", "3/20"), ("50%×80", "40"),
    ("2^50%", "√2"), ("5%%", "misplaced"), ("10%5", "missing-operator"), ("5!(2)", "240"),
    ("20!/18!", "380"), ("%", "misplaced-start"),
  ]) func marksBehind(text: String, expected: String) {
    #expect(value(text) == expected, "\(text)")
  }

  /// Unicode's fractions are numbers, and of a mixed one behind a whole number; never a product unseen.
  @Test(arguments: [
    ("½", "1/2"), ("2½", "5/2"), ("2 ½", "5/2"), ("12⅞-⅛", "51/4"), ("-1½", "-3/2"), ("⅒×10", "1"),
    ("(2)½", "1"), ("1½=3/2", "true"), ("1.5½", "unknown-character"), ("２½", "unknown-character"),
    ("2²½", "unknown-character"), ("1,000½", "unknown-character"), ("½2", "1"), ("2½²", "25/4"),
  ]) func fractionsOfUnicode(text: String, expected: String) {
    let answer = Answer(text)
    #expect(answer.value == expected, "\(text)")
  }

  @Test("a line tells what the text leaves open")
  func linesSayAll() {
    #expect(Answer("1+2").line == "1+2=3")
    #expect(Answer("4+4=8").line == "4+4=8 (true)")
    #expect(Answer("4+4=9").line == "4+4=9 (false)")
    #expect(Answer("1+").line == "1+ (something must follow '+')")
    #expect(Answer("").line == "")
  }

  @Test(arguments: [
    ("1e5", "100000"), ("1E-2", "1/100"), ("2.5e+1", "25"), ("1e5.5", "missing-operator"),
    ("2e", "unknown-character"),
    ("1,000", "1000"), ("12,345,678.5", "24691357/2"), ("12,34", "malformed-number"),
    ("0,123", "malformed-number"), ("1234,567", "malformed-number"), ("1,2345", "malformed-number"),
    ("1.2.3", "malformed-number"), (".", "malformed-number"), (",5", "malformed-number"),
    ("7:2", "7/2"), ("7：2", "7/2"), ("7·2", "14"), ("7⋅2", "14"), ("7∕2", "7/2"), ("7⁄2", "7/2"),
    ("7—2", "5"), ("２＋３×（４－１）＝１１", "true"), ("2x3", "6"), ("(1+2) X 4", "12"), ("2x√4", "4"),
    ("2x", "unknown-character"), ("2x-3", "unknown-character"), ("x", "unknown-character"),
    ("2xx3", "unknown-character"),
  ]) func spellings(text: String, expected: String) {
    #expect(value(text) == expected, "\(text)")
  }

  @Test(arguments: [
    ("1.000,5", "2001/2"), ("1,5+1,5", "3"), ("1.5", "malformed-number"), ("1.000", "1000"),
    ("2,5%", "1/40"), ("1,000.5", "malformed-number"),
  ]) func decimalComma(text: String, expected: String) {
    #expect(value(text, .comma) == expected, "\(text)")
  }

  @Test("what is answered is read as the same")
  func textsAreReadAgain() throws {
    for text in ["5cbrt8", "2∛8", "(2)∜16", "2²√4", "2√4", "5!∛8", "³√8∛8"] {
      let expression = try Expression(text)
      let again = try Expression(expression.text)
      #expect(again.text == expression.text)
      #expect(try again.value()?.description == expression.value()?.description, "\(text)")
    }
  }

  @Test func theOtherMarkIsNamed() {
    let error = #expect(throws: ArithmeticError.self) { try Expression("1+1,5") }
    #expect(
      error.map { "\($0.position): \($0)" }
        == "3: '1,5' is no number, but one with ',' for its decimal mark")
    #expect(Answer("1,5+1,25", mark: .comma).text == "1,5+1,25=2,75")
  }

  /// What is too large is refused by the size of the result, in no time.
  @Test(arguments: [
    "9^9^9", "10000!", "9^(10^30)", "1e20000", "(1/2)^99999", "2^√(10^20)", "9^9^9^9^9",
    "(10^9000)^(10^9000)", "√2^(10^9)", String(repeating: "9^9999×", count: 4000) + "1",
    String(repeating: "9^9999/8^9999/", count: 2000) + "1",
  ]) func bombs(text: String) {
    #expect(value(text) == "too-large", "\(text.prefix(30))")
  }

  /// 3248! has 9,998 digits and 3249! 10,001, as 10^9999 and 10^10001 have 10,000 and 10,002.
  @Test("powers of what is near 1 with exponents of any size have a value or none, and an end")
  func powersNearOne() {
    for (text, expected) in [
      (".5^(4^71+1/3)", "too-large"), (".75^(10^40+.1)", "too-large"),
      ("(2/3)^(-(10^40)-1/7)", "too-large"), ("1.5^(10^40+.1)", "too-large"),
      ("√(1/2)^(10^400+1/3)", "too-large"),
      // mpmath's, of 40 digits.
      ("1.0001^100000.5", "22016.5567938366820749546720699"),
      (".9999^100000.5", "0.0000453749650405388463326314891045"),
      ("(1+10^-9)^(10^9+1/2)", "2.71828182845904523558681095683"),
      ("(√2-1)^9999", "4.22593007550183826706363317783e-3828"),
      ("(1-√2)^9999", "-4.22593007550183826706363317783e-3828"),
      ("(1+√3)^-20001", "6.13874021655293627464760502620e-8731"), ("√2^1000=2^500", "true"),
    ] {
      #expect(value(text) == expected, "\(text)")
    }
    var random = SplitMix64(seed: 17)
    for _ in 0..<200 {
      let near = [
        "1.\(zeros(&random))1", ".\(nines(&random))", "(1-10^-\(random.int(1...80)))", "√.5",
      ]
      let base = near[random.int(0...3)]
      let sign = random.int(0...1) == 0 ? "" : "-"
      _ = value("\(base)^(\(sign)10^\(random.int(0...90))+1/3)")
    }
    func zeros(_ random: inout SplitMix64) -> String {
      String(repeating: "0", count: random.int(0...60))
    }
    func nines(_ random: inout SplitMix64) -> String {
      String(repeating: "9", count: random.int(1...60))
    }
  }

  @Test(arguments: [("3248!", true), ("3249!", false), ("10^9999", true), ("10^10001", false)])
  func atTheLimit(text: String, isWorkedOut: Bool) throws {
    let value = try? Expression(text).value()
    #expect((value != nil) == isWorkedOut)
  }

  /// Digits by mpmath 1.3 with 60 digits, rounded to 30.
  @Test(arguments: [
    ("2^√2", "2.66514414269022518865029724987"), ("³√2", "1.25992104989487316476721060728"),
    ("(1+√5)/2", "1.61803398874989484820458683437"),
    ("1.0005^3650", "6.19996658193679206733875945998"),
    ("√2^√3", "1.82263465496624221439376821559"), ("0.5^√2", "0.375214227246481773673058474049"),
    ("7^(1/5)", "1.47577316159455206927691669563"),
    ("(1/3)^(2/7)", "0.730599955643236460639720020454"),
    ("10^-√3", "0.0185331479374935323591332597187"), ("√(2+√2)", "1.84775906502257351225636637879"),
    ("⁵√55", "2.22880738403351860721280145461"),
    ("2^-√2×10^-50", "3.75214227246481773673058474049e-51"),
    ("(√21-√5)/√7", "0.886896552840360716017828014140"),
    ("-³√(2/3)", "-0.873580464736298869047220426814"),
    ("1/(√2+√3+√5)", "0.185793060600448216574188418969"),
    ("√2-1.414213562373095", "4.88016887242096980785696718754e-17"),
    ("9.9^(1/3)^20", "1.00000000065749254735587148838"),
    ("√(1+√(2+√(3+√4)))", "1.74876271325514378669648667643"),
  ]) func digitsAreProven(text: String, expected: String) {
    #expect(value(text) == expected, "\(text)")
  }

  /// What is exact agrees with what is enclosed, and both with doubles.
  @Test func exactAndEnclosedAgree() throws {
    var random = SplitMix64(seed: 3)
    func expression(_ depth: Int) -> (String, Double) {
      let number = Int.random(in: 1...30, using: &random)
      guard depth > 0 else { return ("\(number)", Double(number)) }
      let (a, x) = expression(depth - 1)
      let (b, y) = expression(depth - 1)
      return switch Int.random(in: 0...4, using: &random) {
      case 0: ("(\(a)+\(b))", x + y)
      case 1: ("(\(a)-\(b))", x - y)
      case 2: ("(\(a)×\(b))", x * y)
      case 3: ("√(\(number))", Double(number).squareRoot())
      default: ("(\(a)/\(number))", x / Double(number))
      }
    }
    var exact = 0
    for _ in 0..<500 {
      let (text, double) = expression(4)
      guard case .number(let number)? = try Expression(text).value() else { continue }
      let enclosure = number.real.enclosure
      if case .enclosed = number.real {} else { exact += 1 }
      let (low, high) = (Double(enclosure.lower.rational), Double(enclosure.upper.rational))
      #expect(low <= high)
      #expect(abs(low - double) <= 1e-9 * max(1, abs(double)), "\(text)")
      #expect(abs(high - double) <= 1e-9 * max(1, abs(double)), "\(text)")
    }
    #expect(exact > 300)
  }

  @Test func squaresAreFound() {
    for number in UInt64(1)...2_000 {
      guard let (factor, radicand) = RootSum.split(number) else {
        Issue.record("\(number)")
        continue
      }
      #expect(factor * factor * radicand == number)
      #expect((2...44).allSatisfy { radicand % ($0 * $0) != 0 }, "\(number)")
    }
    let prime: UInt64 = 9_999_991
    #expect(RootSum.split(prime * prime).map { $0.factor } == prime)
    #expect(RootSum.split(1_000_000_000_000_001) == nil)
  }
}

@Suite struct TypesettingTests {
  @Test(arguments: [
    ("1/2+1/3", "\\frac{1}{2}+\\frac{1}{3}"), ("(1+2)/(3+4)", "\\frac{1+2}{3+4}"),
    ("(3+4)^3=343", "(3+4)^{3}=343"), ("2×2^8", "2\\times 2^{8}"), ("⁵√55", "\\sqrt[5]{55}"),
    ("√(1+√(2+√(3+√4)))", "\\sqrt{1+\\sqrt{2+\\sqrt{3+\\sqrt{4}}}}"), ("5^5^5+2", "5^{5^{5}}+2"),
    ("4+1/(2+1/(1+1/3))=170/39", "4+\\frac{1}{2+\\frac{1}{1+\\frac{1}{3}}}=\\frac{170}{39}"),
    ("(1/2)^3", "\\left(\\frac{1}{2}\\right)^{3}"), ("7÷2", "7\\div 2"),
    ("5!×15%", "5!\\times 15\\%"),
    ("2(3)√2", "2(3)\\sqrt{2}"), ("1e-5", "1\\times 10^{-5}"), ("-2^-3", "-2^{-3}"), ("()", "()"),
    ("4+4=", "4+4"), ("", ""),
  ]) func latex(text: String, expected: String) throws {
    #expect(Typesetting(try Expression(text), mark: .point).latex == expected)
  }

  @Test(arguments: [
    ("1/(2+3)", "<mfrac><mn>1</mn><mrow><mn>2</mn><mo>+</mo><mn>3</mn></mrow></mfrac>"),
    (
      "(1+2)^2",
      "<msup><mrow><mo>(</mo><mn>1</mn><mo>+</mo><mn>2</mn><mo>)</mo></mrow><mn>2</mn></msup>"
    ),
    ("³√8-√2", "<mroot><mn>8</mn><mn>3</mn></mroot><mo>−</mo><msqrt><mn>2</mn></msqrt>"),
  ]) func mathML(text: String, expected: String) throws {
    #expect(Typesetting(try Expression(text), mark: .point).mathML == expected)
  }
}

extension Answer {
  /// Its value, or the code of what it has instead.
  fileprivate var value: String {
    switch result {
    case .success(let value): value?.description ?? ""
    case .failure(let error): error.code.rawValue
    }
  }
}
