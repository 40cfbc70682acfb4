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
      #expect(still.mean == 0 && still.deviation == 0 && still.annualizedReturn.isNaN)
      #expect(still.informationRatio.isNaN && still.maxDrawdown == 0 && still.calmar.isNaN)
      #expect(Drawdown.all([], convention).isEmpty && Drawdown.all([0, 0], convention).isEmpty)
      // A loss of all, and of more than all, is compounded to what it is.
      let ruin = RiskStatistics([0.1, -1, 0.5, -3], convention, annualization: 238)
      #expect(ruin.maxDrawdown < 0)
      #expect(!Drawdown.all([0.1, -1, 0.5, -3], convention).isEmpty)
    }
    let none = RiskMeasures([], benchmark: [], annualization: 238)
    #expect(none.ground.days == 0 && none.sharpe.isNaN && none.valueAtRisk.isNaN && none.beta.isNaN)
    let still = RiskMeasures([0, 0], benchmark: [0, 0], annualization: 238)
    #expect(still.sharpe.isNaN && still.sortino.isNaN && still.alpha.isNaN && still.beta.isNaN)
    #expect(still.valueAtRisk == 0 && still.winRate == 0)
  }

  @Test("the start is the first high; to qlib the first day is")
  func firstDay() {
    for convention in ReturnConvention.allCases {
      let loss = RiskStatistics([-0.5, 0.1], convention, annualization: 238)
      #expect(loss.maxDrawdown == -0.5 && loss.qlibMaxDrawdown == 0)
      let fall = Drawdown(start: nil, trough: 0, recovery: 2, depth: -0.5, length: 3)
      #expect(Drawdown.all([-0.5, 0.25, 2, -0], convention) == [fall])
      let open = Drawdown(start: nil, trough: 1, recovery: nil, depth: -0.75, length: 3)
      #expect(Drawdown.all([-0.5, convention == .sum ? -0.25 : -0.5, 0.1], convention) == [open])
    }
    let falls = Drawdown.all([0.1, -0.05, 0.02, 0.04, -0.01], .sum)
    #expect(falls.map(\.start) == [0, 3] && falls.map(\.trough) == [1, 4])
    #expect(falls.map(\.recovery) == [3, nil] && falls.map(\.length) == [3, 1])
    #expect(isClose(falls[0].depth, -0.05) && isClose(falls[1].depth, -0.01))
  }

  @Test("a fall as deep as rounding can make one is none; one that is deeper by half a place is")
  func shallow() {
    for (convention, most) in [(ReturnConvention.sum, 4.0), (.product, 2)] {
      for (places, isFall) in [(most, false), (most + 0.5, true)] {
        let returns = [1, -places * .ulpOfOne]
        let statistics = RiskStatistics(returns, convention, annualization: 8)
        #expect(statistics.maxDrawdown == -places * .ulpOfOne)
        #expect(statistics.calmar.isNaN != isFall, "\(convention) \(places)")
        #expect(Drawdown.all(returns, convention).isEmpty != isFall, "\(convention) \(places)")
      }
    }
  }

  @Test("what is no number neither begins a fall nor ends one")
  func fallsWithoutNumbers() {
    // Debts beyond all numbers, which times nothing are none: from the fourth day there is no depth.
    let ruin = [-3, 1e308, 1e308, -1, 0.5]
    #expect(
      ReturnConvention.product.underwater(ruin).map(\.isNaN) == [false, false, false, true, true])
    #expect(
      Drawdown.all(ruin, .product) == [
        Drawdown(start: nil, trough: 1, recovery: nil, depth: -.infinity, length: 5)
      ])
    #expect(Drawdown.all([.infinity, -0.5, 0.5], .product).isEmpty)
  }

  @Test("a return that is missing changes no figure", arguments: 0...5)
  func missing(_ place: Int) {
    let returns = [0.02, -0.03, 0.01, -0.04, 0.05]
    var gap = returns
    gap.insert(.nan, at: place)
    for convention in ReturnConvention.allCases {
      let whole = RiskStatistics(returns, convention, annualization: 5)
      let other = RiskStatistics(gap, convention, annualization: 5)
      #expect(whole.all.allSatisfy(\.isFinite) && whole.all == other.all)
      #expect(whole.calmar == other.calmar && whole.qlibMaxDrawdown == other.qlibMaxDrawdown)
    }
  }

  @Test(
    "measures at their bounds: a quarter of a year, a day without a change, the quantile itself")
  func bounds() {
    // A year of 84 days, so that 21 are just ground for one.
    let returns = (-10...10).map { Double($0) / 100 }
    let benchmark = returns.map { $0 / 2 + 0.01 }
    let whole = RiskMeasures(returns, benchmark: benchmark, annualization: 84)
    // The variance of 21 whole numbers in a row, with n - 1, is 770 / 20.
    let deviation = (770.0 / 20).squareRoot() / 100
    #expect(isClose(whole.volatility, deviation * 84.0.squareRoot()))
    #expect(whole.valueAtRisk == -0.09 && isClose(whole.conditionalValueAtRisk, -0.095))
    #expect(isClose(whole.winRate, 10.0 / 21))
    #expect(isClose(whole.beta, 2) && isClose(whole.alpha, -0.02 * 84))
    let short = RiskMeasures(
      Array(returns.dropLast()), benchmark: Array(benchmark.dropLast()), annualization: 84)
    #expect(short.volatility.isNaN && short.sharpe.isNaN && short.valueAtRisk.isFinite)
    #expect(short.ground.reason == "20 days: not annualised")
    // Days that lack one or the other count for what they have.
    for place in [0, 9, 21] {
      var (gap, other) = (returns, benchmark)
      gap.insert(.nan, at: place)
      other.insert(0.3, at: place)
      let missing = RiskMeasures(gap, benchmark: other, annualization: 84)
      #expect(missing.volatility == whole.volatility && missing.winRate == whole.winRate)
      #expect(missing.valueAtRisk == whole.valueAtRisk && missing.ground.days == 21)
      #expect(missing.beta == whole.beta && missing.alpha == whole.alpha)
      gap[place] = 0.3
      other[place] = .nan
      let alone = RiskMeasures(gap, benchmark: other, annualization: 84)
      #expect(alone.beta == whole.beta && alone.alpha == whole.alpha && alone.ground.days == 22)
      #expect(isClose(alone.winRate, 0.5))
    }
  }

  @Test("falls do not overlap, and the deepest is the largest drawdown", arguments: 1...20)
  func falls(_ seed: UInt64) {
    var state = seed &* 0x9e37_79b9_7f4a_7c15
    let returns = (0..<200).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (Double(state >> 40) / 0x1p24 - 0.48) * 0.05
    }
    for convention in ReturnConvention.allCases {
      // The plain twin: every pair of days, the start among them.
      let curve = [0] + convention.cumulative(returns)
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
      let inOrder = falls.sorted { $0.trough < $1.trough }
      for (one, next) in zip(inOrder, inOrder.dropFirst()) {
        #expect(one.recovery.map { $0 <= next.start ?? -1 } == true)
      }
      for fall in falls {
        let start = fall.start ?? -1
        #expect(start < fall.trough && fall.trough < fall.recovery ?? returns.count)
        #expect(fall.length == (fall.recovery ?? returns.count - 1) - start)
      }
      let later = RiskStatistics(Array(returns.dropFirst()), convention, annualization: 238)
      #expect(statistics.qlibMaxDrawdown >= statistics.maxDrawdown && later.maxDrawdown < 0)
    }
  }

  /// Returns of 100 days that are one number but for rounding: as they are, of an account that is
  /// multiplied, less a benchmark and a cost.
  static let constants: [[Double]] = [0.001, -0.003, 1.0 / 3, 0].flatMap { gain in
    var accounts = [1e6]
    for _ in 0..<100 { accounts.append(accounts[accounts.endIndex - 1] * (1 + gain)) }
    let ratios = zip(accounts, accounts.dropFirst()).map { $1 / $0 - 1 }
    return [
      Array(repeating: gain, count: 100), ratios,
      ratios.enumerated().map { $1 - Double($0 % 3) * 1e-17 - 0.0007 },
    ]
  }

  @Test("constant returns have no ratio, however they are rounded", arguments: constants)
  func constant(_ returns: [Double]) {
    let other = (0..<100).map { Double($0 % 7) / 100 }
    for convention in ReturnConvention.allCases {
      let statistics = RiskStatistics(returns, convention, annualization: 238)
      #expect(statistics.informationRatio.isNaN && statistics.annualizedReturn.isFinite)
      #expect(statistics.ground.reason == "constant: the deviation is below rounding")
      #expect(statistics.calmar.isNaN || statistics.annualizedReturn < 0)
      // Steady gains that are rounded fall nowhere.
      #expect(Drawdown.all(returns, convention).isEmpty == (statistics.mean > -1e-12))
    }
    let measures = RiskMeasures(returns, benchmark: other, annualization: 238, riskFree: 0.02)
    #expect(measures.sharpe.isNaN && measures.sortino.isNaN && measures.tStatistic.isNaN)
    #expect(measures.volatility < 1e-13 && measures.beta.magnitude < 1e-13)
    let beside = RiskMeasures(other, benchmark: returns, annualization: 238)
    #expect(beside.alpha.isNaN && beside.beta.isNaN && beside.sharpe.isFinite)
    #expect(beside.reason == "the benchmark does not vary")
  }

  @Test("returns that vary by little have their ratios: as pandas has them")
  func nearlyConstant() {
    for step in [1e-4, 1e-9, 1e-14] {
      let returns = (0..<100).map { 0.001 + Double($0 % 2) * step }
      let measures = RiskMeasures(returns, benchmark: returns, annualization: 238)
      let deviation = step / 2 * (100.0 / 99).squareRoot()
      #expect(isClose(measures.sharpe, (0.001 + step / 2) / deviation * 238.0.squareRoot(), 0.1))
      #expect(measures.beta == 1 && measures.reason == nil)
    }
  }

  @Test("a year is spoken of from 60 days on, or a quarter of a shorter year")
  func span() {
    let returns = (0..<60).map { Double($0 % 5) / 100 - 0.01 }
    for (count, annualization, isOfYears) in [
      (60, 238.0, true), (59, 238, false), (60, 252, true), (59, 252, false), (1, 238, false),
      (3, 12, true), (2, 12, false), (0, 1, false), (1, 1, true),
    ] {
      let some = Array(returns.prefix(count))
      let statistics = RiskStatistics(some, .sum, annualization: annualization)
      let measures = RiskMeasures(some, benchmark: some, annualization: annualization)
      #expect(statistics.ground.isOfYears == isOfYears, "\(count) of \(annualization)")
      #expect(statistics.annualizedReturn.isNaN == !isOfYears)
      guard count > 1 else { continue }
      for value in [
        statistics.informationRatio, statistics.calmar, measures.sharpe, measures.sortino,
        measures.volatility, measures.alpha,
      ] {
        #expect(value.isNaN == !isOfYears, "\(count) of \(annualization)")
      }
      #expect(measures.beta == 1 && measures.tStatistic.isFinite && statistics.mean.isFinite)
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

  @Test("ledgers joined end to end have one total cost")
  func joined() throws {
    func ledger(_ month: Int, _ costs: [Double], _ start: Double = 1000) -> String {
      var (account, total) = (start, 0.0)
      return costs.enumerated().map { place, money in
        let (before, date) = (account, "2020-0\(month)-0\(place + 1)")
        account = before * 1.01 - money
        total += money
        return #"{"record":"day","date":"\#(date)","account":\#(account),"return":0.01,"#
          + #""turnover":0,"cost":\#(money / before),"bench":null,"total_cost":\#(total)}"# + "\n"
      }.joined()
    }
    for (costs, total) in [
      ([[3, 2, 4]], 9), ([[3, 2, 4], [5]], 14), ([[3], [3]], 6), ([[1], [30, 2], [0, 0]], 33),
      ([[0, 0], [7]], 7), ([[0], [0]], 0), ([[9, 1], [0, 12]], 22),
    ] as [([[Double]], Double)] {
      let text = costs.enumerated().map { ledger($0 + 1, $1, $0 == 1 ? 500 : 1000) }.joined()
      #expect(isClose(try read(text).totalCost, total), "\(costs)")
    }
    // The last days of a ledger: what the account has cost since it was opened.
    let whole = ledger(1, [3, 2, 4])
    let last = whole.split(separator: "\n").last.map { "\($0)\n" } ?? ""
    #expect(try read(last).totalCost == 9)
    #expect(try read("").totalCost.isNaN && read(day("2020-01-02")).totalCost.isNaN)
  }

  @Test("an account that does not grow by its returns: the first day, and how many")
  func contradiction() throws {
    func ledger(_ days: [(account: Double, return: Double, total: Double)]) throws -> String? {
      let lines = days.enumerated().map { place, day in
        #"{"record":"day","date":"2020-01-1\#(place)","account":\#(day.account),"return":\#(day.return),"#
          + #""turnover":0,"cost":0.001,"bench":null,"total_cost":\#(day.total)}"# + "\n"
      }
      return try read(lines.joined()).contradiction
    }
    let good = [(1000.0, 0.5, 1.0), (1009.0, 0.01, 2), (1018.081, 0.01, 3.009)]
    #expect(try ledger(good) == nil)
    // What is rounded to five decimals is no contradiction.
    #expect(try ledger([good[0], (1009.009, 0.01, 2)]) == nil)
    #expect(try ledger([good[0], (1009.011, 0.01, 2)]) != nil)
    // A deposit, and a day that is missing.
    #expect(
      try ledger([good[0], (1109, 0.01, 2), (1119, 0.01, 3)])
        == "the account does not grow by its returns on 2 of 3 days, first 2020-01-11, 10.900 % since "
        + "2020-01-10 where return less cost is 0.900 %: is a day missing, or was money paid in or out? What "
        + "is reported goes by the returns")
    #expect(
      try ledger([good[0], good[2]])?.contains("on 1 of 2 days, first 2020-01-11, 1.808 %") == true)
    // Another account, whose costs begin anew.
    #expect(try ledger([good[0], good[1], (500, 0.01, 0.5)]) == nil)
    #expect(try read("").contradiction == nil && ledger([good[0]]) == nil)
    // Nothing grows by no share; and what is absurd is said in few digits.
    #expect(try ledger([(0, 0, 0), (10, 0, 0)]) == nil)
    #expect(
      try ledger([good[0], (1009, 1e300, 2)])?.contains("return less cost is 1e+302 %") == true)
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
