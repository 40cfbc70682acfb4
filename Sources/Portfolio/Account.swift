import Days
import Mechanics

/// Shares that an account holds of one instrument.
public struct Holding: Sendable, Equatable {
  /// The instrument.
  public let code: InstrumentCode
  /// Adjusted shares.
  public internal(set) var amount: Double
  /// What a share was last worth.
  public internal(set) var price: Double
  /// The days it has been held.
  public internal(set) var dayCount = 0
  /// The days since its last close.
  public internal(set) var missedDays = 0

  /// What a share was bought for, on average and without fees; nil where nobody knows.
  public internal(set) var cost: Double?

  /// What the shares are worth.
  public var value: Double { amount * price }
}

/// Cash and shares, and what was paid and turned over so far.
///
/// Source: qlib's `Account` and `Position`.
public struct Account: Sendable, Equatable {
  /// Money that is not in shares.
  public private(set) var cash: Double
  /// The shares, in order of the codes.
  public private(set) var holdings: [Holding] = []
  /// The costs of all trades.
  public private(set) var totalCost = 0.0
  /// The value of all trades.
  public private(set) var totalTurnover = 0.0

  /// An account that holds nothing but cash.
  public init(cash: Double) { self.cash = cash }

  /// An account that has traded before; what it holds comes by `hold`.
  init(cash: Double, totalCost: Double, totalTurnover: Double) {
    (self.cash, self.totalCost, self.totalTurnover) = (cash, totalCost, totalTurnover)
  }

  /// Puts shares into an account, in order of their codes.
  mutating func hold(_ holdings: [Holding]) { self.holdings = holdings }

  /// What the shares are worth.
  public var value: Double { holdings.reduce(0) { $0 + $1.value } }

  /// The place of a holding, or where it would be.
  func place(_ code: InstrumentCode) -> (place: Int, isHeld: Bool) {
    let place = holdings.firstPlace { $0.code < code }
    return (place, place < holdings.count && holdings[place].code == code)
  }

  /// The shares of an instrument.
  func amount(_ code: InstrumentCode) -> Double {
    let (place, isHeld) = place(code)
    return isHeld ? holdings[place].amount : 0
  }

  /// Books a trade of that value at that price.
  mutating func book(_ order: Order) {
    let amount = order.value / order.price
    let (place, isHeld) = place(order.code)
    totalTurnover += order.value
    totalCost += order.cost
    switch order.direction {
    case .buy:
      if isHeld {
        let held = holdings[place]
        holdings[place].cost = held.cost.map {
          ($0 * held.amount + order.value) / (held.amount + amount)
        }
        holdings[place].amount += amount
      } else {
        var holding = Holding(code: order.code, amount: amount, price: order.price)
        holding.cost = order.price
        holdings.insert(holding, at: place)
      }
      cash -= order.value + order.cost
    case .sell:
      if isHeld {
        if isClose(holdings[place].amount, amount) {
          holdings.remove(at: place)
        } else {
          holdings[place].amount -= amount
        }
      }
      cash += order.value - order.cost
    }
  }

  /// Books the sale of all shares of an instrument, be it for nothing.
  mutating func remove(_ order: Order) {
    let (place, isHeld) = place(order.code)
    guard isHeld else { return }
    holdings.remove(at: place)
    totalTurnover += order.value
    totalCost += order.cost
    cash += order.value - order.cost
  }

  /// Ends a day: what is not suspended is worth its close, and everything is held a day longer.
  mutating func endDay(_ quotes: QuoteDay) {
    for place in holdings.indices {
      let close = quotes.close(holdings[place].code)
      if close.isNaN {
        holdings[place].missedDays += 1
      } else {
        (holdings[place].price, holdings[place].missedDays) = (Double(close), 0)
      }
      holdings[place].dayCount += 1
    }
  }
}

/// NumPy's `isclose(one, other)`.
func isClose(_ one: Double, _ other: Double) -> Bool {
  abs(one - other) <= 1e-8 + 1e-5 * abs(other)
}
