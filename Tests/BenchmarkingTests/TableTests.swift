import Streams
import Testing

@testable import Benchmarking

@Suite struct TableTests {
  @Test func numbersHaveThreeDigits() {
    for (value, text) in [
      (0.02134, "0.0213"), (0.2134, "0.213"), (2.134, "2.13"), (21.34, "21.3"), (213.4, "213"),
      (9.999, "10.0"), (99.97, "100"), (0, "0"), (-1.5, "-1.50"), (.nan, "-"), (1e-9, "0"),
      (2.134e-5, "0.0000213"), (0.9996, "1.00"),
      (123456, "123456"),
    ] { #expect(short(value) == text) }
    #expect(prefixed(24_920_064) == "24.9 M" && prefixed(120) == "120 ")
    #expect((1.26e-7).rounded(significant: 2) == 1.3e-7)
    #expect(0.123456.rounded(decimals: 3) == 0.123)
  }

  @Test func columnsAreAligned() {
    #expect(
      aligned([["", "ms"], ["gemm", "1.5"], ["direct", "10"]]).lines == [
        "           ms", "  gemm    1.5", "  direct   10",
      ])
  }
}
