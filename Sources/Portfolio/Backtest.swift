import Days
import Streams

/// Trades scores day by day, in step with the bars.
///
/// The scores of a day are traded on the trading day after it, of which the bars are the calendar.
/// Memory holds one day of each.
public final class Backtest {
  private let settings: Settings
  private let quotes: DayStream<QuoteDay>
  private let lots: Lots
  private let body: (LedgerDay) throws -> Void
  /// What is known at the end of the last day that was taken in.
  public private(set) var state: AccountState
  /// Whether that is kept for another run, so that all days of the bars are to be taken in.
  private let keepsState: Bool
  /// The last day that was taken in before, by another run.
  private let lastRun: Day?
  private var remembered: RememberedHoldings
  /// Real holdings, until the account is opened with them.
  private var opening: OpeningHoldings?
  private var fills: Fills?
  /// The last day of bars.
  private var previous: QuoteDay?
  private var isOver = false
  private var join: CodeJoin
  private var traps = TradingTraps()
  private var realNotes = RealAccountNotes()
  private var fillCheck = FillCheck()
  private var limitJoin: LimitJoin?
  private var missingFactor: MissingFactor?

  /// What amounts are rounded to lots by, of which qlib says: on no day, if any close has no factor.
  public enum Lots {
    /// All closes from the first day on, which a scan finds: as in qlib.
    case history((Day) throws -> MissingFactor?)
    /// The same where the bars can be read but once: then such a close is an error.
    case stream
    /// Those of the first day alone: for a state, which knows of no later day.
    case firstDay
  }

  /// A backtest that gives each day to `body`, from the beginning.
  public convenience init(
    _ settings: Settings, _ quotes: DayStream<QuoteDay>, lots: Lots,
    _ body: @escaping (LedgerDay) throws -> Void
  ) {
    self.init(settings, quotes, lots, from: nil, keepsState: false, body)
  }

  /// A backtest that goes on from a state, or begins one, and takes in all days of the bars.
  public convenience init(
    _ settings: Settings, _ quotes: DayStream<QuoteDay>, from state: AccountState?,
    _ body: @escaping (LedgerDay) throws -> Void
  ) {
    self.init(settings, quotes, .firstDay, from: state, keepsState: true, body)
  }

  private init(
    _ settings: Settings, _ quotes: DayStream<QuoteDay>, _ lots: Lots, from state: AccountState?,
    keepsState: Bool, _ body: @escaping (LedgerDay) throws -> Void
  ) {
    (self.settings, self.quotes, self.lots, self.body) = (settings, quotes, lots, body)
    (self.keepsState, lastRun) = (keepsState, state?.day)
    self.state = state ?? AccountState(settings)
    remembered = RememberedHoldings(self.state.account)
    opening = state == nil ? settings.holdings.map { OpeningHoldings($0) } : nil
    join = CodeJoin("instruments with scores", with: "the bars")
    limitJoin = settings.rules.limits.map { LimitJoin($0) }
  }

  /// Books these trades on their days, and makes none of its own.
  public func book(_ fills: Fills) { self.fills = fills }

  /// Takes in the scores of a day, and trades all days up to it.
  public func push(_ scores: ScoreDay) throws {
    try skipTaken()
    // What other runs have traded is not traded again.
    if let lastRun, scores.day < lastRun { return }
    while !isOver, let next = try quotes.peek(), next.day <= scores.day { try step() }
    if !isOver { state.pending = scores }
  }

  /// Goes past the days that other runs have taken in, of which the last must be as it was.
  private func skipTaken() throws {
    guard let lastRun, previous == nil else { return }
    while let next = try quotes.peek(), next.day <= lastRun { previous = try quotes.next() }
    if let previous, previous.day == lastRun {
      try remembered.check(previous, state.account, in: quotes.name)
    } else if try quotes.peek() == nil {
      throw Failure.badData(
        quotes.name,
        "has no day after \(lastRun), to which the state is, nor that day: "
          + (previous.map { "it ends on \($0.day)" } ?? "it is empty"))
    }
  }

  /// Trades what is left: the day after the last scores, and on to the last day that was asked for.
  ///
  /// It is an error that no day was traded, unless the next one is only to be planned, and that the
  /// benchmark had no return on any day.
  public func finish(mayPlanOnly: Bool = false) throws {
    try skipTaken()
    guard state.pending != nil || keepsState || fills != nil else { return }
    repeat {
      guard !isOver, try quotes.peek() != nil else { break }
      try step()
    } while settings.span.last != nil || keepsState
    try fills?.finish()
    try limitJoin?.finish()
    if state.pending?.day == state.day { try open() }
    guard opening == nil else {
      throw DayError.rule(
        "no scores of the last day of --bars, \(state.day.map { "\($0)" } ?? "of which there is none"), "
          + "so that the account is not opened with its holdings")
    }
    // Another run may trade what this one could not.
    if keepsState { return }
    guard state.hasTraded || mayPlanOnly else {
      throw DayError.rule(
        "no day of scores is a trading day that another one of --bars, --from and --to follows")
    }
    if let benchmark = state.benchmark, benchmark.days > 0, benchmark.returns == 0 {
      throw Failure.badData(
        quotes.name,
        "the benchmark \(benchmark.code) has no return on any of \(benchmark.days) days "
          + "(see --benchmark)")
    }
  }

  /// What there is to say, a line each: what was bridged, what was not found, and which traps bit.
  ///
  /// For after `finish`.
  public var notes: [String] {
    let lots = missingFactor.map {
      "\($0.code) has a close but no factor on \($0.day): "
        + (state.hasLots == true
          ? "its amounts are not rounded to lots" : "amounts are not rounded to lots, on any day")
    }
    return [lots, state.benchmark?.note, join.note, limitJoin?.note].compactMap(\.self)
      + fillCheck.notes + realNotes.notes + traps.notes(settings)
  }

  /// What the scores of the last day of the bars ask for on the next day.
  ///
  /// Amounts are those of its closes, and no limit stops a trade, as tomorrow's changes are not known.
  /// Throws where the last day has no scores. For after `finish`.
  public func plan() throws -> OrderPlan {
    guard let last = previous, let pending = state.pending, pending.day == last.day else {
      throw DayError.rule(
        "nothing to plan from: the last day of scores is "
          + "\(state.pending.map { "\($0.day)" } ?? "missing"), "
          + "that of --bars \(previous.map { "\($0.day)" } ?? "missing")")
    }
    let unknown = pending.codes.indices.filter { last.row(pending.codes[$0]) == nil }
    traps.see(pending, absent: unknown, settings, on: last.day)
    // Without any score there is nothing to go by.
    guard pending.hasScore else {
      state.ordered = []
      return OrderPlan(day: last.day, orders: [])
    }
    var rules = settings.rules
    (rules.limit, rules.limits) = (nil, nil)
    let hasLots = try state.hasLots ?? hasLots(from: last)
    let exchange = Exchange(rules: rules, quotes: last.atCloses, hasLots: hasLots)
    var after = state.account
    let trades = settings.strategy.trade(pending, exchange, &after)
    let plan = OrderPlan(day: last.day, orders: trades.orders)
    state.ordered = plan.ordered(unit: rules.tradeUnit)
    return plan
  }

  private func hasLots(from today: QuoteDay) throws -> Bool {
    guard settings.rules.tradeUnit > 0 else { return false }
    switch lots {
    case .history(let scan): missingFactor = try scan(today.day)
    case .stream: return true
    case .firstDay: missingFactor = today.firstMissingFactor
    }
    return missingFactor == nil
  }

  /// Goes through the next trading day.
  private func step() throws {
    guard let today = try quotes.next() else { return }
    if settings.span.isBefore(today.day) {
      isOver = true
      return
    }
    let scores = state.pending.flatMap { $0.day == state.day ? $0 : nil }
    defer { (previous, state.day, state.ordered) = (today, today.day, nil) }
    try remembered.check(today, in: quotes.name)
    let isTraded =
      settings.span.first.map { today.day >= $0 } ?? (scores != nil || state.hasTraded)
    guard isTraded else {
      state.benchmark?.skip(today)
      opening?.see(today)
      return
    }
    if previous == nil { opening?.see(today) }
    try open()
    if state.hasLots == nil { state.hasLots = try hasLots(from: today) }
    if state.hasLots == true, let missing = today.firstMissingFactor { try report(missing) }
    try trade(
      scores, Exchange(rules: settings.rules, quotes: today, hasLots: state.hasLots ?? false))
  }

  /// Takes note of a factor that is missing although amounts are rounded to lots.
  private func report(_ missing: MissingFactor) throws {
    guard case .stream = lots else {
      if missingFactor == nil { missingFactor = missing }
      return
    }
    throw Failure.badData(
      quotes.name,
      "\(missing.code) has a close but no factor on \(missing.day): then there are no lots on any "
        + "day, which a pipe tells too late; give a file, or --trade-unit 0")
  }

  /// Opens the account with its holdings, at the last closes, if it was not opened yet.
  private func open() throws {
    guard let opening, let day = previous?.day ?? state.day else { return }
    state.account.hold(
      try opening.holdings(heldFor: settings.strategy.holdThreshold, on: day))
    state.worth = state.account.value + state.account.cash
    state.hasTraded = true
    self.opening = nil
  }

  /// The return of the benchmark; NaN where there is none to compare with.
  ///
  /// Throws where it had no close up to the first day.
  private func benchmarkReturn(_ today: QuoteDay) throws -> Double {
    let change = state.benchmark?.next(today) ?? .nan
    if let benchmark = state.benchmark, !benchmark.hasClose {
      throw Failure.badData(
        quotes.name,
        "no close of the benchmark \(benchmark.code) up to \(today.day) (see --benchmark)")
    }
    return change
  }

  private func trade(_ scores: ScoreDay?, _ exchange: Exchange) throws {
    let today = exchange.quotes
    let change = try benchmarkReturn(today)
    limitJoin?.see(today.codes)
    let before = state
    var orders: [Order] = []
    if let dealt = try fills?.take(today.day) {
      try fillCheck.see(dealt, after: state.booked, ordered: state.ordered, exchange)
      orders = try dealt.orders.map { try exchange.book($0, &state.account) }
      try realNotes.see(state.account.cash, of: before.worth, after: dealt)
      state.booked = .following(state.booked, dealt)
      state.hasTraded = true
    } else if let delisting = settings.delisting {
      orders = state.account.end(delisting, after: settings.delistedAfter, exchange)
    }
    if let scores, fills == nil {
      let absent = try join.add(scores.codes, among: today.codes)
      // Without any score there is nothing to go by.
      if scores.hasScore {
        // One that was delisted overnight had bars yesterday.
        let unknown = absent.filter { previous?.row(scores.codes[$0]) == nil && previous != nil }
        traps.see(scores, absent: unknown, settings, on: today.day)
        let trades = settings.strategy.trade(scores, exchange, &state.account)
        traps.see(unsold: trades.unsold, of: trades.salesWanted, settings, on: today.day)
        orders += trades.orders
        if state.isReal || state.booked != nil, !trades.orders.isEmpty {
          realNotes.assumeDealt(today.day, after: state.booked?.day)
        }
      }
      state.hasTraded = true
    }
    state.account.endDay(today)
    state.worth = state.account.value + state.account.cash
    if state.hasTraded {
      state.idle.add(today.day, cash: state.account.cash, worth: state.worth)
      traps.see(state.idle, on: today.day)
    }
    let day = LedgerDay(
      day: today.day, account: state.account, worth: state.worth, before: before.worth,
      cost: state.account.totalCost - before.account.totalCost,
      turnover: state.account.totalTurnover - before.account.totalTurnover,
      benchmark: change, orders: orders)
    guard state.hasTraded else { return state.early.append(day) }
    for day in state.early { try body(day) }
    state.early.removeAll(keepingCapacity: true)
    try body(day)
  }
}
