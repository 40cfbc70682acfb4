/// What an exchange asks of those who trade on it.
public struct ExchangeRules: Sendable {
  /// A change of the price by this share and more stops trade; nil where nothing does.
  public var limit: Double?
  /// Limits of some instruments, for a while, which come before that.
  public var limits: InstrumentLimits?
  /// The share of its value that a purchase costs.
  public var openCost = 0.0005
  /// The share of its value that a sale costs.
  public var closeCost = 0.0015
  /// The least that a trade costs.
  public var minCost = 5.0
  /// Shares are bought in lots of so many real ones; 0 where there are no lots.
  public var tradeUnit: Double
  /// The price of a trade.
  public var dealPrice = DealPrice.close

  /// The rules of a region.
  public init(_ region: Region = .cn) {
    limit = region == .cn ? 0.095 : nil
    tradeUnit = region == .cn ? 100 : 1
  }
}

/// Which price of the day is paid.
public enum DealPrice: String, Sendable, CaseIterable {
  /// The last.
  case close
  /// The first; the last where there is none.
  case open
}

/// The regions whose rules are known.
public enum Region: String, Sendable, CaseIterable {
  /// China: lots of 100 shares, no trade beyond a change of 9.5 %.
  case cn
  /// United States: lots of 1, no limit.
  case us
}
