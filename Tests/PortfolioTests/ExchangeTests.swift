import Bars
import Days
import Streams
import Testing

@testable import Bars
@testable import Days
@testable import Portfolio

/// Single trades, also such as TopkDropout does not make.
@Suite struct ExchangeTests {
  private func exchange(
    _ rules: ExchangeRules, close: Float, factor: Float, hasLots: Bool = true
  ) throws -> Exchange {
    var table = BarDay(Day(number: 16_000))
    table.append(
      try InstrumentCode("A"), Bar(SIMD8(close, close, close, close, 1, close, factor, 0)),
      isMember: true)
    let quotes = try #require(try QuoteDay(table.array))
    return Exchange(rules: rules, quotes: quotes, hasLots: hasLots)
  }

  @Test("part of a holding is sold in lots, all of it as it is")
  func sales() throws {
    let code = try InstrumentCode("A")
    let exchange = try exchange(ExchangeRules(), close: 10, factor: 2)
    var account = Account(cash: 1e6)
    account.book(exchange.deal(Order(.buy, code, 525), 0, account))
    // 525 adjusted shares are 1050 real ones: ten lots.
    #expect(account.amount(code) == 500 && account.cash == 1e6 - 5000 - 5)
    let part = exchange.deal(Order(.sell, code, 170), 0, account)
    #expect(part.dealAmount == 150 && part.value == 1500 && part.cost == 5)
    account.book(part)
    #expect(account.amount(code) == 350)
    #expect(exchange.deal(Order(.sell, code, 9999), 0, account).dealAmount == 350)
    let all = exchange.deal(Order(.sell, code, 350.000_1), 0, account)
    #expect(all.dealAmount == 350.000_1)
    account.book(all)
    #expect(account.holdings.isEmpty && account.totalTurnover > 9999)
  }

  @Test("a sale that does not pay for itself, and a purchase without money, are none")
  func shortOfCash() throws {
    let code = try InstrumentCode("A")
    let exchange = try exchange(ExchangeRules(.us), close: 1, factor: 1)
    var account = Account(cash: 8)
    account.book(exchange.deal(Order(.buy, code, 3), 0, account))
    #expect(account.cash == 0 && account.amount(code) == 3)
    let sale = exchange.deal(Order(.sell, code, 3), 0, account)
    #expect(sale.dealAmount == 0 && sale.cost == 0)
    let purchase = exchange.deal(Order(.buy, code, 3), 0, account)
    #expect(purchase.dealAmount == 0 && purchase.cost == 0)
    // 7 less the least cost buys 2.
    #expect(exchange.deal(Order(.buy, code, 3), 0, Account(cash: 7)).dealAmount == 2)
  }

  @Test("a purchase and a sale with just the cash that they take, and with a step less")
  func justEnoughCash() throws {
    let code = try InstrumentCode("A")
    var rules = ExchangeRules()
    rules.openCost = 0.0015
    let free = try exchange(rules, close: 10, factor: 1, hasLots: false)
    func bought(_ amount: Double, _ cash: Double) -> Double {
      free.deal(Order(.buy, code, amount), 0, Account(cash: cash)).dealAmount
    }
    // The cost alone is had, or is not: what is left above the least cost buys a part of a share.
    let cost = 4000 * 0.0015
    #expect(bought(400, cost) == (cost - 5) / 10)
    #expect(bought(400, cost.nextDown) == 0)
    // With value and cost all is bought, although to divide by 1 + rate loses the last bit.
    let amount = 10_003.0
    let whole = amount * 10 + amount * 10 * 0.0015
    #expect(whole / 1.0015 / 10 < amount)
    #expect(bought(amount, whole) == amount)
    #expect(bought(amount, whole.nextDown) == whole.nextDown / 1.0015 / 10)

    let market = try exchange(ExchangeRules(.us), close: 1, factor: 1)
    func sold(_ cash: Double) -> Double {
      // Four shares and the least cost are paid, and this cash is left.
      var account = Account(cash: 9 + cash)
      account.book(market.deal(Order(.buy, code, 4), 0, account))
      #expect(account.cash == cash)
      return market.deal(Order(.sell, code, 4), 0, account).dealAmount
    }
    #expect(sold(1) == 4)
    #expect(sold(1 - 0x1p-40) == 0)
  }

  @Test("what is worth no more than 0.00001 costs nothing")
  func worthless() throws {
    let code = try InstrumentCode("A")
    let market = try exchange(ExchangeRules(), close: 1, factor: 1, hasLots: false)
    for (amount, cost) in [(1e-5, 0), (1e-5.nextUp, 5), (0, 0)] as [(Double, Double)] {
      let order = market.deal(Order(.buy, code, amount), 0, Account(cash: 1000))
      #expect(order.dealAmount == amount && order.cost == cost)
    }
  }

  @Test("a lot that lacks a tenth of a share is a lot")
  func lots() throws {
    let market = try exchange(ExchangeRules(), close: 1, factor: 1)
    for (amount, lots) in [(99.9, 1), (99.89, 0), (100, 1), (199.89, 1), (199.9, 2)] {
      #expect(market.roundLot(amount, factor: 1) == Double(100 * lots), "\(amount)")
      #expect(market.roundLot(amount / 4, factor: 4) == Double(25 * lots), "\(amount)")
    }
    #expect(market.roundLot(99.89, factor: .nan) == 99.89)
    let loose = try exchange(ExchangeRules(), close: 1, factor: 1, hasLots: false)
    #expect(loose.roundLot(99.89, factor: 1) == 99.89)
  }
}
