import Days
import Mechanics
import Streams

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// All that a backtest knows at the end of a day: what it goes on from the next.
public struct AccountState: Sendable {
  /// The last day of bars that was taken in; nil before the first.
  public internal(set) var day: Day?
  /// Cash and shares.
  var account: Account
  /// What the account was worth at the end of that day.
  var worth: Double
  /// Whether amounts are rounded to lots; nil until the first day that is traded.
  var hasLots: Bool?
  /// The last scores, which the next day trades.
  var pending: ScoreDay?
  /// Whether a day was traded.
  var hasTraded = false
  /// Days without scores before the first that has some: none is told if none ever has.
  var early: [LedgerDay] = []
  /// Whether the account began with holdings.
  public fileprivate(set) var isReal = false
  /// What was ordered for the next day; nil where nobody was told.
  var ordered: [OrderedTrade]?
  /// The last fills that were booked; nil where there were none.
  var booked: BookedFills?
  /// The returns to compare with.
  var benchmark: BenchmarkReturns?
  /// How long cash has been idle.
  var idle = IdleCash()

  /// The state before the first day.
  init(_ settings: Backtest.Settings) {
    account = Account(cash: settings.cash)
    worth = settings.cash
    isReal = settings.holdings != nil
    benchmark = settings.benchmark.map { BenchmarkReturns($0, gap: settings.benchmarkGap) }
  }
}

/// As a file: NDJSON, whose numbers read back as the same doubles. `account` comes first, with the
/// options that rule it; `holding`, `score` and `early` follow, one a line, and where there are some
/// `ordered`, the orders that were told, and `fill`, the last that were booked. `end` has the FNV-1a hash of
/// all lines before it.
extension AccountState {
  /// Writes the state, whole or not at all.
  public func save(to path: String, _ settings: Backtest.Settings) throws {
    let output = try ByteWriter(path)
    var hash = fnv1a("")
    func line(_ record: String, _ body: (inout JSONWriter) -> Void) {
      let bytes = JSONWriter.bytes { json in
        json.beginObject()
        json.put("record", record)
        body(&json)
        json.endObject()
        json.endLine()
      }
      hash = fnv1a(bytes, from: hash)
      output.write(bytes)
    }
    line("account") { json in
      json.put("format", 1)
      for (name, value) in settings.parameters {
        json.put(name, name == "account" && isReal ? Backtest.Settings.realAccount : value)
      }
      json.put("day", day)
      json.put("scores_of", pending?.day)
      json.put("cash", account.cash)
      json.put("worth", worth)
      json.put("total_cost", account.totalCost)
      json.put("total_turnover", account.totalTurnover)
      json.put("has_traded", hasTraded ? 1 : 0)
      json.put("has_lots", hasLots.map { $0 ? 1 : 0 } ?? .nan)
      json.put("benchmark_close", Double(benchmark?.lastClose ?? .nan))
      json.put("benchmark_known", benchmark?.hasClose == true ? 1 : 0)
      json.put("idle_since", idle.since)
      json.put("idle_days", idle.days)
      if ordered != nil { json.put("ordered", 1) }
      if let booked { json.put("fills_of", "\(booked.day)") }
    }
    for holding in account.holdings {
      line("holding") { json in
        json.put("instrument", "\(holding.code)")
        json.put("amount", holding.amount)
        json.put("price", holding.price)
        json.put("count_day", holding.dayCount)
        json.put("missed_days", holding.missedDays)
        json.put("cost", holding.cost ?? .nan)
      }
    }
    for order in ordered ?? [] {
      line("ordered") { json in
        json.put("instrument", "\(order.code)")
        json.put("side", order.direction.rawValue)
        json.put("shares", order.shares)
      }
    }
    for trade in booked?.trades ?? [] {
      line("fill") { json in
        json.put("instrument", "\(trade.code)")
        json.put("side", trade.direction.rawValue)
        json.put("shares", trade.shares)
        json.put("price", trade.price)
      }
    }
    for day in early {
      line("early") { json in
        json.put("date", "\(day.day)")
        json.put("bench", day.benchmark)
      }
    }
    if let pending {
      for (code, score) in zip(pending.codes, pending.scores) {
        line("score") { json in
          json.put("instrument", "\(code)")
          // JSON has no infinities.
          if score.isInfinite {
            json.put("score", score > 0 ? "inf" : "-inf")
          } else {
            json.put("score", score)
          }
        }
      }
    }
    let end = String(hash, radix: 16)
    line("end") { $0.put("hash", end) }
    try output.finish()
  }

  /// The state in a file; nil where there is none.
  ///
  /// Throws a `Failure` that names the file where it is no whole state, or one of other options. With
  /// `takesNewRules` these rule from the next day on; but the money to begin with is what it was.
  public static func read(
    _ path: String, _ settings: Backtest.Settings, takesNewRules: Bool = false
  ) throws -> AccountState? {
    guard access(path, F_OK) == 0 else { return nil }
    var reading = StateReading(settings, takesNewRules: takesNewRules)
    try ByteReader([path]).lines { line in
      do {
        try withJSON(line, name: path) { try reading.add($0, line) }
      } catch let error as DayError {
        throw Failure.badData(path, "\(error)")
      } catch let error as Failure where !reading.isState {
        throw Failure.badData(path, "not a state of topk-backtest (\(error))")
      }
    }
    guard reading.isWhole else {
      throw Failure.badData(path, "not a state of topk-backtest, or cut short")
    }
    return reading.state
  }
}

/// The lines of a state as they come.
private struct StateReading {
  /// What days can be counted: those of the years 1 to 9999.
  private static let mostDays = 0...3_652_059
  private let settings: Backtest.Settings
  private let takesNewRules: Bool
  /// The options in which the state is another's.
  private var changed: Set<String> = []
  private(set) var state: AccountState
  private var hash = fnv1a("")
  private(set) var isState = false
  private(set) var isWhole = false
  private var holdings: [Holding] = []
  private var scoreDay: Day?
  private var scores: (codes: [InstrumentCode], values: [Double]) = ([], [])

  init(_ settings: Backtest.Settings, takesNewRules: Bool) {
    (self.settings, self.takesNewRules) = (settings, takesNewRules)
    state = AccountState(settings)
  }

  mutating func add(_ line: JSONValue, _ bytes: UnsafeRawBufferPointer) throws {
    let record = line["record"]?.string
    if !isState {
      guard record == "account", line["format"]?.int == 1 else {
        throw DayError.rule("not a state of topk-backtest")
      }
      isState = true
    }
    switch record {
    case "account": try readAccount(line)
    case "holding": try readHolding(line)
    case "early": try readEarly(line)
    case "ordered": try readOrdered(line)
    case "fill": try readFill(line)
    case "score": try readScore(line)
    case "end" where line["hash"]?.string == String(hash, radix: 16): finish()
    default: throw DayError.rule("state is damaged: its hash differs, or a line is none of it")
    }
    hash = fnv1a([10], from: fnv1a(bytes, from: hash))
  }

  private mutating func readAccount(_ line: JSONValue) throws {
    for (name, value) in settings.parameters {
      let other = line[name]?.string ?? "missing"
      if name == "account", other == Backtest.Settings.realAccount {
        state.isReal = true
        continue
      }
      if takesNewRules, name != "account", other != value {
        changed.insert(name)
        continue
      }
      guard other == value else {
        throw DayError.rule("the state's --\(name) is \(other), not \(value)")
      }
    }
    func number(_ key: String) throws -> Double {
      let number = try line.requireNumber(orNull: key)
      guard number.isFinite else { throw DayError.rule("state has no \(key)") }
      return number
    }
    func count(_ key: String, _ range: ClosedRange<Int>) throws -> Int {
      guard let count = line[key]?.int, range.contains(count) else {
        throw DayError.rule(
          "the state's \(key) must be in \(range.lowerBound)...\(range.upperBound)")
      }
      return count
    }
    func day(_ key: String) throws -> Day? {
      try line.require(key).kind == .null ? nil : try line.day(key)
    }
    state.account = Account(
      cash: try number("cash"), totalCost: try number("total_cost"),
      totalTurnover: try number("total_turnover"))
    (state.worth, state.hasTraded) = (try number("worth"), try count("has_traded", 0...1) == 1)
    let hasLots =
      try line.require("has_lots").kind == .null ? nil : try count("has_lots", 0...1) == 1
    // What was remembered by an option that is another now is found out anew.
    state.hasLots = changed.contains("trade-unit") ? nil : hasLots
    let isKnown = try count("benchmark_known", 0...1) == 1
    if !changed.contains("benchmark") {
      state.benchmark?.lastClose = Float(try line.requireNumber(orNull: "benchmark_close"))
      state.benchmark?.hasClose = isKnown
    }
    state.idle = IdleCash(
      since: try day("idle_since"), days: try count("idle_days", Self.mostDays))
    // States from before there were these have neither.
    if line["ordered"] != nil, try count("ordered", 1...1) == 1 { state.ordered = [] }
    if line["fills_of"] != nil {
      state.booked = try day("fills_of").map { BookedFills(day: $0, trades: []) }
    }
    state.day = try day("day")
    scoreDay = try day("scores_of")
  }

  private mutating func readHolding(_ line: JSONValue) throws {
    var holding = Holding(
      code: try code(line), amount: try line.requireNumber(orNull: "amount"),
      price: try line.requireNumber(orNull: "price"))
    guard let days = line["count_day"]?.int, let missed = line["missed_days"]?.int,
      holding.amount > 0, holding.price >= 0, Self.mostDays.contains(days),
      Self.mostDays.contains(missed),
      holdings.last.map({ $0.code < holding.code }) ?? true
    else { throw line.failure("state has a holding that cannot be") }
    (holding.dayCount, holding.missedDays) = (days, missed)
    let cost = try line.requireNumber(orNull: "cost")
    holding.cost = cost.isNaN ? nil : cost
    holdings.append(holding)
  }

  private mutating func readOrdered(_ line: JSONValue) throws {
    let order = OrderedTrade(
      code: try code(line), direction: try direction(line), shares: try positive(line, "shares"))
    state.ordered?.append(order)
  }

  private mutating func readFill(_ line: JSONValue) throws {
    let trade = BookedTrade(
      code: try code(line), direction: try direction(line), shares: try positive(line, "shares"),
      price: try positive(line, "price"))
    state.booked?.trades.append(trade)
  }

  private func direction(_ line: JSONValue) throws -> Order.Direction {
    guard let side = Order.Direction(rawValue: try line.require("side").string ?? "") else {
      throw line.failure("side must be BUY or SELL")
    }
    return side
  }

  private func positive(_ line: JSONValue, _ key: String) throws -> Double {
    let number = try line.requireNumber(orNull: key)
    guard number > 0, number.isFinite else { throw line.failure("\(key) must be above 0") }
    return number
  }

  private mutating func readEarly(_ line: JSONValue) throws {
    state.early.append(
      LedgerDay(
        day: try line.day("date"), account: Account(cash: settings.cash), worth: settings.cash,
        before: settings.cash, cost: 0, turnover: 0,
        benchmark: try line.requireNumber(orNull: "bench"), orders: []))
  }

  private mutating func readScore(_ line: JSONValue) throws {
    let code = try code(line)
    guard scores.codes.last.map({ $0 < code }) ?? true else {
      throw line.failure("state has scores out of order")
    }
    scores.codes.append(code)
    switch try line.require("score").string {
    case "inf": scores.values.append(.infinity)
    case "-inf": scores.values.append(-.infinity)
    default: scores.values.append(try line.requireNumber(orNull: "score"))
    }
  }

  private func code(_ line: JSONValue) throws -> InstrumentCode {
    try InstrumentCode(try line.require("instrument").string ?? "")
  }

  private mutating func finish() {
    isWhole = true
    state.account.hold(holdings)
    state.pending = scoreDay.map {
      ScoreDay(day: $0, codes: scores.codes, scores: scores.values)
    }
  }
}

extension JSONWriter {
  /// A key and a day, or null.
  fileprivate mutating func put(_ key: String, _ day: Day?) {
    guard let day else {
      self.key(key)
      return null()
    }
    put(key, "\(day)")
  }
}
