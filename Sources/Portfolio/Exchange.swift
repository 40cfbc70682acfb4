/// The exchange on one trading day.
///
/// Source: qlib's `Exchange`; prices are 32-bit floats, and everything after them is double.
struct Exchange {
  let rules: ExchangeRules
  let quotes: QuoteDay
  /// Whether amounts are rounded to lots: not where any close has no factor.
  let hasLots: Bool

  /// Whether a row of the quotes can be traded; nil asks for both directions at once.
  ///
  /// A price of `limit_up` or `limit_down` in the bars comes before a limit of the instrument's own, and
  /// that before the exchange's, which are of the change.
  func canTrade(_ row: Int?, _ direction: Order.Direction? = nil) -> Bool {
    guard let row, !quotes.closes[row].isNaN, quotes.isTradable(row) else { return false }
    let own = rules.limits?.limit(quotes.codes[row], quotes.day)
    let limit = (own ?? rules.limit).map { Float($0) } ?? .infinity
    let (change, close) = (quotes.changes[row], quotes.closes[row])
    let isUp = quotes.limitUp(row).map { close >= $0 } ?? (change >= limit)
    let isDown = quotes.limitDown(row).map { close <= $0 } ?? (change <= -limit)
    switch direction {
    case .buy: return !isUp
    case .sell: return !isDown
    case nil: return !isUp && !isDown
    }
  }

  /// The price of a trade: the close where there is no other.
  func price(_ row: Int) -> Double {
    let price = Double(quotes.prices[row])
    return price.isNaN || price <= 1e-8 ? Double(quotes.closes[row]) : price
  }

  func factor(_ row: Int) -> Double { Double(quotes.factors[row]) }

  /// An amount of adjusted shares, down to whole lots of real ones.
  ///
  /// 0.1 is added so that a lot is not lost to rounding.
  func roundLot(_ amount: Double, factor: Double) -> Double {
    guard hasLots, rules.tradeUnit > 0, !factor.isNaN else { return amount }
    return floorDivide(amount * factor + 0.1, rules.tradeUnit) * rules.tradeUnit / factor
  }

  /// What comes of an order for that account; nothing is booked yet.
  func deal(_ order: Order, _ row: Int, _ account: Account) -> Order {
    var order = order
    let price = price(row)
    order.price = price
    order.factor = factor(row)
    order.dealAmount = order.amount
    let rate: Double
    switch order.direction {
    case .sell:
      rate = rules.closeCost
      let held = account.amount(order.code)
      if !isClose(order.dealAmount, held) {
        order.dealAmount = roundLot(min(held, order.dealAmount), factor: order.factor)
      }
      let value = order.dealAmount * price
      if account.cash + value < max(value * rate, rules.minCost) { order.dealAmount = 0 }
    case .buy:
      rate = rules.openCost
      let cash = account.cash
      let value = order.amount * price
      let cost = max(value * rate, rules.minCost)
      if cash < cost {
        order.dealAmount = 0
      } else {
        let most = cash < value + cost ? affordable(cash, price) : .infinity
        order.dealAmount = roundLot(min(most, order.amount), factor: order.factor)
      }
    }
    order.value = order.dealAmount * price
    order.cost = order.value <= 1e-5 ? 0 : max(order.value * rate, rules.minCost)
    return order
  }

  /// The shares that cash buys, its cost included.
  private func affordable(_ cash: Double, _ price: Double) -> Double {
    guard cash >= rules.minCost else { return 0 }
    let rate = rules.openCost
    // Above this the share is more than the least cost; without a share it never is.
    return cash >= rules.minCost / rate + rules.minCost
      ? cash / (1 + rate) / price : (cash - rules.minCost) / price
  }
}

/// Python's `//` of floats: the remainder is exact, so the quotient is not off by one.
func floorDivide(_ one: Double, _ other: Double) -> Double {
  let remainder = one.truncatingRemainder(dividingBy: other)
  var quotient = (one - remainder) / other
  if remainder != 0, (other < 0) != (remainder < 0) { quotient -= 1 }
  let floor = quotient.rounded(.down)
  return quotient - floor > 0.5 ? floor + 1 : floor
}
