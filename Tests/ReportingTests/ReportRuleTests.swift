import Streams
import Testing

@testable import Days
@testable import Portfolio
@testable import Reporting

/// Rules of the page at their boundaries.
@Suite struct ReportRuleTests {
  private func days(_ count: Int) -> [Day] { (0..<count).map { Day(number: Int32(18_000 + $0)) } }

  private func script(_ values: [Double], days count: Int, startsAtZero: Bool = false) -> [String] {
    Chart(
      "title", .days(days(count)), yLabel: "y", keys: [], startsAtZero: startsAtZero,
      curves: [(values, "plot")]
    ).script
  }

  @Test("two days have a chart, one has none; a constant has room about it, rounded or not")
  func charts() {
    #expect(script([1, 2], days: 2).contains { $0.hasPrefix("set xrange [18000:18001]") })
    #expect(script([1], days: 1).isEmpty)
    #expect(script([.nan, .nan], days: 2).isEmpty)
    for values in [[5, 5], [5, 5 + 4e-9], [0.0, 5e-10]] {
      #expect(script(values, days: 2).contains { $0.hasPrefix("set yrange [") })
    }
    #expect(!script([5, 5 + 6e-9], days: 2).contains { $0.hasPrefix("set yrange [") })
    #expect(script([0, 0], days: 2, startsAtZero: true).contains("set yrange [0:1]"))
    #expect(script([0, 2], days: 2, startsAtZero: true).contains("set yrange [0:*]"))
  }

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
    return RiskReport(history, riskFree: riskFree)
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
}
