import Mechanics
import Testing

@testable import Streams

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

struct JSONNumberTests {
  private func read(_ text: String) throws -> Double? { try parse(Array(text.utf8)) { $0.double } }

  /// All texts in one array, each as the C library reads it.
  private func check(_ texts: [String]) throws {
    let array = Array("[\(texts.joined(separator: ","))]".utf8)
    var numbers: [Double] = []
    try parse(array) { try $0.doubles(into: &numbers) }
    #expect(numbers.count == texts.count)
    for (text, number) in zip(texts, numbers)
    where number.bitPattern != strtod(text, nil).bitPattern {
      Issue.record("\(text) reads \(number), strtod \(strtod(text, nil))")
    }
  }

  @Test func randomDecimalsEqualStrtod() throws {
    var random = SplitMix64(seed: 3)
    func digits(_ most: Int) -> String {
      let count = Int.random(in: 1...most, using: &random)
      let first = "123456789".randomElement(using: &random) ?? "1"
      return String(first)
        + String((1..<max(count, 1)).compactMap { _ in "0123456789".randomElement(using: &random) })
    }
    let texts = (0..<100_000).map { _ in
      var text = Bool.random(using: &random) ? "-" : ""
      text += Bool.random(using: &random) ? "0" : digits(20)
      if Bool.random(using: &random) { text += "." + digits(24) }
      switch Int.random(in: 0..<4, using: &random) {
      case 0: text += "e\(Int.random(in: -340...280, using: &random))"
      case 1: text += "E+\(Int.random(in: 0...23, using: &random))"
      default: break
      }
      return text
    }
    try check(texts)
  }

  @Test func hardDecimalsEqualStrtod() throws {
    try check([
      // Halfway cases, the edges of the fast path, of the subnormal and of the finite numbers.
      "9007199254740991", "9007199254740992", "9007199254740993", "9007199254740993.0",
      "9007199254740992.99999999999999999999999", "1e22", "1e23", "8.5e22", "9007199254740991e22",
      "9007199254740992e22", "9007199254740991e-22", "123456789012345678e-22", "1e-22", "1e-23",
      "0.1", "0.3", "2.2250738585072011e-308", "2.2250738585072012e-308", "2.2250738585072014e-308",
      "4.9406564584124654e-324", "2.4703282292062327e-324", "2.4703282292062328e-324", "1e-400",
      "-1e-400", "-0", "-0.0", "0e999", "0.000e-999", "1.7976931348623157e308",
      "1.7976931348623158e308", "179769313486231570000e288", "0.00000000000000000000000000001",
      "10000000000000000000000000000000", "1.00000000000000011102230246251565404236316680908203125",
      "1.00000000000000011102230246251565404236316680908203124",
      "1.00000000000000011102230246251565404236316680908203126", "6.02214076e23", "5e-324",
      "0.5e-22", "18446744073709551615", "18446744073709551616", "18446744073709551617",
      "99999999999999999999", "0.18446744073709551617", "7.2057594037927933e16",
    ])
  }

  @Test func shortestDecimalsComeBack() throws {
    var random = SplitMix64(seed: 4)
    for _ in 0..<20_000 {
      let number = Document.finite(&random)
      let text = try #require(number.description.isEmpty ? nil : number.description)
      #expect(try read(text)?.bitPattern == number.bitPattern)
    }
  }

  @Test(arguments: [
    ("0", 0), ("-0", 0), ("5.0", 5), ("1e3", 1000), ("1.5e1", 15), ("-120e-1", -12),
    ("9223372036854775807", .max), ("-9223372036854775808", .min),
    ("9007199254740993", 9_007_199_254_740_993),
    ("0e99999999999999999999", 0), ("0.0e9223372036854775807", 0),
    ("0e009223372036854775807", 0), ("0.0e-9223372036854775808", 0),
    ("1000000000000000000000e-3", 1_000_000_000_000_000_000),
  ])
  func integers(_ text: String, _ expected: Int) throws {
    #expect(try parse(Array(text.utf8)) { $0.int } == expected)
  }

  @Test(arguments: [
    "9223372036854775808", "-9223372036854775809", "0.5", "1e-1", "0.99999999999999999999", "1e300",
    "1e-99999999999999999999", "0.1e-9223372036854775808", "10e-9223372036854775808",
    "1.0000000000000000000001", "\"1\"", "null", "[1]",
  ])
  func notIntegers(_ text: String) throws { #expect(try parse(Array(text.utf8)) { $0.int } == nil) }

  @Test("whole numbers of any length are read exactly, and near ones that are not whole are none")
  func integersOfAnyLength() throws {
    var random = SplitMix64(seed: 6)
    for _ in 0..<5_000 {
      let number = Int(truncatingIfNeeded: random.next()) >> (random.next() % 64)
      #expect(try parse(Array("\(number)".utf8)) { $0.int } == number)
      #expect(try parse(Array("\(number).5".utf8)) { $0.int } == nil)
      #expect(try parse(Array("\(number)e-30".utf8)) { $0.int } == (number == 0 ? 0 : nil))
    }
    #expect(try parse(Array("1e-400".utf8)) { $0.int } == nil)
  }
}
