import Days
import Mechanics
import Streams
import TestFolders
import Testing

@testable import Days
@testable import Portfolio

/// Accounts that are told what they really hold, and what was really dealt.
@Suite struct RealAccountTests {
  private func run(
    _ market: RandomMarket, _ range: Range<Int>, _ settings: Backtest.Settings, _ folder: String,
    fills: String? = nil, from state: AccountState? = nil
  ) throws -> (ledger: [LedgerDay], state: AccountState) {
    let days = Set(market.days[range].map(\.day))
    try market.write("\(folder)/bars", days: days)
    var ledger: [LedgerDay] = []
    let quotes = DayStream(ByteReader(["\(folder)/bars"])) {
      try QuoteDay($0, settings.rules.dealPrice)
    }
    let backtest = Backtest(settings, quotes, from: state) { ledger.append($0) }
    if let fills { backtest.book(try Fills(reading: fills)) }
    for scores in market.scores where days.contains(scores.day) { try backtest.push(scores) }
    try backtest.finish()
    return (ledger, backtest.state)
  }

  private func settings(seed: UInt64) throws -> Backtest.Settings {
    var settings = try RandomMarket.settings(seed: seed)
    (settings.benchmark, settings.delisting) = (nil, nil)
    settings.strategy.holdThreshold = 1
    return settings
  }

  private func isNear(_ one: Double, _ other: Double) -> Bool {
    abs(one - other) <= 1e-9 * max(1, abs(other))
  }

  private func expectSame(_ one: [LedgerDay], _ other: [LedgerDay], _ seed: UInt64) {
    #expect(one.map(\.day) == other.map(\.day), "\(seed)")
    for (day, wanted) in zip(one, other) {
      let same =
        isNear(day.worth, wanted.worth)
        // What is left of sums as great as the account has their rounding.
        && abs(day.account.cash - wanted.account.cash) <= 1e-13 * max(1, wanted.worth)
        && isNear(day.return, wanted.return) && isNear(day.cost, wanted.cost)
        && day.account.holdings.map(\.code) == wanted.account.holdings.map(\.code)
        && zip(day.account.holdings, wanted.account.holdings).allSatisfy {
          isNear($0.amount, $1.amount) && $0.price == $1.price && $0.missedDays == $1.missedDays
        }
      guard same else {
        Issue.record("\(seed) \(day.day): \(day)\nwanted \(wanted)")
        return
      }
    }
  }

  @Test("what was dealt, booked as fills: the same account", arguments: 0..<12)
  func fills(_ seed: UInt64) throws {
    let market = try RandomMarket(seed: 300 + seed)
    let settings = try settings(seed: seed)
    try withFolder { folder in
      let last = market.days.count
      let wanted = try run(market, 0..<last, settings, folder).ledger
      let start = try #require(market.days.firstIndex { $0.day == wanted[0].day })
      // Of a day each, without dates, sales and purchases in any order.
      var state = try run(market, 0..<start, settings, folder).state
      var ledger: [LedgerDay] = []
      var all = "date,instrument,side,shares,price,fee\n"
      for (place, day) in zip(start..., wanted) {
        var rows: [String] = []
        for order in day.orders where order.value > 0 {
          let factor = order.factor
          rows.append(
            "\(order.code),\(order.direction.rawValue.lowercased()),\(order.dealAmount * factor),"
              + "\(order.price / factor),\(order.cost)\n")
        }
        put("instrument,side,shares,price,fee\n" + rows.reversed().joined(), "\(folder)/fills")
        let next = try run(
          market, place..<place + 1, settings, folder, fills: "\(folder)/fills", from: state)
        ledger += next.ledger
        state = next.state
        all += rows.map { "\(day.day),\($0)" }.joined()
      }
      expectSame(ledger, wanted, seed)
      // All at once, with dates.
      put(all, "\(folder)/fills")
      let before = try run(market, 0..<start, settings, folder).state
      let together = try run(
        market, start..<last, settings, folder, fills: "\(folder)/fills", from: before)
      expectSame(together.ledger, wanted, seed)
    }
  }

  @Test(
    "holdings of a day, in real shares, with their cash: the same days from there",
    arguments: 0..<12)
  func holdings(_ seed: UInt64) throws {
    let market = try RandomMarket(seed: 400 + seed)
    var settings = try settings(seed: seed)
    try withFolder { folder in
      let scored = try #require(market.scores.dropFirst(14).first { $0.codes.count > 5 })
      let place = try #require(market.days.firstIndex { $0.day == scored.day })
      let before = try run(market, 0..<place + 1, settings, folder).state
      let wanted = try run(market, place + 1..<40, settings, folder, from: before).ledger
      var text = "shares,instrument,cost\n"
      for holding in before.account.holdings {
        let bar = market.days[...place].last { $0.rows[holding.code]?.close.isNaN == false }?
          .rows[holding.code]
        let factor = Double(try #require(bar).factor)
        let cost = try #require(holding.cost)
        text += "\(holding.amount * factor),\(holding.code),\(cost / factor)\n"
      }
      put(text, "\(folder)/holdings")
      settings.cash = before.account.cash
      settings.holdings = try RealHoldings(reading: "\(folder)/holdings")
      // Scores before are none of the account's affair.
      let days = market.scores.filter { $0.day >= scored.day }
      var later = market
      later.keep(scores: days)
      let opened = try run(later, 0..<40, settings, folder)
      #expect(opened.state.isReal)
      expectSame(opened.ledger, wanted, seed)
      for (one, other) in zip(opened.state.account.holdings, before.account.holdings) {
        if one.code == other.code { #expect(one.cost != nil) }
      }
      // Opened by one run and gone on with by another, without being told of it.
      let first = try run(later, 0..<place + 1, settings, folder)
      #expect(first.ledger.isEmpty && isNear(first.state.worth, before.worth))
      try first.state.save(to: "\(folder)/state", settings)
      settings.holdings = nil
      settings.cash = 1e8
      let state = try #require(try AccountState.read("\(folder)/state", settings))
      expectSame(
        try run(later, place + 1..<40, settings, folder, from: state).ledger, wanted, seed)
    }
  }

  @Test("the cost of a holding is the mean of what was paid, and stays when some is sold")
  func cost() throws {
    var account = Account(cash: 1000)
    let code = try InstrumentCode("A")
    func order(_ direction: Order.Direction, _ amount: Double, at price: Double) -> Order {
      var order = Order(direction, code, amount)
      (order.dealAmount, order.price, order.value) = (amount, price, amount * price)
      return order
    }
    account.book(order(.buy, 10, at: 2))
    account.book(order(.buy, 30, at: 4))
    #expect(account.holdings[0].cost == 3.5)
    account.book(order(.sell, 20, at: 9))
    #expect(account.holdings[0].cost == 3.5 && account.holdings[0].amount == 20)
  }

  @Test("fills that cannot have been are refused, with their line")
  func refusals() throws {
    var bars = SmallBars()
    for day in 0..<3 {
      bars.add([
        "A": SmallBars.Bar(close: 20, factor: 2), "B": SmallBars.Bar(close: day == 1 ? .nan : 5),
      ])
    }
    var settings = Backtest.Settings()
    (settings.strategy.topk, settings.strategy.nDrop, settings.cash) = (1, 0, 1e5)
    let head = "instrument,side,shares,price\n"
    try withFolder { folder in
      func trade(_ text: String) throws -> [LedgerDay] {
        put(text, "\(folder)/fills")
        let fills = try Fills(reading: "\(folder)/fills")
        return try bars.trade(settings, scores: ["A": 1, "B": 0], in: folder, fills: fills).ledger
      }
      let dated = "date," + head
      let good = try trade(
        dated + "2016-07-19,A,BUY,1000,9.9\n20160720,a,Sell,400,10.5\n2016/7/20,B,buy,10,5\n")
      #expect(good.count == 2)
      let after = try #require(good.last?.account)
      #expect(after.holdings.map(\.amount) == [300, 10])
      // 9,900 + 5 were paid, 4,200 - 6.3 came back, and 50 + 5 were paid.
      #expect(abs(after.cash - (1e5 - 9905 + 4193.7 - 55)) < 1e-9)
      // A sale that leaves less than a share, or is of less than half a one too many, is one of all.
      for shares in [1000.4, 1000, 999.1] {
        let rest = try trade(
          dated + "2016-07-19,A,buy,1000,9.9\n2016-07-20,A,sell,\(shares),10.5\n")
        #expect(rest.last?.account.holdings.isEmpty == true, "\(shares)")
      }
      let one = try trade(dated + "2016-07-19,A,buy,1000,9.9\n2016-07-20,A,sell,999,10.5\n")
      #expect(one.last?.account.holdings.map(\.amount) == [0.5])
      // Parts of an order pay its least cost once; with fees of their own they stay as they are.
      let parts = try trade(
        dated + "2016-07-19,A,buy,100,9\n2016-07-19,A,buy,300,9.5\n2016-07-20,A,sell,50,10.5\n")
      #expect(parts[0].cost == 5 && parts[0].orders.count == 1)
      #expect(abs(parts[0].account.cash - (1e5 - 900 - 2850 - 5)) < 1e-9)
      #expect(parts[0].account.holdings.map(\.cost) == [9.375 * 2])
      let fees = try trade("date,fee," + head + "2016-07-19,1,A,buy,1,9\n2016-07-19,2,A,buy,1,9\n")
      #expect(fees[0].cost == 3 && fees[0].orders.count == 2)
      for (text, rule) in [
        (
          dated + "2016-07-19,A,buy,100,9.9\n2016-07-20,A,sell,101,10\n",
          ":3: 101 shares of A are sold, 100.00 were held"
        ),
        (dated + "2016-07-19,C,buy,100,9.9\n", ":2: C has no close on 2016-07-19"),
        (dated + "2016-07-19,B,buy,100,5\n", ":2: B has no close on 2016-07-19"),
        (
          dated + "2016-07-19,A,buy,100,20.1\n",
          ":2: price of A is 20.1, its close on 2016-07-19 10.00"
        ),
        (dated + "2016-07-19,A,buy,100,4.9\n", ":2: price of A is 4.9"),
        (
          dated + "2016-07-18,A,buy,100,10\n",
          ":2: 2016-07-18 is none of the days that are traded, 2016-07-19 to 2016-07-20"
        ),
        (dated + "2016-07-18,A,buy,100,10\n,A,buy,100,10\n", ":3: all rows have a date, or none"),
        (head + "A,buy,100,10\n", "fills have no date, but both 2016-07-19 and 2016-07-20"),
        (head + "A,hold,100,10\n", ":2: side must be buy or sell: 'hold'"),
        (head + "A,buy,0,10\n", ":2: shares and price must be above 0"),
        (head + "A,buy,ten,10\n", ":2: shares must be a number: 'ten'"),
        (head + "A,buy,,10\n", ":2: shares is missing"),
        (
          "instrument,side,shares\n",
          ":1: header must have instrument, side, shares, price: no 'price'"
        ),
      ] {
        let error = #expect(throws: Failure.self, "\(text)") { try trade(text) }
        #expect(error?.description.contains(rule) == true, "\(String(describing: error))")
        #expect(error?.status == .badData)
      }
      // Nothing dealt, on either day.
      #expect(try trade(head).allSatisfy { $0.orders.isEmpty })
    }
  }

  @Test("a fill is believed from half the close to twice that; a debt is told from one on")
  func fillBounds() throws {
    var bars = SmallBars()
    for _ in 0..<2 { bars.add(["A": SmallBars.Bar(close: 20, factor: 2)]) }
    var settings = Backtest.Settings()
    (settings.strategy.topk, settings.strategy.nDrop, settings.cash) = (1, 0, 1e4)
    try withFolder { (folder: String) throws in
      func trade(_ shares: Int, _ price: String, fee: String) throws -> [String] {
        put(
          "instrument,side,shares,price,fee\nA,buy,\(shares),\(price),\(fee)\n", "\(folder)/fills")
        let fills = try Fills(reading: "\(folder)/fills")
        return try bars.trade(settings, scores: ["A": 1], in: folder, fills: fills).notes
          .filter { $0.contains("in cash") }
      }
      #expect(try trade(1, "5", fee: "0").isEmpty)
      #expect(try trade(1, "20", fee: "0").isEmpty)
      for (price, fee) in [("4.99", "0"), ("20.01", "0"), ("10", "-0.01")] {
        #expect(throws: Failure.self) { try trade(1, price, fee: fee) }
      }
      #expect(try trade(1000, "10", fee: "1").isEmpty)
      #expect(
        try trade(1000, "10", fee: "1.01").map { $0.contains("with -1.01 in cash") } == [true])
    }
  }

  @Test("holdings without a price, twice, or without scores to open the account by, are refused")
  func badHoldings() throws {
    let market = try RandomMarket(seed: 3)
    try withFolder { folder in
      for (text, rule) in [
        ("instrument,shares\nA,1\na,2\n", ":3: second row of A"),
        ("instrument,shares\nA,-1\n", ":2: shares must be 0 or more: '-1'"),
        ("instrument,shares\nA,--\n", ":2: shares is missing: '--'"),
        ("instrument,shares\nA B,1\n", ":2: instrument must be"),
        ("instrument,amount\nA,1\n", ":1: header must have instrument, shares: no 'shares'"),
      ] {
        put(text, "\(folder)/holdings")
        let error = #expect(throws: Failure.self) {
          try RealHoldings(reading: "\(folder)/holdings")
        }
        #expect(error?.description.contains(rule) == true, "\(String(describing: error))")
      }
      var settings = try settings(seed: 3)
      put("instrument,shares\nX,100\n100.S,1\nY,0\n", "\(folder)/holdings")
      settings.holdings = try RealHoldings(reading: "\(folder)/holdings")
      let error = #expect(throws: Failure.self) { try run(market, 0..<40, settings, folder) }
      let rule = "/holdings: 2 of 2 holdings have no close in the bars up to 2013-"
      #expect(error?.description.contains(rule) == true)
      #expect(
        error?.description.hasSuffix(" to be worth: 100.S, X here, S100 there") == true,
        "\(String(describing: error))")
      var silent = market
      silent.keep(scores: [])
      let none = #expect(throws: DayError.self) { try run(silent, 0..<9, settings, folder) }
      #expect(none?.description.hasPrefix("no scores of the last day of --bars") == true)
    }
  }

  @Test("a real account without --fills, and one that is overdrawn, are told")
  func notes() throws {
    var bars = SmallBars()
    for _ in 0..<3 { bars.add(["A": SmallBars.Bar(close: 10), "B": SmallBars.Bar(close: 5)]) }
    var settings = Backtest.Settings()
    (settings.strategy.topk, settings.strategy.nDrop, settings.cash) = (1, 1, 1e4)
    settings.benchmark = nil
    try withFolder { folder in
      func notes(_ fills: String? = nil) throws -> [String] {
        if let fills { put("date,instrument,side,shares,price\n" + fills, "\(folder)/fills") }
        let dealt = try fills.map { _ in try Fills(reading: "\(folder)/fills") }
        return try bars.trade(settings, scores: ["A": 1, "B": 0], in: folder, fills: dealt).notes
          .filter { $0.contains("fills") }
      }
      #expect(try notes().isEmpty)
      put("instrument,shares\nB,100\n", "\(folder)/holdings")
      settings.holdings = try RealHoldings(reading: "\(folder)/holdings")
      #expect(
        try notes() == [
          "no --fills: the orders of 1 days, the first 2016-07-19, are booked in the real account as if "
            + "they were dealt at the prices of the bars"
        ])
      #expect(try notes("2016-07-19,A,buy,999,10\n").isEmpty)
      #expect(
        try notes("2016-07-19,A,buy,1000,10\n2016-07-20,B,buy,100,5\n") == [
          "the fills of 2016-07-19 leave the account with -5.00 in cash: more was bought than there was "
            + "money for"
        ])
    }
  }
}
