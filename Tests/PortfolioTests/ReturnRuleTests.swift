import Days
import Streams
import TestFolders
import Testing

@testable import Days
@testable import Portfolio

/// Figures of returns at their bounds.
@Suite struct ReturnRuleTests {
  private func days(_ texts: String...) -> [Day] { texts.compactMap { Day($0) } }

  @Test("weeks begin on Monday, quarters in January; days without a return make no period")
  func periods() {
    let some = days(
      "2020-01-05", "2020-01-06", "2020-03-31", "2020-04-01", "2020-12-31", "2021-01-01")
    #expect(ReturnPeriod.day.ranges(of: some).count == 6)
    #expect(ReturnPeriod.week.ranges(of: some) == [0..<1, 1..<2, 2..<4, 4..<6])
    #expect(ReturnPeriod.month.ranges(of: some) == [0..<2, 2..<3, 3..<4, 4..<5, 5..<6])
    #expect(ReturnPeriod.quarter.ranges(of: some) == [0..<3, 3..<4, 4..<5, 5..<6])
    #expect(ReturnPeriod.year.ranges(of: some) == [0..<5, 5..<6])
    let returns = [.nan, .nan, 0.5, 0.1, -0.5, 0.25]
    let months = ReturnPeriod.month.returns(returns, some)
    #expect(months.map(\.days.lowerBound) == [2, 3, 4, 5])
    #expect(zip(months, [0.5, 0.1, -0.5, 0.25]).allSatisfy { isClose($0.value, $1) })
    #expect(isClose(ReturnPeriod.year.returns(returns, some)[0].value, 1.5 * 1.1 * 0.5 - 1))
    #expect(ReturnPeriod.month.ranges(of: []).isEmpty)
  }

  @Test("spans begin behind the same day of an earlier month, or its last")
  func spans() throws {
    let last = try #require(Day("2020-03-31"))
    #expect("\(CalendarSpan.month.start(last))" == "2020-02-29")
    #expect("\(CalendarSpan.year.start(last))" == "2019-12-31")
    #expect("\(last.months(before: 1))" == "2020-02-29")
    #expect("\(last.months(before: 13))" == "2019-02-28")
    #expect("\(CalendarSpan.threeMonths.start(last))" == "2019-12-31")
    #expect("\(CalendarSpan.tenYears.start(last))" == "2010-03-31")
    // The day of the start itself is not in the span, and a history that begins later has none.
    let some = days("2019-03-31", "2019-04-01", "2020-03-31")
    #expect(isClose(CalendarSpan.oneYear.value([9, 0.1, 0.1], some), 0.21))
    #expect(CalendarSpan.month.value([9, 0.1, 0.1], some) == 1.1 - 1)
    for (first, isKnown) in [("2019-04-10", true), ("2019-04-11", false)] {
      let value = CalendarSpan.oneYear.value([0.1, 0.1], days(first, "2020-03-31"))
      #expect(value.isNaN != isKnown, "\(first)")
    }
    let three = CalendarSpan.threeYears.value([0, 0.331], days("2017-03-31", "2020-03-31"))
    #expect(isClose(three, 0.1))
    #expect(CalendarSpan.threeYears.value([0, -2], days("2017-03-31", "2020-03-31")).isNaN)
    #expect(CalendarSpan.year.value([], []).isNaN)
    #expect(CalendarSpan.year.value([.nan], days("2020-01-02")).isNaN)
  }

  @Test("a window is full with its last day, and days without a return are in none")
  func rolling() {
    let returns = [0.01, .nan, 0.03, 0.02, 0.02]
    let rolling = RollingReturns(
      returns, benchmark: [0.01, 0.5, .nan, 0.03, 0.05], window: 2, annualization: 1)
    #expect(rolling.volatility.map(\.isNaN) == [true, true, false, false, false])
    #expect(isClose(rolling.volatility[2], 0.02 / 2.0.squareRoot()) && rolling.volatility[4] == 0)
    // Equal returns have no ratio; gains alone have no losses to be held against.
    #expect(rolling.sharpe[4].isNaN && rolling.sortino.allSatisfy(\.isNaN))
    #expect(rolling.beta.map(\.isNaN) == [true, true, true, false, false])
    #expect(isClose(rolling.beta[3], 0.5) && rolling.beta[4] == 0)
    #expect(RollingReturns.usualWindow(annualization: 238) == 119)
    #expect(RollingReturns.usualWindow(annualization: 1) == 2)
  }

  @Test("no loss, no gain, few days: what is not defined is NaN")
  func undefined() {
    let gains = ReturnShape([0.01, 0.02, 0.03, 0.01])
    #expect(gains.omega.isNaN && gains.payoff.isNaN && gains.gainToPain.isNaN && gains.ulcer == 0)
    #expect(gains.skewness.isFinite && gains.kurtosis.isFinite && gains.runs == (4, 0))
    let few = ReturnShape([0.01, -0.02, 0.01])
    #expect(few.skewness.isFinite && few.kurtosis.isNaN && few.omega == 1)
    let none = ReturnShape([.nan])
    #expect(none.total.isNaN && none.skewness.isNaN && none.tailRatio.isNaN && none.runs == (0, 0))
    #expect(ReturnShape([0, 0, 0, 0]).kurtosis.isNaN)
    #expect(ReturnShape([0.5, 0, -0.5, -0.5]).runs == (1, 2))
    let spread = ReturnSpread([])
    #expect(spread.count == 0 && spread.median.isNaN && spread.whiskers.low.isNaN)
    // The quartiles are 1 and 3: 6 is as far as a whisker goes.
    #expect(ReturnSpread([0, 1, 2, 3, 6]).outliers == [])
    #expect(ReturnSpread([0, 1, 2, 3, 6]).whiskers == (0, 6))
    #expect(ReturnSpread([0, 1, 2, 3, 6.1]).outliers == [6.1])
    #expect(ReturnSpread([0, 1, 2, 3, 6.1]).whiskers == (0, 3))
  }
}
