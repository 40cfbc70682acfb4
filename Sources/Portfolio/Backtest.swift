import Days
import Streams

/// Trades scores day by day, in step with the bars.
///
/// The scores of a day are traded on the trading day after it, of which the bars are the calendar.
/// Memory holds one day of each.
public final class Backtest {
  /// What is traded, how, and where.
  public struct Settings: Sendable {
    /// Which instruments to hold.
    public var strategy = TopkDropout()
    /// The exchange.
    public var rules = ExchangeRules()
    /// The money to begin with.
    public var cash = 1e8
    /// The instrument to compare with; nil for none.
    public var benchmark: InstrumentCode?
    /// The days to trade on: by default from the day after the first scores to that after the last.
    public var span = DaySpan.all

    /// qlib's settings, without benchmark.
    public init() {}
  }

  private let settings: Settings
  private let quotes: DayStream<QuoteDay>
  private let lacksFactor: ((Day) throws -> Bool)?
  private let body: (LedgerDay) throws -> Void
  private var account: Account
  private var worth: Double
  private var hasLots: Bool?
  private var pending: ScoreDay?
  private var previous: (quotes: QuoteDay, benchmark: Float)?
  private var hasTraded = false
  /// Days without scores before the first that has some: none is told if none ever has.
  private var early: [LedgerDay] = []
  private var isOver = false

  /// A backtest that gives each day to `body`.
  ///
  /// `lacksFactor` is asked once, on the first day: whether from then on any close has no factor, so
  /// that there are no lots. Without it such a close is an error.
  public init(
    _ settings: Settings, _ quotes: DayStream<QuoteDay>, lacksFactor: ((Day) throws -> Bool)?,
    _ body: @escaping (LedgerDay) throws -> Void
  ) {
    self.settings = settings
    self.quotes = quotes
    self.lacksFactor = lacksFactor
    self.body = body
    account = Account(cash: settings.cash)
    worth = settings.cash
  }

  /// Takes in the scores of a day, and trades all days up to it.
  public func push(_ scores: ScoreDay) throws {
    while !isOver, let next = try quotes.peek(), next.day <= scores.day { try step() }
    pending = scores
  }

  /// Trades what is left: the day after the last scores, and on to the last day that was asked for.
  ///
  /// It is an error that no day was traded, unless the next one is only to be planned.
  public func finish(mayPlanOnly: Bool = false) throws {
    guard pending != nil else { return }
    repeat {
      guard !isOver, try quotes.peek() != nil else { break }
      try step()
    } while settings.span.last != nil
    guard hasTraded || mayPlanOnly else {
      throw DayError.rule(
        "no day of scores is a trading day that another one of --bars, --from and --to follows")
    }
  }

  /// What the scores of the last day of the bars ask for on the next day.
  ///
  /// Amounts are those of its closes, and no limit stops a trade, as tomorrow's changes are not known.
  /// Throws where the last day has no scores. For after `finish`.
  public func plan() throws -> OrderPlan {
    guard let last = previous?.quotes, let pending, pending.day == last.day else {
      throw DayError.rule(
        "nothing to plan from: the last day of scores is \(pending.map { "\($0.day)" } ?? "missing"), "
          + "that of --bars \(previous.map { "\($0.quotes.day)" } ?? "missing")")
    }
    var rules = settings.rules
    rules.limit = nil
    let hasLots = try self.hasLots ?? hasLots(from: last.day)
    let exchange = Exchange(rules: rules, quotes: last.atCloses, hasLots: hasLots)
    var after = account
    return OrderPlan(day: last.day, orders: settings.strategy.trade(pending, exchange, &after))
  }

  private func hasLots(from day: Day) throws -> Bool {
    try settings.rules.tradeUnit > 0 && !(lacksFactor?(day) ?? false)
  }

  /// Goes through the next trading day.
  private func step() throws {
    guard let today = try quotes.next() else { return }
    if settings.span.isBefore(today.day) {
      isOver = true
      return
    }
    let scores = pending.flatMap { $0.day == previous?.quotes.day ? $0 : nil }
    let benchmark = settings.benchmark.map { today.close($0) } ?? .nan
    defer { previous = (today, benchmark) }
    guard settings.span.first.map({ today.day >= $0 }) ?? (scores != nil || hasTraded) else {
      return
    }
    if hasLots == nil {
      if let code = settings.benchmark, today.row(code) == nil {
        throw Failure.badData(
          quotes.name, "no row of the benchmark \(code) on \(today.day) (see --benchmark)")
      }
      hasLots = try hasLots(from: today.day)
    }
    if hasLots == true, lacksFactor == nil { try requireFactors(today) }
    let exchange = Exchange(rules: settings.rules, quotes: today, hasLots: hasLots ?? false)
    try trade(scores, exchange, change: benchmark / (previous?.benchmark ?? .nan) - 1)
  }

  private func requireFactors(_ today: QuoteDay) throws {
    for row in today.codes.indices where !today.closes[row].isNaN && today.factors[row].isNaN {
      throw Failure.badData(
        quotes.name,
        "\(today.codes[row]) has a close but no factor on \(today.day): then there are no lots on any "
          + "day, which a pipe tells too late; give a file, or --trade-unit 0")
    }
  }

  private func trade(_ scores: ScoreDay?, _ exchange: Exchange, change: Float) throws {
    let (cost, turnover, before) = (account.totalCost, account.totalTurnover, worth)
    var orders: [Order] = []
    // Without any score there is nothing to go by.
    if let scores, scores.scores.contains(where: { !$0.isNaN }) {
      orders = settings.strategy.trade(scores, exchange, &account)
    }
    if scores != nil { hasTraded = true }
    account.endDay(exchange.quotes)
    worth = account.value + account.cash
    let day = LedgerDay(
      day: exchange.quotes.day, account: account, worth: worth, before: before,
      cost: account.totalCost - cost, turnover: account.totalTurnover - turnover,
      benchmark: change.isNaN && settings.benchmark != nil ? 0 : Double(change), orders: orders)
    early.append(day)
    guard hasTraded else { return }
    for day in early { try body(day) }
    early.removeAll(keepingCapacity: true)
  }
}
