import Testing

@testable import Streams

/// Numbers as texts, written and read.
@Suite struct NumberTextTests {
  @Test("so many digits behind the point, halves away from 0; what rounds to 0 has no sign")
  func fixedDigits() {
    for (value, digits, text) in [
      (0, 0, "0"), (-0.0, 2, "0.00"), (0.5, 0, "1"), (-0.5, 0, "-1"), (0.49, 0, "0"),
      (-0.49, 0, "0"), (-0.004, 2, "0.00"), (-0.005, 2, "-0.01"), (1.005, 2, "1.00"),
      (-1.25, 1, "-1.3"), (99.95, 1, "100.0"), (3, 3, "3.000"), (0.0625, 4, "0.0625"),
      (1e15, 1, "1000000000000000.0"), (.nan, 2, "-"), (.infinity, 0, "-"),
      (-.infinity, 2, "-"), (1e300, 2, "1e+300"), (0x1p63, 0, "9.223372036854776e+18"),
      ((0x1p63).nextDown, 0, "9223372036854774784"),
    ] as [(Double, Int, String)] {
      #expect(fixed(value, digits) == text, "\(value) \(digits)")
    }
    #expect(zeroPadded(7, 0) == "7" && zeroPadded(7, 3) == "007" && zeroPadded(1234, 3) == "1234")
  }

  @Test("decimals and digits that count")
  func rounding() {
    #expect(0.125.rounded(decimals: 2) == 0.13 && (-0.125).rounded(decimals: 2) == -0.13)
    for (value, digits, expected) in [
      (0, 3, 0), (0.0012345, 3, 0.00123), (999.5, 3, 1000), (99.95, 3, 100), (-0.0996, 2, -0.1),
      (123_456, 2, 123_456), (1, 1, 1), (.infinity, 2, .infinity),
    ] as [(Double, Int, Double)] {
      #expect(value.rounded(significant: digits) == expected, "\(value) \(digits)")
    }
    #expect(Double.nan.rounded(significant: 3).isNaN)
  }

  @Test("thousands are groups of three behind one of one to three; all else is no number")
  func thousands() {
    for (text, number) in [
      ("1", 1), ("-1.5", -1.5), ("1e3", 1000), ("+7", 7), ("1,234", 1234), ("12,345.5", 12_345.5),
      ("123,456,789", 123_456_789), ("-1,234", -1234), ("-123,456.25", -123_456.25),
      ("0,001", 1), ("1234", 1234), ("1,234.", 1234),
    ] as [(String, Double)] { #expect(SpelledNumber.value(text) == number, "\(text)") }
    for text in [
      "", ",", ",234", "1,23", "1,2345", "1234,567", "-1234,567", "1,,234", "1,234,", "1,234,5",
      "1.5,000", "1,234.5,6", "0x10", "nan", "inf", "1e400", " 1", "1 ", "1_000", "--1", "1,-23",
      "é", "１",
    ] { #expect(SpelledNumber.value(text) == nil, "\(text)") }
    for text in ["", "-", "--", "NaN", "None", "NULL", "n/a", "NA"] {
      #expect(SpelledNumber.isMissing(text), "\(text)")
    }
    for text in ["0", "---", " ", "nil", "inf"] {
      #expect(!SpelledNumber.isMissing(text), "\(text)")
    }
  }
}
