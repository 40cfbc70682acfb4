import Days
import TestFolders
import Testing

@testable import Bars

/// Rules of bars at their boundaries, and one step beside them.
@Suite struct BarBoundaryTests {
  private func row(_ change: (inout RawBar) -> Void) -> RawBar {
    var row = RawBar()
    row.prices = [10, 11, 9, 10]
    row.volume = 100
    change(&row)
    return row
  }

  private func isTaken(_ row: RawBar) -> Bool {
    var close = Double.nan
    return (try? BarRules().bar(row, lastClose: &close)) != nil
  }

  @Test("a factor is above 0, and so are limits")
  func positive() {
    #expect(!isTaken(row { $0.factor = 0 }) && isTaken(row { $0.factor = 1e-9 }))
    func hasLimits(_ up: Double, _ down: Double) -> Bool {
      (try? BarRules().limits(row { ($0.limits[0], $0.limits[1]) = (up, down) })) != nil
    }
    #expect(!hasLimits(0, .nan) && hasLimits(0.01, .nan))
    #expect(!hasLimits(.nan, 0) && hasLimits(.nan, 0.01))
    #expect(hasLimits(9, 9) && !hasLimits(9, 9.01))
  }

  @Test("a mean may lie a cent and a hundredth of a per cent outside its range")
  func cent() throws {
    for (vwap, isGood) in [(8.9892, true), (8.9890, false), (11.0110, true), (11.0112, false)] {
      var check = UnitCheck()
      try check.check(
        row { $0.vwap = vwap }, lastClose: .nan, isIndex: false, isAdjusted: true, "A", { "1" },
        refuses: false)
      #expect(check.checked == 1 && (check.disagreeing == 0) == isGood, "\(vwap)")
    }
  }

  @Test("a factor that changes by more than a hundredth is looked at")
  func smallSteps() {
    for (step, isSeen) in [(1.009, false), (1.011, true)] {
      var check = FactorCheck()
      check.check(10, 1, of: 0, "A")
      check.check(10 / step, step, of: 0, "A")
      #expect((check.note != nil) == isSeen, "\(step)")
    }
  }

  @Test("on the last day that a missing row is waited for it is a member still")
  func lastDay() throws {
    let days = (0...3).map { Day(number: 18_000 + $0) }
    var listing = Listing(try InstrumentCode("A"))
    listing.hasSpans = true
    func span(_ day: Day) { listing.enterSpan(day, [days[0]...days[1]]) }
    span(days[0])
    listing.take(ListingRow(bar: .suspended, hasNumbers: true, isMember: nil, delisted: nil))
    #expect(listing.endWithRow(days[0], 0) == true)
    span(days[1])
    #expect(listing.endWithoutRow(days[1], 1) == true)
    // Its time is over, which a row says once.
    span(days[2])
    #expect(listing.endWithoutRow(days[2], 1) == false)
    span(days[3])
    #expect(listing.endWithoutRow(days[3], 1) == nil)
  }

  @Test("one may be a member for a day")
  func oneDay() throws {
    try withFolder { folder in
      put("A\t2020-01-02\t2020-01-02\n", "\(folder)/all.txt")
      let day = try #require(Day("2020-01-02"))
      #expect(
        try Membership(reading: "\(folder)/all.txt").spans == [InstrumentCode("A"): [day...day]])
      put("A\t2020-01-02\t2020-01-01\n", "\(folder)/all.txt")
      #expect(throws: (any Error).self) { try Membership(reading: "\(folder)/all.txt") }
    }
  }
}
