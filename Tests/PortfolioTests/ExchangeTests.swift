import Bars
import Days
import Streams
import Testing

@testable import Bars
@testable import Days
@testable import Portfolio

/// Single trades, also such as TopkDropout does not make.
@Suite struct ExchangeTests {
  private func exchange(_ rules: ExchangeRules, close: Float, factor: Float) throws -> Exchange {
    var table = BarDay(Day(number: 16_000))
    table.append(
      try InstrumentCode("A"), Bar(SIMD8(close, close, close, close, 1, close, factor, 0)),
      isMember: true)
    let quotes = try #require(try QuoteDay(table.array))
    return Exchange(rules: rules, quotes: quotes, hasLots: true)
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
}
