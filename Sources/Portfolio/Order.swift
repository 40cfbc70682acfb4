import Days

/// What is to be traded, and what came of it.
public struct Order: Sendable, Equatable {
  /// Buying or selling.
  public enum Direction: String, Sendable {
    /// Cash becomes shares.
    case buy = "BUY"
    /// Shares become cash.
    case sell = "SELL"
  }

  /// Buying or selling.
  public let direction: Direction
  /// The instrument.
  public let code: InstrumentCode
  /// Adjusted shares that are asked for.
  public let amount: Double
  /// Adjusted shares that were traded.
  public internal(set) var dealAmount = 0.0
  /// Adjusted price over real price.
  public internal(set) var factor = Double.nan
  /// The price of a share.
  public internal(set) var price = Double.nan
  /// Shares × price.
  public internal(set) var value = 0.0
  /// What the trade cost.
  public internal(set) var cost = 0.0

  init(_ direction: Direction, _ code: InstrumentCode, _ amount: Double) {
    self.direction = direction
    self.code = code
    self.amount = amount
  }
}

/// What is to be traded on the day after the last that is known.
public struct OrderPlan: Sendable {
  /// The last day that is known, whose scores and closes it is made of.
  public let day: Day
  /// The orders, sales first.
  public let orders: [Order]
}
