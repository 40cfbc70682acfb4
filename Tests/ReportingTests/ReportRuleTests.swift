import Streams
import Testing

@testable import Days
@testable import Portfolio
@testable import Reporting

/// Rules of the page at their boundaries.
@Suite struct ReportRuleTests {
  private func days(_ count: Int) -> [Day] { (0..<count).map { Day(number: Int32(18_000 + $0)) } }

  @Test("marks are months while there are six steps of them, then more; years by their number")
  func marks() throws {
    func texts(_ first: String, _ last: String) throws -> [String] {
      DayMarks.marks(from: try #require(Day(first)), to: try #require(Day(last))).map(\.text)
    }
    #expect(try texts("2020-01-01", "2020-07-01").count == 7)
    #expect(
      try texts("2020-01-01", "2020-08-01") == ["2020-01", "2020-03", "2020-05", "2020-07"])
    #expect(try texts("2013-02-01", "2018-03-01").first == "2014")
  }

  @Test("groups of three digits, and a mean of so many days")
  func numbers() {
    let digits = [
      (0, "0"), (100, "100"), (999, "999"), (1000, "1,000"), (-100_000, "-100,000"),
      (1e6, "1,000,000"),
    ]
    for (value, text) in digits { #expect(grouped(value) == text) }
    #expect(trailingMean([1, 2, 6, .nan, 4], 2) == [1, 1.5, 4, 6, 4])
    #expect(
      trailingMean([1, 2, 6], 1) == [1, 2, 6] && trailingMean([1, 2, 6], 9) == [1, 1.5, 3])
  }

  /// A ledger of days with these returns, without costs, beside a benchmark that does not move.
  private func report(_ returns: [Double], riskFree: Double = 0) throws -> RiskReport {
    var history = LedgerHistory()
    for (day, value) in zip(days(returns.count), returns) {
      let text = """
        {"record":"day","date":"\(day)","account":1,"return":\(value),"turnover":0,"cost":0,"bench":0}
        """
      try Array(text.utf8).withUnsafeBytes {
        try withJSON($0, name: "test") { try history.add($0) }
      }
    }
    return RiskReport(DailyReturns(history), riskFree: riskFree)
  }

  @Test("from a t of 2 on it is more than chance; the headline names the side")
  func verdict() throws {
    // About their mean of 2/16 these are 3, -1, -1, -1 sixteenths: the deviation is 2/16 as well, and t is 2.
    let two = [5.0, 1, 1, 1].map { $0 / 16 }
    #expect(try report(two).measures(.excessWithCost).tStatistic == 2)
    #expect(Verdict(try report(two)).caution.contains("more than chance"))
    #expect(Verdict(try report(two.dropLast() + [0.0624])).caution.contains("below 2"))
    #expect(Verdict(try report(two.map { -$0 })).caution.contains("more than chance"))
    #expect(Verdict(try report(two)).text.hasPrefix("Ahead of the benchmark by 50.0 %"))
    #expect(
      Verdict(try report(two.map { -$0 })).text.hasPrefix("Behind the benchmark by 50.0 %"))
    #expect(Verdict(try report([0.25, -0.25])).text.hasPrefix("Neither ahead"))
  }

  @Test("money without risk earns its rate, and is no part of an excess")
  func riskFree() throws {
    let returns = (0..<60).map { $0 % 2 == 0 ? 0.01 : 0.03 }
    // A hundredth a day, half of what was earned.
    let (plain, rate) = (try report(returns), try report(returns, riskFree: 2.38))
    for series in [ReturnSeries.returnWithCost, .returnWithoutCost] {
      let ratio = rate.measures(series).sharpe / plain.measures(series).sharpe
      #expect(abs(ratio - 0.5) < 1e-9)
    }
    for series in [ReturnSeries.excessWithCost, .excessWithoutCost] {
      #expect(plain.measures(series).sharpe.isFinite)
      #expect(rate.measures(series).sharpe == plain.measures(series).sharpe)
    }
  }

  @Test("a month that gained is blue, one that lost orange")
  func months() throws {
    let page = ReportTables(try report([0.01])).months(.returnWithCost, "Strategy")
    #expect(page.contains("--blue") && !page.contains("--orange"))
    let loss = ReportTables(try report([-0.01])).months(.returnWithCost, "Strategy")
    #expect(loss.contains("--orange") && !loss.contains("--blue"))
  }

  @Test("the purchase of all is beyond the scale where it is twice the others, and more")
  func opening() {
    #expect(TradingCharts.opening([0, 95, 10, 5])?.place == 1)
    #expect(TradingCharts.opening([0, 95, 10, 5])?.most == 10)
    #expect(TradingCharts.opening([20, 10]) == nil && TradingCharts.opening([20.1, 10]) != nil)
    #expect(TradingCharts.opening([]) == nil && TradingCharts.opening([0, 0]) == nil)
    #expect(TradingCharts.opening([.nan, 7, .nan]) == nil && TradingCharts.opening([9, 0]) == nil)
  }

  @Test("inputs are called as their files, none as another")
  func names() {
    #expect(
      InputNames.names(of: ["a/one.csv", "two.NDJSON.gz", "-", "x.y.txt"])
        == ["one", "two", "<stdin>", "x.y"])
    #expect(InputNames.names(of: ["a/r.csv", "b/r.csv"]) == ["a/r.csv", "b/r.csv"])
    #expect(InputNames.names(of: ["r.csv", "r.csv", ".csv"]) == ["r.csv", "r.csv (2)", ".csv"])
  }

  private func plain(_ name: String, from first: Int32, _ values: [Double]) -> DailyReturns {
    DailyReturns(
      values.indices.map { Day(number: first + Int32($0)) }, returns: values,
      benchmark: values.map { _ in .nan }, name: name)
  }

  @Test("several are compared over the days that all of them have")
  func comparison() throws {
    let values = (0..<90).map { $0 % 3 == 0 ? -0.01 : 0.01 }
    let all = [
      plain("a", from: 18_000, values), plain("b", from: 18_010, values.map { -$0 }),
      plain("c", from: 18_000, Array(values.prefix(80))),
    ]
    func comparison(_ some: [DailyReturns]) throws -> RiskComparison {
      try RiskComparison(some, annualization: 238, riskFree: 0, window: nil)
    }
    let three = try comparison(all)
    #expect(three.reports.map(\.days.count) == [70, 70, 70])
    #expect(
      three.note
        == "compared from 2019-04-24 to 2019-07-02, which all have: 50 days of 3 inputs are left out"
    )
    #expect(abs(three.correlation(three.reports[0], three.reports[2]) - 1) < 1e-12)
    #expect(try comparison([all[0], all[0]]).note == nil)
    let page = ComparisonPage(three, title: "t").html
    #expect(page.contains("a grew most:") && !page.contains("nan"))
    let error = #expect(throws: Failure.self) {
      try comparison([all[0], plain("<late>", from: 19_000, values)])
    }
    #expect(
      error?.description.hasPrefix(
        "nothing to compare: a ends on 2019-07-12, and <late> begins on 2022-01-08")
        == true)
    // Each is held against its own benchmark, and a line says so where these are several.
    func held(_ name: String, _ value: Double) -> DailyReturns {
      DailyReturns(days(90), returns: values, benchmark: values.map { value * $0 }, name: name)
    }
    #expect(try comparison([held("a", 1), held("b", 1), all[0]]).benchmarks == nil)
    #expect(
      try comparison([held("a", 1), held("b", 2)]).benchmarks
        == "benchmarks differ, on 2019-04-14 that of a is -0.010000 and that of b -0.020000: the excess of "
        + "each is over its own")
  }

  @Test(
    "the headline is that of an account, and says where a sum is another; the page has the notes")
  func accounts() throws {
    func verdict(_ own: [Double], _ benchmark: [Double]) -> Verdict {
      Verdict(RiskReport(DailyReturns(days(own.count), returns: own, benchmark: benchmark)))
    }
    let wild = (0..<80).map { $0 % 2 == 0 ? 0.5 : -0.4 }
    let behind = verdict(wild, wild.map { _ in 0 })
    #expect(
      behind.text.hasPrefix("Behind the benchmark: ") && behind.caution.contains("it is ahead by"))
    let lost = verdict(wild, wild.map { _ in .nan })
    #expect(lost.text.hasPrefix("Lost ") && lost.caution.contains("it is a gain of"))
    let ahead = verdict(wild.map { _ in 0 }, wild)
    #expect(ahead.text.hasPrefix("Ahead of the benchmark: ") && ahead.caution.contains("behind by"))
    let calm = wild.map { $0 / 100 }
    #expect(verdict(calm, calm.map { _ in 0 }).text.hasPrefix("Ahead of the benchmark by"))
    #expect(verdict(calm + [-1] + calm, calm + [0] + calm).text == "Lost everything on 2019-07-03.")
    let late = verdict(calm, calm.enumerated().map { $0 < 10 ? .nan : $1 / 2 })
    #expect(late.caution.contains("Over 70 of 80 trading days"))
    var returns = DailyReturns(days(80), returns: calm, benchmark: calm)
    returns.notes = ["a <note>"]
    #expect(
      ReportPage(RiskReport(returns), title: "t").html
        .contains("<p class=caution>Note: a &lt;note&gt;.</p>"))
  }
}
