/// topk-backtest: trades scores under the rules of an exchange, and writes the ledger.
import ArgumentParser
import Days
import Portfolio
import Streams

@main
struct TopkBacktest: Tool, ArrayReading {
  static let configuration = CommandConfiguration(
    commandName: "topk-backtest",
    abstract: "Hold the instruments of the highest scores, as qlib's TopkDropout does, day by day.",
    discussion: """
      Reads scores, npy tables, NDJSON or CSV with instrument, date and score, day by day, and the bars
      of --bars in step. The scores of a day are traded on the next trading day. Of what is held, at most
      --n-drop instruments that rank last are sold; the best that are not held are bought with equal
      shares of --risk-degree of the cash. Equal scores rank by code; null or NaN is no score.

      A suspended instrument is not traded, nor one whose change is beyond --limit, or that of its own in
      --limits. Where the bars have columns limit_up and limit_down, the close is held against these
      prices; where tradable is 0 nothing is traded. Shares come in lots
      of --trade-unit real ones, price ÷ factor each, but what is held is sold whole. Cash and costs
      are as in qlib: so cash may fall some cents below 0, and failed orders are not replaced.

      Writes a ledger, a line of NDJSON a day:
        {"record":"day","date":...,"account":...,"return":...,"total_turnover":...,"turnover":...,
         "total_cost":...,"cost":...,"value":...,"cash":...,"bench":...,"ffr":...,"pa":...,"pos":...,
         "deal_amount":...,"deal_value":...,"orders":...}
      return is before costs; cost and turnover are shares of the account of the day before. --trades
      puts lines "record":"order" before it, --positions lines "record":"position" after it. --settings
      begins with a line "record":"settings", which risk-report shows. --plan ends
      with lines "record":"plan": the orders of the next trading day, at the last closes. --orders
      writes these as CSV: side, instrument, shares and last close, both real ones, without factor.

      --state keeps the account in a file, written when the output is whole: a run takes in all days of
      its bars that are after the last one kept, so that a day costs a day, and days taken one by one or
      together give the same bytes. Other options than the state's (without --new-rules), bars whose history was rewritten, or
      of which a day is missing, are refused, where that shows in the change of what is held; --after DAY
      refuses a state that does not end on that day. Of two runs on one state the second ends with 75.

      --holdings and --cash begin with a real account, at the closes of the day before its first trades;
      --fills books what was really dealt, in real shares and prices, in place of the orders. Numbers may
      have commas between thousands, and a column that is not named here is left out. What cannot be is
      refused: more sold than is held, a price far from the close, a fee of a tenth of the value, a debt
      above the account, an index. With --state, fills are held against the --orders of the day before:
      refused are the last fills once more and a file of which nothing was ordered, unless a column date
      says that they are of the day, rows that are there twice and come to more than was ordered, lots
      for shares, and prices most of which the day did not see. Told are trades that were not ordered, or
      of more, fees that are all 0, and a day without --fills after one that had some.

      What bites is told in one line: instruments with scores that are not in the bars (an error where
      none is), days without a close of the benchmark, fewer scores than --topk + --n-drop, equal scores, scores
      without bars among the best, sales that are all of holdings without a close for 20 days and more,
      and more than half of the account in cash for 20 days.

      EXAMPLES
        simbars > bars.npy; topk-backtest --score change --bars bars.npy --benchmark INDEX bars.npy
        simbars --days 90 --instruments 30 > bars.npy; alpha158 --no-label --fields ROC5 bars.npy |
          topk-backtest --score ROC5 --bars bars.npy --benchmark INDEX --topk 5 --orders orders.csv

      SEE ALSO  bars, cnn1d-infer, signal-eval, risk-report

      CAVEATS
        If any close from the first day to --to has no factor, no amount is rounded to lots, as in
        qlib; that is looked up first, so --bars may be a pipe only where no factor is missing.
        With --state it is the first day alone that tells.
        The ledger ends where the bars end. Days of scores that are no trading days are left out, and a
        day without any score is one without orders. Where the benchmark has no close bench is 0, and
        the next return is from its last close (--benchmark-gap); with --benchmark none it is null.
      """,
    version: convoyVersion)

  @OptionGroup var streams: StreamOptions
  @OptionGroup var demand: SealedOption

  @Option(
    help: ArgumentHelp("Bars as bars writes them: npy, gzipped or not.", valueName: "file"),
    completion: .file())
  var bars: String

  @Option(help: ArgumentHelp("The field of scores.", valueName: "name"))
  var score = "score"

  @Option(help: ArgumentHelp("Instruments to hold.", valueName: "n"))
  var topk = 50

  @Option(help: ArgumentHelp("Instruments to exchange a day, at most.", valueName: "n"))
  var nDrop = 5

  @Option(help: ArgumentHelp("Days to hold an instrument, at least.", valueName: "days"))
  var holdThresh = 1

  @Flag(help: "Rank only what can be traded.")
  var onlyTradable = false

  @Flag(
    inversion: .prefixedNo,
    help: "At a limit trade neither way, or only what it does not make impossible.")
  var forbidAllTradeAtLimit = true

  @Option(help: ArgumentHelp("Share of the cash to spend.", valueName: "share"))
  var riskDegree = 0.95

  @Option(help: ArgumentHelp("Money to begin with.", valueName: "money"))
  var account = 1e8

  @Option(
    help: ArgumentHelp(
      "A real account to begin with: CSV with instrument, shares and perhaps cost; with --cash.",
      valueName: "file"), completion: .file())
  var holdings: String?

  @Option(help: ArgumentHelp("The money of a real account.", valueName: "money"))
  var cash: Double?

  @Option(
    help: ArgumentHelp(
      """
      What was really dealt, booked in place of the day's trades: CSV with instrument, side, shares, \
      price and perhaps fee and date.
      """, valueName: "file"), completion: .file())
  var fills: String?

  @OptionGroup var exchange: ExchangeOptions

  @Option(help: ArgumentHelp("Instrument to compare with.", valueName: "code|none"))
  var benchmark = "SH000300"

  @Option(help: "Its days without a close: bridge them from the last, or zero, as qlib does.")
  var benchmarkGap = BenchmarkGap.bridge

  @Option(help: "Holdings without a close for --delisted-after days: sold so (default: held on).")
  var delisting: Delisting?

  @Option(help: ArgumentHelp("Days after which they count as delisted.", valueName: "days"))
  var delistedAfter = 20

  @Option(
    help: ArgumentHelp("First day (default: after the first scores).", valueName: "date"))
  var from: Day?

  @Option(help: ArgumentHelp("Last day (default: after the last scores).", valueName: "date"))
  var to: Day?

  @OptionGroup var memory: StateOptions

  @Flag(help: "Go on from a state of other options by these, from its next day on.")
  var newRules = false

  @Flag(help: "Write the orders of each day too, and what came of them.")
  var trades = false

  @Flag(help: "Write what is held at the end of each day too.")
  var positions = false

  @Flag(
    name: .customLong("settings"),
    help: "Begin the ledger of a new account with a line of what it is traded by.")
  var writesSettings = false

  @Flag(help: "Write what the last scores ask for on the day after the last bars.")
  var plan = false

  @Option(
    help: ArgumentHelp("A file for that plan as CSV, whole or not at all.", valueName: "file"),
    completion: .file())
  var orders: String?

  func validate() throws {
    for (name, value, range) in [
      ("topk", topk, 1...1_000_000), ("n-drop", nDrop, 0...1_000_000),
      ("hold-thresh", holdThresh, 0...1_000_000), ("delisted-after", delistedAfter, 1...1_000_000),
    ] where !range.contains(value) {
      throw ValidationError(
        "--\(name) must be in \(range.lowerBound)...\(range.upperBound): \(value)")
    }
    guard (0...1).contains(riskDegree) else {
      throw ValidationError("--risk-degree must be in 0...1: \(riskDegree)")
    }
    guard account > 0, account <= 1e15 else {
      throw ValidationError("--account must be above 0 and at most 1e15: \(account)")
    }
    guard (cash == nil) == (holdings == nil), (0...1e15).contains(cash ?? 0) else {
      throw ValidationError("--holdings and --cash go together, and --cash is in 0...1e15")
    }
    guard !newRules || memory.path != nil else {
      throw ValidationError("--new-rules is for --state")
    }
    _ = try DaySpan(from: from, to: to)
    guard bars != "-" else {
      throw ValidationError("--bars must be a file: standard input has scores")
    }
    if benchmark != "none" {
      do { _ = try InstrumentCode(benchmark) } catch {
        throw ValidationError("--benchmark: \(error)")
      }
    }
  }

  private var settings: Backtest.Settings {
    get throws {
      var settings = Backtest.Settings()
      (settings.strategy.topk, settings.strategy.nDrop) = (topk, nDrop)
      settings.strategy.holdThreshold = holdThresh
      settings.strategy.onlyTradable = onlyTradable
      settings.strategy.forbidsAllTradeAtLimit = forbidAllTradeAtLimit
      settings.strategy.riskDegree = riskDegree
      settings.rules = try exchange.rules()
      settings.cash = cash ?? account
      settings.holdings = try holdings.map { try RealHoldings(reading: $0) }
      settings.benchmark = benchmark == "none" ? nil : try InstrumentCode(benchmark)
      settings.benchmarkGap = benchmarkGap
      (settings.delisting, settings.delistedAfter) = (delisting, delistedAfter)
      settings.span = try DaySpan(from: from, to: to)
      return settings
    }
  }

  var writes: [WrittenPath] { [.file("--orders", orders), memory.written] }
  var reads: [String?] { [bars, holdings, fills, exchange.limits] }

  var expects: String { "scores (npy, NDJSON or CSV)" }

  func run(_ input: ByteReader, _ output: ByteWriter) throws {
    let state = try memory.file()
    var ledger = LedgerWriter(output)
    (ledger.writesOrders, ledger.writesPositions) = (trades, positions)
    let quotes = DayStream(try input.companion(bars)) {
      try QuoteDay($0, exchange.dealPrice, withRange: fills != nil)
    }
    let settings = try settings
    let backtest: Backtest
    func begin() throws { if writesSettings { try ledger.write(settings) } }
    if let state {
      let before = try AccountState.read(state.path, settings, takesNewRules: newRules)
      try state.check(last: before?.day)
      guard before == nil || holdings == nil else {
        throw Failure.badData(
          state.path, "has an account already, so that none begins with --holdings")
      }
      if before == nil { try begin() }
      backtest = Backtest(settings, quotes, from: before) { try ledger.write($0) }
    } else {
      let lots =
        plainFileSize(bars) == nil
        ? Backtest.Lots.stream
        : .history { try firstMissingFactor(input.companion(bars), from: $0, to: to) }
      try begin()
      backtest = Backtest(settings, quotes, lots: lots) { try ledger.write($0) }
    }
    ledger.writesCosts = backtest.state.isReal
    if let fills { backtest.book(try Fills(reading: fills)) }
    try input.scoreDays(ScoreFields(score: score)) { try backtest.push($0) }
    try backtest.finish(mayPlanOnly: plan || orders != nil)
    let next = plan || orders != nil ? try backtest.plan() : nil
    for note in backtest.notes { diagnose(note) }
    var sheet: ByteWriter?
    if let next {
      if plan { try ledger.write(next) }
      sheet = try orders.map { try ByteWriter($0) }
      sheet?.write(next.sheet(unit: settings.rules.tradeUnit))
    }
    // No order is placed that the ledger does not know, and the state does not run ahead of either.
    output.didFinish = { [state, sheet] in
      try sheet?.finish()
      if let state { try backtest.state.save(to: state.path, settings) }
    }
  }
}
