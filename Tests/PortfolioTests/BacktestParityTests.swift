import Bars
import Days
import Streams
import TestFolders
import Testing

@testable import Bars
@testable import Days
@testable import Portfolio

/// Backtests beside qlib 0.9.7: every day, order and holding of three settings.
@Suite struct BacktestParityTests {
  /// A setting that qlib was run with; its results are in the folder of that name.
  struct Setting: CustomTestStringConvertible, Sendable {
    let name: String
    let change: @Sendable (inout Backtest.Settings) -> Void
    var testDescription: String { name }
  }

  static let settings = [
    Setting(name: "topk50_drop5") { _ in },
    Setting(name: "topk10_drop2_hold5") {
      ($0.strategy.topk, $0.strategy.nDrop, $0.strategy.holdThreshold) = (10, 2, 5)
    },
    Setting(name: "topk10_drop2_small") {
      ($0.strategy.topk, $0.strategy.nDrop, $0.strategy.riskDegree) = (10, 2, 1)
      $0.cash = 200_000
    },
  ]

  /// The first 60 days of the folder `reference/qlib/backtest`.
  @Test(arguments: settings)
  func firstDays(_ setting: Setting) throws {
    let folder = "\(root)/testdata/portfolio/qlib"
    var scores: [ScoreDay] = []
    try ByteReader(["\(folder)/scores.npy.gz"]).scoreDays { scores.append($0) }
    try compare(setting, folder, scores, bars: "\(folder)/bars.npy.gz", days: 60, to: "2015-03-27")
  }

  static let whole = "\(reference)/qlib/backtest"

  @Test(
    .enabled(
      if: Requirement.reference.isMet, "\(Requirement.reference.reason(cases: settings.count))"),
    arguments: settings)
  func allDays(_ setting: Setting) throws {
    let scores = try scoresOfCSV("\(Self.whole)/signal.csv.gz")
    try withFolder { folder in
      let bars = BarCollection()
      try bars.read(ByteReader(["\(Self.whole)/bars.csv.gz"]))
      let output = try ByteWriter("\(folder)/bars.npy")
      try bars.days(BarSelection()) {
        output.write($0.array)
        try output.commit()
      }
      try output.finish()
      try compare(
        setting, Self.whole, scores, bars: "\(folder)/bars.npy", days: 670, to: "2017-07-28")
    }
  }

  private func compare(
    _ setting: Setting, _ folder: String, _ scores: [ScoreDay], bars: String, days: Int,
    to: String
  ) throws {
    var settings = Backtest.Settings()
    settings.benchmark = try InstrumentCode("SH000300")
    settings.benchmarkGap = .zero
    settings.span = try DaySpan(from: Day("2015-01-05"), to: Day(to))
    setting.change(&settings)
    let ledger = try ledger(settings, scores, bars: bars)
    let results = "\(folder)/\(setting.name)"
    var parity = Parity()
    parity.days(ledger, try csv("\(results)/report_normal_1day.csv.gz"))
    parity.indicators(ledger, try csv("\(results)/indicators_normal_1day.csv.gz"))
    parity.orders(ledger, try csv("\(results)/orders.csv.gz"))
    parity.positions(ledger, try csv("\(results)/positions.csv.gz"))
    #expect(ledger.count == days)
    #expect(parity.differences.isEmpty, "\(parity.differences.prefix(5))")
    print("\(setting.name), \(days) days: \(parity.compared) numbers, worst \(parity.worst)")
  }
}

/// Our ledger beside qlib's files: the same rows, and numbers within 1e-9 of theirs.
struct Parity {
  private(set) var compared = 0
  private(set) var worst = 0.0
  private(set) var differences: [String] = []

  /// Money below 1 counts as 1: of sums of 1e8, all that is left there is rounding.
  private mutating func number(
    _ place: String, _ ours: Double, _ theirs: String?, atLeast least: Double
  ) {
    guard let theirs else { return differences.append("\(place) is missing") }
    compared += 1
    guard !theirs.isEmpty else {
      if !ours.isNaN { differences.append("\(place): \(ours), qlib NaN") }
      return
    }
    guard let number = Double(theirs) else { return differences.append("\(place): \(theirs)") }
    let error = abs(ours - number) / max(abs(number), least)
    worst = max(worst, error)
    if !(error <= 1e-9) { differences.append("\(place): \(ours), qlib \(theirs)") }
  }

  private mutating func keys(_ ours: [String], _ theirs: [String]) {
    guard ours != theirs else { return }
    let place = zip(ours, theirs).enumerated().first { $1.0 != $1.1 }?.offset
    differences.append(
      "\(ours.count) rows, qlib \(theirs.count); first difference at \(place ?? -1): "
        + "\(place.map { "\(ours[$0]), qlib \(theirs[$0])" } ?? "")")
  }

  mutating func days(_ ledger: [LedgerDay], _ rows: [[String: String]]) {
    keys(ledger.map { "\($0.day)" }, rows.map { $0["datetime"] ?? "" })
    for (day, row) in zip(ledger, rows) {
      let money: [(String, Double)] = [
        ("account", day.worth), ("value", day.account.value), ("cash", day.account.cash),
        ("total_turnover", day.account.totalTurnover), ("total_cost", day.account.totalCost),
      ]
      for (name, value) in money { number("\(day.day) \(name)", value, row[name], atLeast: 1) }
      // A return of 0 comes out as some 1e-16 on either side.
      let shares: [(String, Double)] = [
        ("return", day.return), ("turnover", day.turnover / day.before),
        ("cost", day.cost / day.before), ("bench", day.benchmark),
      ]
      for (name, value) in shares { number("\(day.day) \(name)", value, row[name], atLeast: 1e-5) }
    }
  }

  mutating func indicators(_ ledger: [LedgerDay], _ rows: [[String: String]]) {
    keys(ledger.map { "\($0.day)" }, rows.map { $0[""] ?? "" })
    for (day, row) in zip(ledger, rows) {
      number("\(day.day) ffr", day.fulfilled, row["ffr"], atLeast: 0)
      let amount = day.orders.reduce(0) { $0 + $1.dealAmount }
      number("\(day.day) deal_amount", amount, row["deal_amount"], atLeast: 1e-9)
      let value = day.orders.reduce(0) { $0 + $1.value }
      number("\(day.day) value", value, row["value"], atLeast: 1e-9)
      number("\(day.day) count", Double(day.orders.count), row["count"], atLeast: 1e-9)
    }
  }

  /// qlib sells in the order of a set, which is no order: sales are put in that of the codes.
  mutating func orders(_ ledger: [LedgerDay], _ rows: [[String: String]]) {
    let ours = ledger.flatMap { day in day.orders.map { ("\(day.day)", $0) } }
    let theirs = rows.enumerated().sorted { one, other in
      let keys = [one, other].map { place, row in
        (
          row["date"] ?? "", row["dir"] == "SELL" ? 0 : 1,
          row["dir"] == "SELL" ? row["instrument"] ?? "" : "", place
        )
      }
      return keys[0] < keys[1]
    }.map(\.element)
    keys(
      ours.map { "\($0) \($1.direction.rawValue) \($1.code)" },
      theirs.map { "\($0["date"] ?? "") \($0["dir"] ?? "") \($0["instrument"] ?? "")" })
    for ((date, order), row) in zip(ours, theirs) {
      for (name, value) in [
        ("amount", order.amount), ("deal_amount", order.dealAmount), ("factor", order.factor),
        ("price", order.price), ("value", order.value), ("cost", order.cost),
      ] {
        number("\(date) \(order.code) \(name)", value, row[name], atLeast: 1e-9)
      }
    }
  }

  mutating func positions(_ ledger: [LedgerDay], _ rows: [[String: String]]) {
    let ours = ledger.flatMap { day in day.account.holdings.map { (day, $0) } }
    keys(
      ours.map { "\($0.day) \($1.code)" },
      rows.map { "\($0["date"] ?? "") \($0["instrument"] ?? "")" })
    for ((day, holding), row) in zip(ours, rows) {
      for (name, value) in [
        ("amount", holding.amount), ("price", holding.price),
        ("weight", holding.value / day.worth), ("count_day", Double(holding.dayCount)),
      ] {
        number("\(day.day) \(holding.code) \(name)", value, row[name], atLeast: 1e-9)
      }
    }
  }
}

/// All days of a backtest.
func ledger(
  _ settings: Backtest.Settings, _ scores: [ScoreDay], bars: String
) throws -> [LedgerDay] {
  var days: [LedgerDay] = []
  let quotes = DayStream(ByteReader([bars])) {
    try QuoteDay($0, settings.rules.dealPrice)
  }
  let backtest = Backtest(
    settings, quotes,
    lots: .history {
      try firstMissingFactor(ByteReader([bars]), from: $0, to: settings.span.last)
    },
    { days.append($0) })
  for day in scores { try backtest.push(day) }
  try backtest.finish()
  return days
}

/// The rows of a CSV file, by the names of its columns.
private func csv(_ path: String) throws -> [[String: String]] {
  var names: [String] = []
  var rows: [[String: String]] = []
  try ByteReader([path]).lines { line in
    let cells = String(decoding: line, as: UTF8.self)
      .split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    if names.isEmpty {
      names = cells
    } else {
      rows.append(Dictionary(uniqueKeysWithValues: zip(names, cells)))
    }
  }
  return rows
}

/// The columns datetime, instrument, score, in order of the days.
private func scoresOfCSV(_ path: String) throws -> [ScoreDay] {
  var days: [ScoreDay] = []
  var rows = ScoreRows()
  var day: Day?
  for row in try csv(path) {
    let date = try #require(Day(row["datetime"] ?? ""))
    if let day, date != day {
      days.append(rows.scoreDay(day))
      rows = ScoreRows()
    }
    day = date
    try rows.add(
      InstrumentCode(row["instrument"] ?? ""), date, try #require(Double(row["score"] ?? "")), nil)
  }
  if let day { days.append(rows.scoreDay(day)) }
  return days
}

/// The ledger of all bars of a market that are in the folder, with its orders and positions, as a file has
/// them.
func ledgerBytes(
  _ settings: Backtest.Settings, _ market: RandomMarket, _ folder: String
) throws -> [UInt8] {
  let output = try ByteWriter("\(folder)/ledger")
  var writer = LedgerWriter(output)
  (writer.writesOrders, writer.writesPositions) = (true, true)
  for day in try ledger(settings, market.scores, bars: "\(folder)/bars") { try writer.write(day) }
  try output.finish()
  return try fileBytes("\(folder)/ledger")
}

/// What a file holds.
func fileBytes(_ path: String) throws -> [UInt8] {
  let reader = ByteReader([path])
  _ = try reader.nextSource()
  return try reader.readAll(atMost: 1 << 30)
}
