import Days

/// Holds the `topk` best instruments, and exchanges at most `nDrop` of them a day.
///
/// Source: qlib's `TopkDropoutStrategy`, method_sell bottom, method_buy top. Equal scores are in order
/// of their codes, where qlib leaves them to its sort.
public struct TopkDropout: Sendable {
  /// How many instruments to hold.
  public var topk = 50
  /// How many to exchange a day.
  public var nDrop = 5
  /// Days that an instrument is held at least.
  public var holdThreshold = 1
  /// Whether what cannot be traded is left out of the ranking.
  public var onlyTradable = false
  /// Whether a limit stops both buying and selling, or just what it makes impossible.
  public var forbidsAllTradeAtLimit = true
  /// The share of the cash that is spent.
  public var riskDegree = 0.95

  /// The strategy with qlib's numbers.
  public init() {}

  /// What a day's trade came to.
  struct Trades {
    /// The orders in turn, sales first.
    var orders: [Order] = []
    /// How many holdings were to be sold.
    var salesWanted = 0
    /// Those of them that have no close today.
    var unsold: [Holding] = []
  }

  /// Trades a day by the scores of the day before, selling first.
  func trade(_ scores: ScoreDay, _ exchange: Exchange, _ account: inout Account) -> Trades {
    let (sell, buy) = choose(scores, exchange, account)
    var trades = Trades(salesWanted: sell.count)
    if sell.contains(where: { exchange.quotes.close($0).isNaN }) {
      trades.unsold = account.holdings.filter {
        sell.contains($0.code) && exchange.quotes.close($0.code).isNaN
      }
    }
    var cash = account.cash
    for code in sell {
      guard let row = exchange.quotes.row(code),
        exchange.canTrade(row, forbidsAllTradeAtLimit ? nil : .sell)
      else { continue }
      let order = exchange.deal(Order(.sell, code, account.amount(code)), row, account)
      cash += order.value - order.cost
      settle(order, &account, &trades.orders)
    }
    // What is bought is fixed before the first purchase.
    let value = cash * riskDegree / Double(buy.count)
    var wanted: [(order: Order, row: Int)] = []
    for code in buy {
      guard let row = exchange.quotes.row(code),
        exchange.canTrade(row, forbidsAllTradeAtLimit ? nil : .buy)
      else { continue }
      let amount = exchange.roundLot(
        value / exchange.price(row), factor: exchange.factor(row))
      wanted.append((Order(.buy, code, amount), row))
    }
    for (order, row) in wanted {
      settle(exchange.deal(order, row, account), &account, &trades.orders)
    }
    return trades
  }

  private func settle(_ order: Order, _ account: inout Account, _ orders: inout [Order]) {
    if order.value > 1e-5 { account.book(order) }
    orders.append(order)
  }

  /// What to sell, in order of the codes, and what to buy, the best first; neither need succeed.
  private func choose(
    _ scores: ScoreDay, _ exchange: Exchange, _ account: Account
  ) -> (sell: [InstrumentCode], buy: [InstrumentCode]) {
    var isHeld = [Bool](repeating: false, count: scores.codes.count)
    var ranked: [(score: Double, code: InstrumentCode, holding: Int?)] = []
    for (place, holding) in account.holdings.enumerated() {
      let row = scores.row(holding.code)
      if let row { isHeld[row] = true }
      ranked.append((row.map { scores.scores[$0] } ?? .nan, holding.code, place))
    }
    let today = best(nDrop + topk - account.holdings.count, scores, isHeld, exchange)
    for row in today { ranked.append((scores.scores[row], scores.codes[row], nil)) }
    // No score is the least of all.
    ranked.sort { one, other in
      if one.score == other.score || (one.score.isNaN && other.score.isNaN) {
        return one.code < other.code
      }
      return one.score > other.score || other.score.isNaN
    }
    var isLeast = [Bool](repeating: false, count: account.holdings.count)
    var sold = 0
    var left = nDrop
    for candidate in ranked.reversed() where left > 0 {
      if onlyTradable, !exchange.canTrade(exchange.quotes.row(candidate.code)) { continue }
      left -= 1
      guard let place = candidate.holding else { continue }
      isLeast[place] = true
      sold += 1
    }
    let buy = today.prefix(max(0, sold + topk - account.holdings.count))
    let sell = account.holdings.indices.filter {
      isLeast[$0] && account.holdings[$0].dayCount >= holdThreshold
    }
    return (sell.map { account.holdings[$0].code }, buy.map { scores.codes[$0] })
  }

  /// The rows of the best `count` that are not held, the best first.
  private func best(
    _ count: Int, _ scores: ScoreDay, _ isHeld: [Bool], _ exchange: Exchange
  ) -> [Int] {
    var best: [Int] = []
    guard count > 0 else { return [] }
    for (row, score) in scores.scores.enumerated() where !isHeld[row] && !score.isNaN {
      if best.count == count, score <= scores.scores[best[count - 1]] { continue }
      if onlyTradable, !exchange.canTrade(exchange.quotes.row(scores.codes[row])) { continue }
      var place = best.count
      while place > 0, scores.scores[best[place - 1]] < score { place -= 1 }
      best.insert(row, at: place)
      if best.count > count { best.removeLast() }
    }
    return best
  }
}
