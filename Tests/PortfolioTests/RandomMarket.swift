import Bars
import Days
import Mechanics
import Streams

@testable import Bars
@testable import Days
@testable import Portfolio

/// A market that nothing holds still in: suspensions, limits, late and ended listings, splits.
struct RandomMarket {
  /// The eight values of each instrument's row on each day.
  private(set) var days: [(day: Day, rows: [InstrumentCode: Bar])] = []
  /// Scores of most days, some of them missing, some equal.
  private(set) var scores: [ScoreDay] = []

  /// `lacksFactors` takes the factor off some rows.
  init(
    seed: UInt64, days count: Int = 40, instruments: Int = 30, lacksFactors: Bool = false
  ) throws {
    var random = SplitMix64(seed: seed)
    let codes = try (0..<instruments).map { try InstrumentCode("S\(100 + $0)") }
    var closes = codes.map { _ in Float(random.uniform() * 50 + 1) }
    var factors = codes.map { _ in Float(random.uniform() * 5 + 0.1) }
    let spans = codes.map { _ in
      random.happens(0.7)
        ? 0...count : random.index(below: count / 2)...count - random.index(below: count / 3)
    }
    for place in 0..<count {
      // Some days are missing, as weekends are.
      let day = Day(number: Int32(16_000 + place + place / 5 * 2))
      var rows: [InstrumentCode: Bar] = [:]
      for (stock, code) in codes.enumerated() where spans[stock].contains(place) {
        if random.happens(0.02) { continue }
        guard !random.happens(0.08) else {
          rows[code] = .suspended
          continue
        }
        let change = Float(random.happens(0.1) ? 0.1 : 0.05) * Float(random.uniform() * 2 - 1) * 1.2
        closes[stock] *= 1 + change
        if random.happens(0.02) { factors[stock] *= 1.3 }
        let open = random.happens(0.05) ? .nan : closes[stock] * Float(0.97 + random.uniform() / 16)
        let factor = lacksFactors && random.happens(0.05) ? .nan : factors[stock]
        rows[code] = Bar(
          SIMD8(
            open, closes[stock], closes[stock], closes[stock], 1000, closes[stock], factor,
            random.happens(0.01) ? .nan : change))
      }
      days.append((day, rows))
      guard !random.happens(0.1) else { continue }
      let scored = codes.filter { _ in !random.happens(0.1) }
      let values = scored.map { _ in
        random.happens(0.05) ? .nan : (random.uniform() * 40).rounded() / 8 - 2
      }
      scores.append(
        ScoreDay(
          day: day, codes: scored, scores: random.happens(0.03) ? values.map { _ in .nan } : values)
      )
    }
  }

  /// The same until a day.
  func cut(after last: Day) -> RandomMarket {
    var market = self
    market.days.removeAll { $0.day > last }
    market.scores.removeAll { $0.day > last }
    return market
  }

  /// The same after a split of an instrument, its history before a day rewritten to half the prices; the
  /// changes stay what they are.
  func splitting(_ code: InstrumentCode, before day: Day) -> RandomMarket {
    var market = self
    for place in days.indices where days[place].day < day {
      guard var bar = days[place].rows[code] else { continue }
      for field in 0..<4 { bar.values[field] /= 2 }
      market.days[place].rows[code] = bar
    }
    return market
  }

  /// Leaves out all scores but these.
  mutating func keep(scores: [ScoreDay]) { self.scores = scores }

  /// Leaves the benchmark out of settings where it has no close by the first day that is traded.
  func makeStartable(_ settings: inout Backtest.Settings) throws {
    let first = settings.span.first.map { from in days.firstIndex { $0.day >= from } }
    let afterScores = days.firstIndex { $0.day > scores[0].day }
    guard let start = first ?? afterScores, let code = settings.benchmark else { return }
    let isKnown = days[...start].contains { $0.rows[code]?.close.isNaN == false }
    if !isKnown { settings.benchmark = nil }
  }

  /// Writes the bars as a stream of days, of all of them or of some.
  func write(_ path: String, days wanted: Set<Day>? = nil) throws {
    let output = try ByteWriter(path)
    for (day, rows) in days where wanted?.contains(day) ?? true {
      var table = BarDay(day)
      for (code, bar) in rows.sorted(by: { $0.key < $1.key }) {
        table.append(code, bar, isMember: true)
      }
      output.write(table.array)
      try output.commit()
    }
    try output.finish()
  }

  /// Settings at random.
  static func settings(seed: UInt64) throws -> Backtest.Settings {
    var random = SplitMix64(seed: seed ^ 0x5eed)
    var settings = Backtest.Settings()
    settings.strategy.topk = 1 + random.index(below: 12)
    settings.strategy.nDrop = random.index(below: 5)
    settings.strategy.holdThreshold = random.index(below: 6)
    settings.strategy.onlyTradable = random.happens(0.3)
    settings.strategy.forbidsAllTradeAtLimit = random.happens(0.6)
    settings.strategy.riskDegree = random.happens(0.5) ? 0.95 : 1
    settings.rules = ExchangeRules(random.happens(0.7) ? .cn : .us)
    settings.rules.dealPrice = random.happens(0.6) ? .close : .open
    if random.happens(0.2) { settings.rules.openCost = 0 }
    if random.happens(0.2) { settings.rules.minCost = 0 }
    settings.cash = [2e3, 3e4, 2e5, 1e8][random.index(below: 4)]
    settings.benchmark = random.happens(0.5) ? try InstrumentCode("S100") : nil
    settings.delisting = [nil, nil, .lastPrice, .zero][random.index(below: 4)]
    settings.delistedAfter = 1 + random.index(below: 6)
    settings.benchmarkGap = random.happens(0.5) ? .bridge : .zero
    return settings
  }
}
