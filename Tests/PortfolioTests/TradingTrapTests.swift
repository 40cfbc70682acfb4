import Days
import Streams
import TestFolders
import Testing

@testable import Days
@testable import Portfolio

/// Traps of qlib's, seen on the day they bite and not a day before.
@Suite struct TradingTrapTests {
  private typealias Bar = SmallBars.Bar

  /// Everything is bought with all money, of `topk`, without limits and least costs.
  private func settings(topk: Int, nDrop: Int) -> Backtest.Settings {
    var settings = Backtest.Settings()
    (settings.strategy.topk, settings.strategy.nDrop) = (topk, nDrop)
    settings.rules = ExchangeRules(.us)
    settings.rules.minCost = 0
    return settings
  }

  @Test("fewer scores than topk + n-drop")
  func universe() throws {
    var bars = SmallBars()
    for _ in 0..<3 { bars.add(["A": Bar(close: 1), "B": Bar(close: 1), "C": Bar(close: 1)]) }
    let scores = ["A": 3.0, "B": 2, "C": 1]
    try withFolder { folder in
      let enough = try bars.trade(settings(topk: 2, nDrop: 1), scores: scores, in: folder)
      #expect(enough.notes.isEmpty, "\(enough.notes)")
      let few = try bars.trade(settings(topk: 2, nDrop: 2), scores: scores, in: folder)
      #expect(
        few.notes == [
          "fewer scores than --topk 2 and --n-drop 2 ask for on 2 of 2 days, the first 2016-07-19: 3"
        ])
    }
  }

  @Test("scores without bars among the best topk, but not at the place after")
  func absent() throws {
    var bars = SmallBars()
    for _ in 0..<3 { bars.add(["A": Bar(close: 1), "B": Bar(close: 1), "C": Bar(close: 1)]) }
    var scores = ["A": 3.0, "B": 2, "C": 1, "X": 2.5]
    try withFolder { folder in
      let join = "1 of 4 instruments with scores are not in the bars: X"
      let among = try bars.trade(settings(topk: 2, nDrop: 1), scores: scores, in: folder)
      #expect(
        among.notes.prefix(2) == [
          join,
          "scores without bars are among the best 2 on 2 of 2 days and take places that are not "
            + "filled, the first 2016-07-19: X",
        ])
      scores["X"] = 1.5
      let behind = try bars.trade(settings(topk: 2, nDrop: 1), scores: scores, in: folder)
      #expect(behind.notes == [join])
    }
  }

  @Test("more than half in cash: 20 days are told, 19 and just half are not", arguments: [19, 20])
  func idle(days: Int) throws {
    var bars = SmallBars()
    for _ in 0...days { bars.add(["A": Bar(close: 1), "B": Bar(close: 1)]) }
    var settings = settings(topk: 1, nDrop: 1)
    (settings.rules.openCost, settings.rules.tradeUnit) = (0, 0)
    try withFolder { folder in
      settings.strategy.riskDegree = 0.4999
      let more = try bars.trade(settings, scores: ["A": 2, "B": 1], in: folder)
      #expect(more.ledger.count == days)
      let first = "2016-07-19"
      let note = "more than half of the account was cash on 20 days running, \(first) to 2016-08-07"
      #expect(more.notes == (days == 20 ? [note] : []))
      settings.strategy.riskDegree = 0.5
      #expect(try bars.trade(settings, scores: ["A": 2, "B": 1], in: folder).notes.isEmpty)
    }
  }

  @Test("a holding that is delisted ends all trading, or is sold, or written off, on its day")
  func delisted() throws {
    // B and C are for ever; A, of the best score, ends after three days.
    var bars = SmallBars()
    for day in 0..<12 {
      var rows = ["B": Bar(close: 4), "C": Bar(close: 5)]
      if day < 3 { rows["A"] = Bar(close: 2) }
      bars.add(rows)
    }
    var settings = settings(topk: 1, nDrop: 1)
    settings.delistedAfter = 4
    (settings.rules.openCost, settings.rules.closeCost, settings.cash) = (0, 0.001, 1000)
    try withFolder { folder in
      let scores = ["A": 3.0, "B": 2, "C": 1]
      let held = try bars.trade(settings, scores: scores, in: folder, onlyListed: true)
      #expect(
        held.notes.contains(
          "nothing can be sold on 6 days, the first 2016-07-24, as in qlib: all --n-drop 1 are "
            + "holdings without a close for 4 days or more: A (see --delisting)"),
        "\(held.notes)")
      for delisting in Delisting.allCases {
        settings.delisting = delisting
        let (ledger, notes) = try bars.trade(
          settings, scores: scores, in: folder, onlyListed: true)
        #expect(!notes.contains { $0.contains("nothing can be sold") })
        let sales = ledger.filter { $0.orders.first.map { "\($0.code)" } == "A" }
          .filter { $0.orders[0].direction == .sell }
        // The fourth day without a close, counted from the first.
        #expect(sales.map { "\($0.day)" } == ["2016-07-24"])
        let sale = try #require(sales.first?.orders.first)
        let shares = 475.0
        #expect(sale.amount == shares && sale.dealAmount == shares)
        #expect(sale.value == (delisting == .zero ? 0 : 2 * shares))
        #expect(sale.cost == (delisting == .zero ? 0 : 2 * shares * 0.001))
      }
    }
  }
}
