import Testing

@testable import Bars

/// Days that a source has and nobody should trade on, each rule at its bound.
@Suite struct DoubtfulDayTests {
  private func doubt(
    _ expected: Int, present: Int, closed: Int, stale: Int = 0, least: Double = 0.8
  ) -> MembersOfDay.Doubt? {
    var members = MembersOfDay()
    (members.expected, members.present, members.closed) = (expected, present, closed)
    members.stale = stale
    return members.doubt(least)
  }

  @Test func fewRows() {
    #expect(doubt(10, present: 8, closed: 8) == nil)
    #expect(doubt(10, present: 7, closed: 7) == .few(present: 7, expected: 10))
    // One that is missing is suspended, whatever share it is.
    #expect(doubt(2, present: 1, closed: 1) == nil)
    #expect(doubt(2, present: 0, closed: 0) == .few(present: 0, expected: 2))
  }

  @Test func noTrade() {
    #expect(doubt(5, present: 5, closed: 0) == .untraded(5))
    #expect(doubt(5, present: 5, closed: 1) == nil)
    #expect(doubt(4, present: 4, closed: 0) == nil)
  }

  @Test func yesterdaysNumbers() {
    #expect(doubt(5, present: 5, closed: 5, stale: 5) == .stale(5, of: 5))
    #expect(doubt(4, present: 4, closed: 4, stale: 4) == nil)
    #expect(doubt(10, present: 10, closed: 10, stale: 9) == .stale(9, of: 10))
    #expect(doubt(10, present: 10, closed: 10, stale: 8) == nil)
  }
}
