import Days

extension Backtest {
  /// What is traded, how, and where.
  public struct Settings: Sendable {
    /// Which instruments to hold.
    public var strategy = TopkDropout()
    /// The exchange.
    public var rules = ExchangeRules()
    /// The money to begin with.
    public var cash = 1e8
    /// What a real account holds besides the money; nil where an account begins with money alone.
    public var holdings: RealHoldings?
    /// The instrument to compare with; nil for none.
    public var benchmark: InstrumentCode?
    /// What its return is where it has no close.
    public var benchmarkGap = BenchmarkGap.bridge
    /// What becomes of holdings that have no close any more; nil where they are held on, as in qlib.
    public var delisting: Delisting?
    /// Trading days without a close after which an instrument counts as delisted.
    public var delistedAfter = 20
    /// The days to trade on: by default from the day after the first scores to that after the last.
    public var span = DaySpan.all

    /// qlib's settings, without benchmark.
    public init() {}

    /// What stands for the money of an account that began with holdings.
    static let realAccount = "holdings"

    /// What rules an account, by the names of the options: it cannot be gone on with by other rules.
    var parameters: [(name: String, value: String)] {
      [
        ("topk", "\(strategy.topk)"), ("n-drop", "\(strategy.nDrop)"),
        ("hold-thresh", "\(strategy.holdThreshold)"),
        ("only-tradable", "\(strategy.onlyTradable)"),
        ("forbid-all-trade-at-limit", "\(strategy.forbidsAllTradeAtLimit)"),
        ("risk-degree", "\(strategy.riskDegree)"),
        ("account", holdings == nil ? "\(cash)" : Self.realAccount),
        ("limit", rules.limit.map { "\($0)" } ?? "none"), ("deal-price", rules.dealPrice.rawValue),
        ("open-cost", "\(rules.openCost)"), ("close-cost", "\(rules.closeCost)"),
        ("min-cost", "\(rules.minCost)"), ("trade-unit", "\(rules.tradeUnit)"),
        ("benchmark", benchmark.map { "\($0)" } ?? "none"),
        ("benchmark-gap", benchmarkGap.rawValue),
        ("delisting", delisting?.rawValue ?? "none"), ("delisted-after", "\(delistedAfter)"),
      ]
    }
  }
}
