import Bars
import Days

@testable import Bars
@testable import Days
@testable import Portfolio

/// The backtest as qlib has it, step by step, on dictionaries and copies: slow, and its own proof.
///
/// Names and order of the steps are those of `TopkDropoutStrategy`, `Exchange`, `Position` and `Account`.
struct LiteralBacktest {
  typealias Code = InstrumentCode
  struct Position {
    var cash: Double
    var stocks: [Code: (amount: Double, price: Double, count: Int, missed: Int)] = [:]
  }
  struct Result: Equatable {
    var day: Day
    var account, value, cash, totalCost, totalTurnover, `return`, turnover, cost, bench: Double
    var orders: [Order]
    var holdings: [Holding]
  }

  let settings: Backtest.Settings
  let market: RandomMarket
  let roundsLots: Bool
  var position: Position
  var (totalCost, totalTurnover) = (0.0, 0.0)
  var quotes: [Code: Bar] = [:]

  init(_ settings: Backtest.Settings, _ market: RandomMarket, from: Day) {
    self.settings = settings
    self.market = market
    position = Position(cash: settings.cash)
    let frame = market.days.filter { $0.day >= from }.flatMap { $0.rows.values }
    roundsLots = !frame.contains { !$0.close.isNaN && $0.factor.isNaN }
  }

  // MARK: Exchange

  func isSuspended(_ code: Code) -> Bool { quotes[code].map { $0.close.isNaN } ?? true }

  func isTradable(_ code: Code, _ direction: Order.Direction?) -> Bool {
    if isSuspended(code) { return false }
    guard let limit = settings.rules.limit, let change = quotes[code]?.change else { return true }
    let limitBuy = change >= Float(limit)
    let limitSell = change <= Float(-limit)
    if direction == .buy { return !limitBuy }
    if direction == .sell { return !limitSell }
    return !(limitBuy || limitSell)
  }

  func dealPrice(_ code: Code) -> Double {
    guard let bar = quotes[code] else { return .nan }
    let price = settings.rules.dealPrice == .close ? bar.close : bar.open
    if price.isNaN || price <= 1e-8 { return Double(bar.close) }
    return Double(price)
  }

  func factor(_ code: Code) -> Double { Double(quotes[code]?.factor ?? .nan) }

  func roundAmount(_ amount: Double, _ factor: Double) -> Double {
    let unit = settings.rules.tradeUnit
    guard roundsLots, unit > 0 else { return amount }
    return ((amount * factor + 0.1) / unit).rounded(.down) * unit / factor
  }

  func dealOrder(_ order: Order, _ position: inout Position, books: Bool) -> Order {
    var order = order
    let price = dealPrice(order.code)
    order.price = price
    order.factor = factor(order.code)
    order.dealAmount = order.amount
    let ratio: Double
    if order.direction == .sell {
      ratio = settings.rules.closeCost
      let current = position.stocks[order.code]?.amount ?? 0
      if abs(order.dealAmount - current) > 1e-8 + 1e-5 * abs(current) {
        order.dealAmount = roundAmount(min(current, order.dealAmount), order.factor)
      }
      if position.cash + order.dealAmount * price
        < max(order.dealAmount * price * ratio, settings.rules.minCost)
      {
        order.dealAmount = 0
      }
    } else {
      ratio = settings.rules.openCost
      let value = order.dealAmount * price
      if position.cash < max(value * ratio, settings.rules.minCost) {
        order.dealAmount = 0
      } else if position.cash < value + max(value * ratio, settings.rules.minCost) {
        var most = 0.0
        if position.cash >= settings.rules.minCost {
          // Python would not divide by a ratio of 0; the least cost is then all there is.
          let critical =
            ratio == 0
            ? .infinity : settings.rules.minCost / ratio + settings.rules.minCost
          most =
            position.cash >= critical
            ? position.cash / (1 + ratio) / price
            : (position.cash - settings.rules.minCost) / price
        }
        order.dealAmount = roundAmount(min(most, order.dealAmount), order.factor)
      } else {
        order.dealAmount = roundAmount(order.dealAmount, order.factor)
      }
    }
    order.value = order.dealAmount * price
    order.cost = max(order.value * ratio, settings.rules.minCost)
    if order.value <= 1e-5 { order.cost = 0 }
    if books, order.value > 1e-5 { update(&position, order) }
    return order
  }

  func update(_ position: inout Position, _ order: Order) {
    let amount = order.value / order.price
    if order.direction == .buy {
      if let held = position.stocks[order.code] {
        position.stocks[order.code] = (held.amount + amount, held.price, held.count, held.missed)
      } else {
        position.stocks[order.code] = (amount, order.price, 0, 0)
      }
      position.cash -= order.value + order.cost
    } else {
      guard let held = position.stocks[order.code] else { return }
      if abs(held.amount - amount) <= 1e-8 + 1e-5 * abs(amount) {
        position.stocks[order.code] = nil
      } else {
        position.stocks[order.code] = (held.amount - amount, held.price, held.count, held.missed)
      }
      position.cash += order.value - order.cost
    }
  }

  // MARK: TopkDropoutStrategy

  func decide(_ scores: ScoreDay) -> [Order] {
    let strategy = settings.strategy
    let pairs = zip(scores.codes, scores.scores).filter { !$1.isNaN }
    let score = Dictionary(uniqueKeysWithValues: pairs.map { ($0, $1) })
    func sorted(_ codes: [Code]) -> [Code] {
      let scored = codes.filter { score[$0] != nil }.sorted {
        let (one, other) = (score[$0] ?? 0, score[$1] ?? 0)
        return one == other ? $0 < $1 : one > other
      }
      return scored + codes.filter { score[$0] == nil }.sorted()
    }
    func tradable(_ codes: [Code]) -> [Code] {
      strategy.onlyTradable ? codes.filter { isTradable($0, nil) } : codes
    }
    var current = position
    let held = position.stocks.keys.sorted()
    let last = sorted(held)
    let candidates = sorted(score.keys.filter { position.stocks[$0] == nil })
    let today = Array(
      tradable(candidates).prefix(max(0, strategy.nDrop + strategy.topk - last.count)))
    let comb = sorted(last + today)
    let sell = last.filter(tradable(comb).suffix(strategy.nDrop).contains)
    let buy = today.prefix(max(0, sell.count + strategy.topk - last.count))
    var orders: [Order] = []
    var cash = current.cash
    let forbids = strategy.forbidsAllTradeAtLimit
    for code in held {
      guard isTradable(code, forbids ? nil : .sell) else { continue }
      if sell.contains(code) {
        guard let stock = current.stocks[code], stock.count >= strategy.holdThreshold else {
          continue
        }
        let order = Order(.sell, code, stock.amount)
        orders.append(order)
        let dealt = dealOrder(order, &current, books: true)
        cash += dealt.value - dealt.cost
      }
    }
    let value = buy.isEmpty ? 0 : cash * strategy.riskDegree / Double(buy.count)
    for code in buy {
      guard isTradable(code, forbids ? nil : .buy) else { continue }
      orders.append(
        Order(.buy, code, roundAmount(value / dealPrice(code), factor(code))))
    }
    return orders
  }

  // MARK: Executor and Account

  /// The close that a day's return of the benchmark is from.
  func benchmarkBefore(_ code: Code, _ place: Int) -> Float? {
    let before = market.days[..<place].map { $0.rows[code]?.close ?? .nan }
    return settings.benchmarkGap == .zero ? before.last : before.last { !$0.isNaN }
  }

  /// Sells or writes off what had no close for long, which qlib does not.
  mutating func endDelisted() -> [Order] {
    guard let delisting = settings.delisting else { return [] }
    var orders: [Order] = []
    for (code, stock) in position.stocks.sorted(by: { $0.key < $1.key }) {
      guard isSuspended(code), stock.missed + 1 >= settings.delistedAfter else { continue }
      var order = Order(.sell, code, stock.amount)
      order.dealAmount = stock.amount
      order.price = delisting == .zero ? 0 : stock.price
      order.value = stock.amount * order.price
      order.cost = max(order.value * settings.rules.closeCost, settings.rules.minCost)
      order.cost = min(order.cost, order.value)
      position.stocks[code] = nil
      position.cash += order.value - order.cost
      totalTurnover += order.value
      totalCost += order.cost
      orders.append(order)
    }
    return orders
  }

  mutating func run() -> [Result] {
    var results: [Result] = []
    var before = settings.cash
    for (place, (day, rows)) in market.days.enumerated() {
      let eve = place > 0 ? market.days[place - 1] : nil
      let scores = market.scores.first { $0.day == eve?.day }
      // As without --from and --to: from the day after the first scores to that after the last.
      if results.isEmpty, scores == nil { continue }
      if let last = market.scores.last, let eve, eve.day > last.day { break }
      quotes = rows
      var orders: [Order] = []
      let (costBefore, turnoverBefore) = (totalCost, totalTurnover)
      orders += endDelisted()
      if let scores, scores.scores.contains(where: { !$0.isNaN }) {
        for order in decide(scores) {
          let dealt = dealOrder(order, &position, books: true)
          if dealt.value > 1e-5 {
            totalTurnover += dealt.value
            totalCost += dealt.cost
          }
          orders.append(dealt)
        }
      }
      for code in position.stocks.keys {
        position.stocks[code]?.missed += 1
        if !isSuspended(code) {
          position.stocks[code]?.price = Double(quotes[code]?.close ?? .nan)
          position.stocks[code]?.missed = 0
        }
        position.stocks[code]?.count += 1
      }
      let holdings = position.stocks.sorted { $0.key < $1.key }.map {
        Holding(
          code: $0.key, amount: $0.value.amount, price: $0.value.price, dayCount: $0.value.count,
          missedDays: $0.value.missed)
      }
      let value = holdings.reduce(0) { $0 + $1.amount * $1.price }
      let account = value + position.cash
      let cost = totalCost - costBefore
      var bench = 0.0
      if let code = settings.benchmark, let now = rows[code]?.close,
        let then = benchmarkBefore(code, place), !now.isNaN, !then.isNaN
      {
        bench = Double(now / then - 1)
      }
      results.append(
        Result(
          day: day, account: account, value: value, cash: position.cash, totalCost: totalCost,
          totalTurnover: totalTurnover, return: (account - before + cost) / before,
          turnover: (totalTurnover - turnoverBefore) / before, cost: cost / before, bench: bench,
          orders: orders, holdings: holdings))
      before = account
    }
    return results
  }
}
