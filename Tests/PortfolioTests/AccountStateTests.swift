import Days
import Mechanics
import Streams
import TestFolders
import Testing

@testable import Days
@testable import Portfolio

/// Days taken by one run or by many: the same bytes.
@Suite struct AccountStateTests {
  /// The ledger of days `range` of a market, from a state and on to one.
  private func run(
    _ market: RandomMarket, _ range: Range<Int>, _ settings: Backtest.Settings, _ folder: String,
    state: String
  ) throws -> [UInt8] {
    let days = market.days[range].map(\.day)
    try market.write("\(folder)/bars", days: Set(days))
    let output = try ByteWriter("\(folder)/ledger")
    var writer = LedgerWriter(output)
    (writer.writesOrders, writer.writesPositions) = (true, true)
    let quotes = DayStream(ByteReader(["\(folder)/bars"])) {
      try QuoteDay($0, settings.rules.dealPrice)
    }
    let backtest = Backtest(settings, quotes, from: try AccountState.read(state, settings)) {
      try writer.write($0)
    }
    for scores in market.scores where days.contains(scores.day) { try backtest.push(scores) }
    try backtest.finish()
    try output.finish()
    try backtest.state.save(to: state, settings)
    return try fileBytes("\(folder)/ledger")
  }

  @Test(
    "random markets, cut into runs at random: ledger, orders, positions and state",
    arguments: 0..<24)
  func splits(_ seed: UInt64) throws {
    let market = try RandomMarket(seed: seed, lacksFactors: seed % 4 == 3)
    var random = SplitMix64(seed: seed ^ 0xcafe)
    try withFolder { folder in
      var settings = try RandomMarket.settings(seed: seed)
      let first = random.index(below: 12)
      if seed % 3 == 0 {
        settings.span = try DaySpan(from: market.days[first].day, to: nil)
      }
      try market.makeStartable(&settings)
      let whole = try run(market, 0..<market.days.count, settings, folder, state: "\(folder)/one")
      #expect(whole.count > 2000)
      for round in 0..<3 {
        var parts: [UInt8] = []
        var start = 0
        while start < market.days.count {
          let size = round == 0 ? 1 : 1 + random.index(below: 9)
          let end = min(market.days.count, start + size)
          // Bars that another run has taken may come again.
          let again = max(0, start - random.index(below: 3))
          parts += try run(market, again..<end, settings, folder, state: "\(folder)/\(round)")
          start = end
        }
        #expect(parts == whole, "\(seed) \(round)")
        #expect(try fileBytes("\(folder)/\(round)") == fileBytes("\(folder)/one"))
      }
      guard seed % 4 != 3 else { return }
      settings.span = try DaySpan(from: settings.span.first, to: market.days.last?.day)
      try market.write("\(folder)/bars")
      #expect(try ledgerBytes(settings, market, folder) == whole, "without a state")
    }
  }

  @Test("a state of other options is refused, and both are named")
  func parameters() throws {
    let market = try RandomMarket(seed: 5)
    try withFolder { folder in
      var settings = try RandomMarket.settings(seed: 5)
      settings.benchmark = nil
      _ = try run(market, 0..<20, settings, folder, state: "\(folder)/s")
      let state = try fileBytes("\(folder)/s")
      let changes: [(String, (inout Backtest.Settings) -> Void)] = [
        ("topk", { $0.strategy.topk += 1 }), ("n-drop", { $0.strategy.nDrop += 1 }),
        ("hold-thresh", { $0.strategy.holdThreshold += 1 }),
        ("only-tradable", { $0.strategy.onlyTradable.toggle() }),
        ("forbid-all-trade-at-limit", { $0.strategy.forbidsAllTradeAtLimit.toggle() }),
        ("risk-degree", { $0.strategy.riskDegree *= 0.9 }), ("account", { $0.cash += 1 }),
        ("limit", { $0.rules.limit = 0.123 }),
        ("deal-price", { $0.rules.dealPrice = $0.rules.dealPrice == .open ? .close : .open }),
        ("open-cost", { $0.rules.openCost += 1e-9 }),
        ("close-cost", { $0.rules.closeCost += 1e-9 }),
        ("min-cost", { $0.rules.minCost += 1 }), ("trade-unit", { $0.rules.tradeUnit += 1 }),
        ("benchmark", { $0.benchmark = market.scores.first?.codes.first }),
        ("delisting", { $0.delisting = $0.delisting == .zero ? nil : .zero }),
        ("delisted-after", { $0.delistedAfter += 1 }),
        ("benchmark-gap", { $0.benchmarkGap = $0.benchmarkGap == .zero ? .bridge : .zero }),
      ]
      #expect(changes.map(\.0).sorted() == settings.parameters.map(\.name).sorted())
      for (name, change) in changes {
        var other = settings
        change(&other)
        let error = #expect(throws: Failure.self) { try AccountState.read("\(folder)/s", other) }
        let was = settings.parameters.first { $0.name == name }?.value ?? ""
        let now = other.parameters.first { $0.name == name }?.value ?? ""
        #expect(
          error?.description == "\(folder)/s: the state's --\(name) is \(was), not \(now)")
        #expect(error?.status == .badData)
      }
      #expect(try fileBytes("\(folder)/s") == state)
      #expect(try AccountState.read("\(folder)/none", settings) == nil)
    }
  }

  @Test("no bit of a state can be turned, and no byte cut off, without notice")
  func damage() throws {
    let market = try RandomMarket(seed: 6)
    try withFolder { folder in
      let settings = try RandomMarket.settings(seed: 6)
      var known = settings
      known.benchmark = nil
      _ = try run(market, 0..<15, known, folder, state: "\(folder)/s")
      let state = try fileBytes("\(folder)/s")
      var random = SplitMix64(seed: 1)
      for round in 0..<400 {
        var damaged = state
        if round % 2 == 0 {
          // The end of the last line alone is nothing that a state says.
          let place = random.index(below: state.count - 1)
          damaged[place] ^= 1 << UInt8(random.index(below: 8))
        } else {
          damaged.removeLast(2 + random.index(below: state.count - 2))
        }
        put(damaged, "\(folder)/damaged")
        let error = #expect(throws: Failure.self, "\(round)") {
          try AccountState.read("\(folder)/damaged", known)
        }
        #expect(error?.status == .badData)
      }
    }
  }

  @Test("a state with counts that cannot be is refused, whole as it is")
  func extremeCounts() throws {
    let market = try RandomMarket(seed: 6)
    try withFolder { folder in
      var settings = try RandomMarket.settings(seed: 6)
      settings.benchmark = nil
      _ = try run(market, 0..<15, settings, folder, state: "\(folder)/s")
      let lines = String(decoding: try fileBytes("\(folder)/s"), as: UTF8.self)
        .split(separator: "\n").dropLast().map(String.init)
      for key in [
        "has_traded", "has_lots", "benchmark_known", "idle_days", "count_day", "missed_days",
      ] {
        let place = try #require(lines.firstIndex { $0.contains("\"\(key)\":") })
        for number in ["-1", "2147483648", "9007199254740993", "9223372036854775807", "\"abc\""] {
          var changed = lines
          changed[place] = lines[place].replacing(
            try Regex("\"\(key)\":[^,}]*"), with: "\"\(key)\":\(number)")
          let text = changed.map { $0 + "\n" }.joined()
          let hash = String(fnv1a(Array(text.utf8)), radix: 16)
          put(text + "{\"record\":\"end\",\"hash\":\"\(hash)\"}\n", "\(folder)/s")
          let error = #expect(throws: Failure.self, "\(key) \(number)") {
            try AccountState.read("\(folder)/s", settings)
          }
          #expect(error?.status == .badData)
          #expect(error?.description.contains("its hash differs") == false)
        }
      }
    }
  }

  @Test("a history that was rewritten is refused, by the closes or by the changes")
  func rewritten() throws {
    let market = try RandomMarket(seed: 9)
    try withFolder { folder in
      var settings = try RandomMarket.settings(seed: 9)
      settings.benchmark = nil
      (settings.cash, settings.strategy.topk) = (1e8, 8)
      _ = try run(market, 0..<20, settings, folder, state: "\(folder)/s")
      let state = try fileBytes("\(folder)/s")
      let held = try #require(try AccountState.read("\(folder)/s", settings)?.account.holdings)
      let next = try #require(held.first { market.days[20].rows[$0.code]?.close.isNaN == false })
      let split = market.splitting(next.code, before: market.days[21].day)
      for start in [19, 20] where next.missedDays == 0 {
        let error = #expect(throws: Failure.self) {
          try run(split, start..<25, settings, folder, state: "\(folder)/s")
        }
        #expect(error?.description.contains("\(next.code)") == true, "\(start)")
        #expect(error?.description.contains("history was rewritten") == true)
        #expect(try fileBytes("\(folder)/s") == state)
      }
      #expect(next.missedDays == 0)
      let error = #expect(throws: Failure.self) {
        try run(market, 10..<15, settings, folder, state: "\(folder)/s")
      }
      #expect(error?.description.contains("it ends on \(market.days[14].day)") == true)
    }
  }
}
