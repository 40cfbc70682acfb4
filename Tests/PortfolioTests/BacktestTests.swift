import Days
import Streams
import TestFolders
import Testing

@testable import Days
@testable import Portfolio

/// The backtest beside its literal twin, and what must hold whatever the market does.
@Suite struct BacktestTests {
  @Test("the same days as the literal twin, bit by bit", arguments: 0..<60)
  func twin(_ seed: UInt64) throws {
    let market = try RandomMarket(seed: seed, lacksFactors: seed % 5 == 4)
    try withFolder { folder in
      try market.write("\(folder)/bars")
      let settings = try startable(RandomMarket.settings(seed: seed), market)
      let ours = try ledger(settings, market.scores, bars: "\(folder)/bars")
      var literal = LiteralBacktest(settings, market, from: try #require(ours.first?.day))
      let theirs = literal.run()
      #expect(ours.count == theirs.count && ours.count > 25)
      for (day, other) in zip(ours, theirs) {
        let result = LiteralBacktest.Result(
          day: day.day, account: day.worth, value: day.account.value, cash: day.account.cash,
          totalCost: day.account.totalCost, totalTurnover: day.account.totalTurnover,
          return: day.return, turnover: day.turnover / day.before, cost: day.cost / day.before,
          bench: settings.benchmark == nil ? 0 : day.benchmark,
          orders: day.orders.map(\.comparable),
          holdings: day.account.holdings.map(\.withoutCost))
        #expect(day.benchmark.isNaN == (settings.benchmark == nil))
        var wanted = other
        wanted.orders = wanted.orders.map(\.comparable)
        guard result == wanted else {
          Issue.record("\(day.day): \(result)\ntwin \(wanted)")
          return
        }
      }
      // What cannot happen here is not tested here.
      #expect(ours.contains { !$0.orders.isEmpty })
    }
  }

  @Test("cash and holdings are the account; money comes from prices and goes in costs")
  func balance() throws {
    for seed in 100..<130 as Range<UInt64> {
      let market = try RandomMarket(seed: seed)
      try withFolder { folder in
        try market.write("\(folder)/bars")
        let settings = try startable(RandomMarket.settings(seed: seed), market)
        var held: [Holding] = []
        var (worth, debt) = (settings.cash, 1e-6)
        for day in try ledger(settings, market.scores, bars: "\(folder)/bars") {
          let holdings = day.account.holdings
          let sum = day.account.cash + holdings.reduce(0) { $0 + $1.amount * $1.price }
          #expect(abs(sum - day.worth) <= 1e-12 * settings.cash)
          // The 0.1 of a share that rounding to lots adds may not be paid for.
          for order in day.orders {
            debt = max(debt, 0.1 * order.price / order.factor * (1 + settings.rules.openCost))
          }
          #expect(day.account.cash >= -debt, "\(seed) \(day.day): \(day.account.cash)")
          #expect(holdings.map(\.code) == holdings.map(\.code).sorted())
          #expect(holdings.allSatisfy { $0.amount > 0 && $0.price > 0 && $0.dayCount > 0 })
          #expect(holdings.count <= settings.strategy.topk + settings.strategy.nDrop)
          // Shares appear and go by orders alone.
          var shares = Dictionary(uniqueKeysWithValues: held.map { ($0.code, $0.amount) })
          for order in day.orders {
            #expect(order.dealAmount >= 0 && order.cost >= 0)
            let sign = order.direction == .buy ? 1.0 : -1
            shares[order.code, default: 0] += sign * order.dealAmount
          }
          let now = Dictionary(uniqueKeysWithValues: holdings.map { ($0.code, $0.amount) })
          for (code, amount) in shares {
            #expect(abs((now[code] ?? 0) - amount) <= 1e-8 + 1e-5 * abs(amount))
          }
          // What was won: the change of what was held, and of what was bought or sold, since its price.
          let prices = Dictionary(uniqueKeysWithValues: holdings.map { ($0.code, $0.price) })
          var won = 0.0
          for holding in held {
            if let price = prices[holding.code] { won += holding.amount * (price - holding.price) }
          }
          for order in day.orders where order.dealAmount > 0 {
            if order.direction == .buy, let price = prices[order.code] {
              won += order.dealAmount * (price - order.price)
            } else if let before = held.first(where: { $0.code == order.code }) {
              won += order.dealAmount * (order.price - before.price)
            }
          }
          #expect(abs(day.worth - worth - won + day.cost) <= 1e-9 * settings.cash)
          (held, worth) = (holdings, day.worth)
        }
      }
    }
  }

  @Test("without scores nothing changes but prices")
  func noTrades() throws {
    let market = try RandomMarket(seed: 7, days: 60)
    try withFolder { folder in
      try market.write("\(folder)/bars")
      var settings = Backtest.Settings()
      settings.strategy.topk = 5
      settings.span = try DaySpan(from: nil, to: market.days[59].day)
      let days = try ledger(settings, [market.scores[0]], bars: "\(folder)/bars")
      #expect(days.count > 50 && !days[0].orders.isEmpty)
      let first = days[0].account
      for day in days.dropFirst() {
        #expect(day.orders.isEmpty && day.cost == 0 && day.turnover == 0)
        #expect(day.account.cash == first.cash && day.account.totalCost == first.totalCost)
        #expect(day.account.holdings.map(\.amount) == first.holdings.map(\.amount))
      }
      #expect(days.contains { $0.worth != days[0].worth })
    }
  }

  @Test("what comes later changes nothing before it: the same bytes", arguments: 0..<12)
  func noLookahead(_ seed: UInt64) throws {
    let market = try RandomMarket(seed: 1000 + seed)
    try withFolder { folder in
      let settings = try startable(RandomMarket.settings(seed: seed), market)
      func lines(_ market: RandomMarket) throws -> [UInt8] {
        try market.write("\(folder)/bars")
        return try ledgerBytes(settings, market, folder)
      }
      let whole = try lines(market)
      for place in stride(from: 10, to: 39, by: 7) {
        let cut = try lines(market.cut(after: market.days[place].day))
        #expect(!cut.isEmpty && whole.starts(with: cut), "cut after day \(place)")
      }
    }
  }

  @Test("lots, as Python divides")
  func lots() throws {
    #expect(floorDivide(300.1, 100) == 3 && floorDivide(299.95, 100) == 2)
    #expect(floorDivide(-0.5, 100) == -1 && floorDivide(0, 100) == 0)
    // 1 / 0.1 rounds to 10, yet 0.1 is a little above a tenth.
    #expect(floorDivide(1, 0.1) == 9)
  }

  @Test("equal scores are bought in order of their codes")
  func ties() throws {
    let market = try RandomMarket(seed: 3)
    try withFolder { folder in
      try market.write("\(folder)/bars")
      var settings = Backtest.Settings()
      (settings.strategy.topk, settings.rules.limit) = (4, nil)
      let day = market.scores[0]
      let same = ScoreDay(
        day: day.day, codes: day.codes, scores: day.codes.map { _ in 0.5 })
      let orders = try ledger(settings, [same], bars: "\(folder)/bars")[0].orders
      #expect(orders.count > 1)
      #expect(Set(orders.map(\.code)).isSubset(of: day.codes.prefix(4)))
      #expect(orders.map(\.code) == orders.map(\.code).sorted())
    }
  }

  @Test("a benchmark that is not there, and scores that no day follows, are errors")
  func refusals() throws {
    let market = try RandomMarket(seed: 3)
    try withFolder { folder in
      try market.write("\(folder)/bars")
      var settings = Backtest.Settings()
      settings.benchmark = try InstrumentCode("SH000300")
      let error = #expect(throws: Failure.self) {
        try ledger(settings, market.scores, bars: "\(folder)/bars")
      }
      #expect(error?.description.contains("benchmark SH000300") == true)
      settings.benchmark = nil
      let late = ScoreDay(day: market.days[39].day, codes: [], scores: [])
      #expect(throws: DayError.self) {
        try ledger(settings, [late], bars: "\(folder)/bars")
      }
    }
  }

  /// The settings, with the benchmark only where it has a close by the first day that is traded.
  private func startable(
    _ settings: Backtest.Settings, _ market: RandomMarket
  ) throws -> Backtest.Settings {
    var settings = settings
    try market.makeStartable(&settings)
    return settings
  }
}

extension Holding {
  /// The same as qlib has it.
  fileprivate var withoutCost: Holding {
    var holding = self
    holding.cost = nil
    return holding
  }
}

extension Order {
  /// The same, NaN being equal to NaN.
  fileprivate var comparable: Order {
    var order = self
    if factor.isNaN { order.factor = -1 }
    return order
  }
}
