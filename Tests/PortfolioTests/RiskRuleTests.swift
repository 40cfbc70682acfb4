import Days
import Streams
import TestFolders
import Testing

@testable import Days
@testable import Portfolio

/// What is not defined, and what holds for any returns.
@Suite struct RiskRuleTests {
  @Test("no day, one day, days without a change: NaN where pandas has NaN, and no trap")
  func undefined() {
    for convention in ReturnConvention.allCases {
      let none = RiskStatistics([], convention, annualization: 238)
      #expect(none.all.allSatisfy { $0.isNaN } && none.calmar.isNaN)
      let one = RiskStatistics([0.01, .nan], convention, annualization: 238)
      #expect(isClose(one.mean, 0.01) && one.deviation.isNaN && one.informationRatio.isNaN)
      #expect(one.maxDrawdown == 0)
      let still = RiskStatistics([0, 0, 0], convention, annualization: 238)
      #expect(still.mean == 0 && still.deviation == 0 && still.annualizedReturn == 0)
      #expect(still.informationRatio.isNaN && still.maxDrawdown == 0 && still.calmar.isNaN)
      #expect(Drawdown.all([], convention).isEmpty && Drawdown.all([0, 0], convention).isEmpty)
      // A loss of all, and of more than all, is compounded to what it is.
      let ruin = RiskStatistics([0.1, -1, 0.5, -3], convention, annualization: 238)
      #expect(ruin.maxDrawdown < 0)
      #expect(!Drawdown.all([0.1, -1, 0.5, -3], convention).isEmpty)
    }
    let none = RiskMeasures([], benchmark: [], annualization: 238)
    #expect(none.days == 0 && none.sharpe.isNaN && none.valueAtRisk.isNaN && none.beta.isNaN)
    let still = RiskMeasures([0, 0], benchmark: [0, 0], annualization: 238)
    #expect(still.sharpe.isNaN && still.sortino.isNaN && still.alpha.isNaN && still.beta.isNaN)
    #expect(still.valueAtRisk == 0 && still.winRate == 0)
  }

  @Test("the first day is the first high")
  func firstDay() {
    #expect(RiskStatistics([-0.5, 0.1], .sum, annualization: 238).maxDrawdown == 0)
    #expect(Drawdown.all([-0.5, 0.1, 0.2], .product).isEmpty)
    let falls = Drawdown.all([0.1, -0.05, 0.02, 0.04, -0.01], .sum)
    #expect(falls.map(\.start) == [0, 3] && falls.map(\.trough) == [1, 4])
    #expect(falls.map(\.recovery) == [3, nil] && falls.map(\.length) == [3, 1])
    #expect(isClose(falls[0].depth, -0.05) && isClose(falls[1].depth, -0.01))
  }

  @Test("falls do not overlap, and the deepest is the largest drawdown", arguments: 1...20)
  func falls(_ seed: UInt64) {
    var state = seed &* 0x9e37_79b9_7f4a_7c15
    let returns = (0..<200).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (Double(state >> 40) / 0x1p24 - 0.48) * 0.05
    }
    for convention in ReturnConvention.allCases {
      // The plain twin: every pair of days.
      let curve = convention.cumulative(returns)
      var worst = 0.0
      for high in curve.indices {
        for low in high..<curve.count {
          let fall =
            convention == .sum
            ? curve[low] - curve[high] : (1 + curve[low]) / (1 + curve[high]) - 1
          worst = min(worst, fall)
        }
      }
      let falls = Drawdown.all(returns, convention)
      let statistics = RiskStatistics(returns, convention, annualization: 238)
      #expect(isClose(statistics.maxDrawdown, worst) && isClose(falls[0].depth, worst))
      let inOrder = falls.sorted { $0.start < $1.start }
      for (one, next) in zip(inOrder, inOrder.dropFirst()) {
        #expect(one.recovery.map { $0 <= next.start } == true)
      }
      for fall in falls {
        #expect(fall.start < fall.trough && fall.trough < fall.recovery ?? returns.count)
        #expect(fall.length == (fall.recovery ?? returns.count - 1) - fall.start)
      }
    }
  }

  @Test("months are those of the calendar, whatever days are missing")
  func months() throws {
    let days = ["2019-12-31", "2020-01-02", "2020-01-31", "2020-03-02"].compactMap { Day($0) }
    let months = CalendarMonth.months(of: days)
    #expect(months.map(\.name) == ["2019-12", "2020-01", "2020-03"])
    #expect(months.map(\.days) == [0..<1, 1..<3, 3..<4])
    #expect(months.map(\.year) == [2019, 2020, 2020] && months.map(\.month) == [12, 1, 3])
    let returns = [.nan, 0.1, 0.1, -0.5]
    #expect(months[0].compounded(returns).isNaN)
    #expect(isClose(months[1].compounded(returns), 0.21))
  }
}

/// What a ledger's lines may be.
@Suite struct LedgerHistoryTests {
  private func day(_ date: String, _ rest: String = "") -> String {
    #"{"record":"day","date":"\#(date)","account":1,"return":0.1,"turnover":0,"cost":0.01,"#
      + #""bench":null\#(rest)}"# + "\n"
  }

  private func read(_ text: String) throws -> LedgerHistory {
    try withFolder { folder in
      put(text, "\(folder)/ledger")
      return try history("\(folder)/ledger")
    }
  }

  @Test("other records and other keys are left alone; null is no number")
  func accepted() throws {
    let history = try read(
      #"{"record":"order","date":"2020-01-02"}"# + "\n" + day("2020-01-02", #","new":[1,{}]"#)
        + #"{"record":"position"}"# + "\n" + #"{"record":"weather","date":7}"# + "\n"
        + day("2020-01-03", #","ffr":null,"orders":3"#))
    #expect(history.days.map(\.description) == ["2020-01-02", "2020-01-03"])
    #expect(history.returns(.returnWithCost).allSatisfy { isClose($0, 0.09) })
    #expect(history.returns(.excessWithCost).allSatisfy { $0.isNaN })
    #expect(history.column("orders")[0].isNaN && history.column("orders")[1] == 3)
    #expect(OrderIndicators(history).fulfilment == 0)
    let empty = try read("")
    #expect(empty.days.isEmpty)
    #expect(OrderIndicators(LedgerHistory()).fulfilment.isNaN)
  }

  @Test("what breaks a rule is named with its line")
  func refused() {
    let good = day("2020-01-02")
    for (line, rule) in [
      (day("2020-01-02"), ":2:24: days must ascend: 2020-01-02 after 2020-01-02"),
      (day("2020-01-01"), ":2:24: days must ascend: 2020-01-01 after 2020-01-02"),
      (day("2020-02-30"), ":2:24: date must be"), ("{}\n", "key 'record' is missing"),
      (#"{"record":7}"#, ":2:11: record must be a string"),
      (#"{"record":"day"}"#, "key 'date' is missing"),
      (#"{"record":"day","date":"2020-01-03"}"#, "key 'account' is missing"),
      (day("2020-01-03", #","ffr":"all""#), "ffr must be a number or null, got a string"),
      (String(day("2020-01-03").dropLast(9)), ":2:"),
    ] {
      let error = #expect(throws: Failure.self) { try read(good + line) }
      #expect(error?.description.contains(rule) == true, "\(String(describing: error))")
    }
  }
}
