import Days
import Mechanics
import Testing

@Suite struct RememberedCloseTests {
  private func fits(
    _ close: Float, change: Float, factor: Float = .nan, remembered: Float
  ) throws -> Bool {
    do {
      try RememberedClose.check(
        try InstrumentCode("SH600000"), Day(number: 18_000), close: close, change: change,
        factor: factor, remembered: remembered)
      return true
    } catch is RewrittenHistory {
      return false
    }
  }

  @Test("a change fits to half a cent at either end, and not beyond")
  func rounding() throws {
    #expect(try fits(10.1, change: 0.01, remembered: 10))
    #expect(try fits(10.1, change: 0.0109, remembered: 10))
    #expect(try !fits(10.1, change: 0.0112, remembered: 10))
    #expect(try !fits(10.1, change: 0.0088, remembered: 10))
    // It is the lower of the closes that a cent is most of.
    #expect(try fits(1, change: -0.885, remembered: 10))
    #expect(try fits(10, change: 9.09, remembered: 1))
    // A cent is ten cents where prices are multiplied by ten.
    #expect(try fits(10.1, change: 0.019, factor: 10, remembered: 10))
    #expect(try !fits(10.1, change: 0.0104, factor: 0.1, remembered: 10))
  }

  @Test("splits and dividends show, what is missing says nothing")
  func kinds() throws {
    #expect(try !fits(6.54, change: 0, remembered: 13.09))
    #expect(try !fits(20, change: 0, remembered: 10))
    #expect(try !fits(50, change: 0, remembered: 51))
    #expect(try fits(6.54, change: .nan, remembered: 13.09))
    #expect(try fits(.nan, change: 0.1, remembered: 13.09))
    #expect(try fits(6.54, change: 0.1, remembered: .nan))
  }

  @Test("raw prices in cents, adjusted backwards, always fit", arguments: 1...5)
  func adjusted(_ seed: Int) throws {
    var random = SplitMix64(seed: UInt64(seed))
    for _ in 0..<2_000 {
      func cents() -> Double { Double(random.next() % 100_000 + 50) / 100 }
      let (before, now) = (cents(), cents())
      // The factor of today may be another one: a split.
      let factors = (
        0.1 + Double(random.next() % 1000) / 10, 0.1 + Double(random.next() % 1000) / 10
      )
      let (old, new) = (before * factors.0, now * factors.1)
      #expect(
        try fits(
          Float(new), change: Float(new / old - 1), factor: Float(factors.1),
          remembered: Float(old)))
    }
  }
}
