import Days
import Pages
import Portfolio
import Streams
import Testing

@testable import Days
@testable import Reporting

/// The folder of the package.
private let root: String = {
  let parts = #filePath.split(separator: "/").dropLast(3)
  return "/" + parts.joined(separator: "/")
}()

@Suite struct ReportTests {
  /// A ledger of the first days of one in testdata.
  private func history(_ name: String = "ledger.ndjson.gz", days: Int = .max) throws
    -> LedgerHistory
  {
    var history = LedgerHistory()
    try ByteReader(["\(root)/testdata/risk/\(name)"]).ndjson {
      if history.days.count < days { try history.add($0) }
    }
    return history
  }

  @Test("numbers in print")
  func numbers() {
    #expect(fixed(-0.370479, 6) == "-0.370479" && fixed(0.0000004, 6) == "0.000000")
    #expect(fixed(-0.0000004, 6) == "0.000000" && fixed(12.5, 0) == "13" && fixed(.nan, 2) == "-")
    #expect(fixed(1.005e300, 6) == "1.005e+300" && fixed(.infinity, 1) == "-")
    #expect(fixed(9.999, 2) == "10.00" && fixed(0.05, 1) == "0.1" && fixed(3.04, 2) == "3.04")
    #expect(percent(0.1234) == "12.3 %" && percent(.nan) == "-")
    #expect(grouped(1_234_567.8) == "1,234,568" && grouped(-999) == "-999" && grouped(0) == "0")
  }

  @Test(
    "an axis has two to seven marks, within its days",
    arguments: [1, 2, 5, 20, 45, 90, 200, 400, 900, 2600, 9000, 40000])
  func marks(_ span: Int) throws {
    for start in ["2015-01-05", "1999-12-31", "2020-02-29"] {
      let first = try #require(Day(start))
      let last = Day(number: first.number + Int32(span))
      let marks = DayMarks.marks(from: first, to: last)
      #expect((2...7).contains(marks.count), "\(start) \(span): \(marks)")
      #expect(marks.allSatisfy { $0.day >= first && $0.day <= last })
      #expect(Set(marks.map(\.text)).count == marks.count)
    }
    let day = Day(number: 0)
    #expect(DayMarks.marks(from: day, to: day).map(\.text) == ["1970-01-01"])
  }

  @Test("steps of a histogram are round, and hold every value")
  func histogram() {
    let values = (0..<500).map { Double($0 * $0 % 271) / 1000 - 0.0997 }
    let histogram = Histogram(values)
    #expect(histogram.width == 0.01 && (20...50).contains(histogram.bins.count))
    #expect(histogram.bins.reduce(0) { $0 + $1.count } == 500)
    for bin in histogram.bins {
      let low = bin.middle - histogram.width / 2
      #expect(bin.count == values.count { $0 >= low && $0 < low + 0.01 })
    }
    #expect(Histogram([0.5, 0.5]).bins.map(\.count) == [2] && Histogram([]).bins.isEmpty)
  }

  @Test("the headline says which way it went, and whether that may be chance")
  func verdict() throws {
    let long = Verdict(RiskReport(DailyReturns(try history(days: 670))))
    #expect(long.text == "Ahead of the benchmark by 35.7 % a year after costs.")
    #expect(
      long.caution == "Over 670 trading days that is more than chance usually makes (t = 5.5).")
    let day = Verdict(RiskReport(DailyReturns(try history(days: 1))))
    #expect(day.text == "Behind the benchmark by 1.5 % over 1 trading day after costs.")
    #expect(day.caution == "Over 1 trading day: too few to tell from chance.")
    #expect(
      Verdict(RiskReport(DailyReturns(try history("constant.ndjson")))).caution
        == "Over 28 trading days every day’s return is the same, which no chance can be told from.")
    let none = Verdict(RiskReport(DailyReturns(LedgerHistory())))
    #expect(none.text == "Nothing can be said: no day has a return.")
  }

  @Test(
    "a page has every chart of a ledger, in colours of the style sheet, and no number that is none")
  func charts() throws {
    let page = ReportPage(
      RiskReport(DailyReturns(try history(days: 200))), title: "t"
    ).html
    // Growth by three ways with the excess and by volatility alone, years, days, spread, rolling, falls, trading.
    #expect(page.split(separator: "<svg").count - 1 == 7 + 2 + 3 + 4 + 2 + 3)
    for part in page.split(separator: "stroke='").dropFirst() {
      #expect(ChartColour(rawValue: String(part.prefix(7))) != nil, "\(part.prefix(30))")
    }
    #expect(!page.contains("nan") && !page.contains("inf'") && !page.contains("There is nothing"))
    let one = ReportPage(RiskReport(DailyReturns(try history(days: 1))), title: "t").html
    #expect(one.contains("There is nothing to draw.") && !one.contains("nan"))
  }

  @Test("plain returns have no trading, no cost and no word of either")
  func plain() throws {
    let whole = DailyReturns(try history())
    let returns = DailyReturns(
      whole.days, returns: whole[.returnWithCost], benchmark: whole.days.map { _ in .nan })
    let page = ReportPage(RiskReport(returns), title: "t").html
    #expect(!page.contains("with cost") && !page.contains("Excess") && !page.contains("Turnover"))
    #expect(page.contains("Gained 53.6 % a year.</h1>"))
  }
}
