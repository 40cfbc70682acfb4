import ArgumentParser
import Portfolio

/// Options that say what an exchange asks.
struct ExchangeOptions: ParsableArguments {
  /// Where the defaults come from.
  @Option(help: "Rules of the exchange: cn, or us, without limit and in lots of 1.")
  var region = Region.cn

  /// The change that stops trade.
  @Option(
    help: ArgumentHelp("Change that stops trade (default: by region).", valueName: "share|none"))
  var limit: PriceLimit?

  /// Other limits, of instruments for a while.
  @Option(
    help: ArgumentHelp(
      "Limits of instruments: CSV with instrument, limit, and date, or from and to.",
      valueName: "file"), completion: .file())
  var limits: String?

  /// The price that is paid.
  @Option(help: "Price that is paid: close or open.")
  var dealPrice = DealPrice.close

  /// The share of its value that a purchase costs.
  @Option(help: ArgumentHelp("Cost of buying.", valueName: "share"))
  var openCost = 0.0005

  /// The share of its value that a sale costs.
  @Option(help: ArgumentHelp("Cost of selling.", valueName: "share"))
  var closeCost = 0.0015

  /// The least that a trade costs.
  @Option(help: ArgumentHelp("Least cost of a trade.", valueName: "money"))
  var minCost = 5.0

  /// The shares of a lot.
  @Option(
    help: ArgumentHelp("Shares of a lot, 0 for any (default: by region).", valueName: "shares"))
  var tradeUnit: Double?

  /// The options as they are where nobody says otherwise.
  init() {}

  /// Refuses numbers that make no sense.
  func validate() throws {
    for (name, value, most) in [
      ("open-cost", openCost, 1), ("close-cost", closeCost, 1), ("min-cost", minCost, 1e15),
      ("trade-unit", tradeUnit ?? 0, 1e9),
    ] where !(0...most).contains(value) {
      throw ValidationError("--\(name) must be in 0...\(most): \(value)")
    }
  }

  /// The rules: those of the region, and what was named instead.
  ///
  /// Throws where the file of limits is none.
  func rules() throws -> ExchangeRules {
    var rules = ExchangeRules(region)
    if let limit { rules.limit = limit.share }
    rules.limits = try limits.map { try InstrumentLimits(reading: $0) }
    if let tradeUnit { rules.tradeUnit = tradeUnit }
    rules.dealPrice = dealPrice
    rules.openCost = openCost
    rules.closeCost = closeCost
    rules.minCost = minCost
    return rules
  }
}

extension Region: ExpressibleByArgument {}
extension DealPrice: ExpressibleByArgument {}
extension BenchmarkGap: ExpressibleByArgument {}
extension Delisting: ExpressibleByArgument {}

extension PriceLimit: ExpressibleByArgument {
  /// Reads a number above 0, or `none`.
  public init?(argument: String) { self.init(text: argument) }
}
