import Days

/// What becomes of a holding whose instrument is no longer traded.
///
/// qlib holds it for ever: it ranks last, cannot be sold, and takes one of the day's `nDrop` sales, so
/// that `nDrop` of them end all trading.
public enum Delisting: String, Sendable, CaseIterable {
  /// It is sold at its last price.
  case lastPrice = "last-price"
  /// It is written off.
  case zero
}

extension Account {
  /// Ends holdings that had no close for so many days, today among them; returns their sales.
  mutating func end(
    _ delisting: Delisting, after days: Int, _ exchange: Exchange
  ) -> [Order] {
    let ended = holdings.filter {
      $0.missedDays + 1 >= days && exchange.quotes.close($0.code).isNaN
    }
    return ended.map { holding in
      var order = Order(.sell, holding.code, holding.amount)
      order.dealAmount = holding.amount
      order.price = delisting == .lastPrice ? holding.price : 0
      order.value = order.dealAmount * order.price
      let cost = max(order.value * exchange.rules.closeCost, exchange.rules.minCost)
      // Nothing is paid to be rid of a share.
      order.cost = min(cost, order.value)
      remove(order)
      return order
    }
  }
}
