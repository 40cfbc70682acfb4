import Days
import Streams
import TestFolders
import Testing

@testable import Days
@testable import Portfolio

/// Statistics beside those that pandas and qlib gave.
@Suite struct RiskParityTests {
  static let folder = "\(root)/testdata/risk"
  static let names = ["mean", "std", "annualized_return", "information_ratio", "max_drawdown"]

  @Test("every number as pandas has it, with days left out too", arguments: ReturnSeries.allCases)
  func pandas(_ series: ReturnSeries) throws {
    let history = try history("\(Self.folder)/ledger.ndjson.gz")
    let returns = history.returns(series)
    let gaps = returns.enumerated().map { $0 % 7 == 0 ? .nan : $1 }
    try json("\(Self.folder)/pandas.json") { json in
      let expected = try json.require("series").require(series.rawValue)
      try compare(returns, history, expected, series)
      try compare(gaps, history, expected.require("skipped"), series)
      for convention in ReturnConvention.allCases {
        let falls = try expected.require("drawdowns").require(convention.rawValue)
        let ours = Drawdown.all(returns, convention)
        for (one, other) in zip(ours, falls.elements) {
          let (start, trough) = (try other.require("start"), try other.require("trough"))
          let recovery = try other.require("recovery").string
          let depth = try other.require("depth").double
          let length = try other.require("length").int
          #expect(one.start.map { "\(history.days[$0])" } == start.string)
          #expect("\(history.days[one.trough])" == trough.string)
          #expect(one.recovery.map { "\(history.days[$0])" } == recovery)
          #expect(isClose(one.depth, depth) && one.length == length)
        }
        #expect(ours.count >= falls.count && falls.count == 5)
      }
      let months = CalendarMonth.months(of: history.days)
      let theirs = try expected.require("months")
      #expect(months.count == theirs.count)
      for month in months {
        #expect(isClose(month.compounded(returns), theirs[month.name]?.double), "\(month.name)")
      }
    }
  }

  private func compare(
    _ returns: [Double], _ history: LedgerHistory, _ expected: JSONValue, _ series: ReturnSeries
  ) throws {
    for convention in ReturnConvention.allCases {
      let theirs = try expected.require(convention.rawValue)
      let ours = RiskStatistics(returns, convention, annualization: 238)
      for (name, value) in zip(Self.names, ours.all) {
        #expect(isClose(value, theirs[name]?.double), "\(convention) \(name): \(value)")
      }
      // The first day of this ledger is no part of its largest fall.
      #expect(ours.maxDrawdown == ours.qlibMaxDrawdown)
      #expect(isClose(ours.calmar, theirs["calmar"]?.double))
    }
    let isExcess = series == .excessWithCost || series == .excessWithoutCost
    let ours = RiskMeasures(
      returns, benchmark: history.returns(.benchmark), annualization: 238,
      riskFree: isExcess ? 0 : 0.02)
    let theirs = try expected.require("measures")
    for (name, value) in [
      ("volatility", ours.volatility), ("sharpe", ours.sharpe), ("sortino", ours.sortino),
      ("var_95", ours.valueAtRisk), ("cvar_95", ours.conditionalValueAtRisk),
      ("alpha", ours.alpha), ("beta", ours.beta), ("win_rate", ours.winRate),
      ("t_statistic", ours.tStatistic),
    ] {
      #expect(isClose(value, theirs[name]?.double), "\(name): \(value)")
    }
  }

  @Test("qlib's own table of a setting whose ledger is here")
  func qlib() throws {
    try compareWithQlib(
      try history("\(Self.folder)/ledger.ndjson.gz"), "\(Self.folder)/qlib-summary.json")
  }

  static let backtests = "\(reference)/qlib/backtest"

  @Test(
    "qlib's tables of all settings",
    .enabled(if: Requirement.reference.isMet, "\(Requirement.reference.reason(cases: 3))"),
    arguments: ["topk50_drop5", "topk10_drop2_hold5", "topk10_drop2_small"])
  func settings(_ name: String) throws {
    let folder = "\(Self.backtests)/\(name)"
    let report = try rows("\(folder)/report_normal_1day.csv.gz")
    let indicators = try rows("\(folder)/indicators_normal_1day.csv.gz")
    try #require(report.count == 671 && indicators.count == 671)
    var ledger = ""
    let columns = report[0].dropFirst()
    let others = indicators[0].dropFirst().map { $0 == "count" ? "orders" : $0 }
    for (row, other) in zip(report, indicators).dropFirst() {
      ledger += #"{"record":"day","date":"\#(row[0])""#
      for (key, value) in zip(columns, row.dropFirst()) { ledger += ",\"\(key)\":\(value)" }
      for (key, value) in zip(others, other.dropFirst()) where key != "value" {
        ledger += ",\"\(key)\":\(value.isEmpty ? "null" : value)"
      }
      ledger += "}\n"
    }
    try withFolder { folder in
      put(ledger, "\(folder)/ledger")
      try compareWithQlib(
        try history("\(folder)/ledger"), "\(Self.backtests)/\(name)/summary.json")
    }
  }

  private func compareWithQlib(_ history: LedgerHistory, _ path: String) throws {
    try json(path) { json in
      let analysis = try json.require("risk_analysis")
      #expect(analysis.count == 8)
      for (key, expected) in analysis.members {
        let parts = key.split(separator: ":").map(String.init)
        let convention = try #require(ReturnConvention(rawValue: parts[0]))
        let series = try #require(ReturnSeries(rawValue: parts[1]))
        let ours = RiskStatistics(history.returns(series), convention, annualization: 238)
        // The benchmark alone is a column of float32 in qlib, and so are its sums and products.
        let bound = series == .benchmark ? 0x1p-23 : 1e-9
        for (name, value) in zip(Self.names, ours.all) {
          #expect(isClose(value, expected[name]?.double, bound), "\(key) \(name): \(value)")
        }
      }
      let expected = try json.require("indicator_analysis")
      let ours = OrderIndicators(history)
      #expect(isClose(ours.fulfilment, expected["ffr"]?.double))
      #expect(isClose(ours.priceAdvantage, expected["pa"]?.double))
      #expect(isClose(ours.positiveShare, expected["pos"]?.double))
    }
  }

  static let market = "\(data)/market/csi300_daily.csv.gz"

  @Test(
    "the benchmark's row that qlib published",
    .enabled(if: Requirement.market.isMet, "\(Requirement.market)"))
  func published() throws {
    var (closes, returns): ([Double], [Double]) = ([], [])
    for row in try rows(Self.market, where: "SH000300,") {
      let close = try #require(Double(row[5]))
      if let last = closes.last, row[1] >= "2017-01-03", row[1] <= "2020-07-31" {
        returns.append(close / last - 1)
      }
      closes.append(close)
    }
    let statistics = RiskStatistics(returns, .sum, annualization: 238)
    // With these closes pandas and NumPy have the same: the last digit of what was published as
    // information ratio and drawdown, 0.598699 and -0.370479, came of another copy of the index.
    let numpy = [
      0.00047714877151074943, 0.0122951889657271, 0.11356140761955837, 0.598696998281309,
      -0.3704771031002374,
    ]
    for (ours, theirs) in zip(statistics.all, numpy) {
      #expect(isClose(ours, theirs), "\(ours), NumPy \(theirs)")
    }
    let published = [0.000477, 0.012295, 0.113561, 0.598699, -0.370479]
    for (ours, theirs) in zip(statistics.all.prefix(3), published) {
      #expect((ours * 1e6).rounded() == (theirs * 1e6).rounded(), "\(ours), published \(theirs)")
    }
    #expect(zip(statistics.all, published).allSatisfy { abs($0 - $1) < 2.5e-6 })
  }
}

extension RiskStatistics {
  /// The numbers in qlib's order.
  var all: [Double] { [mean, deviation, annualizedReturn, informationRatio, qlibMaxDrawdown] }
}

/// Whether two numbers are the same to a share of the other; both may be 0.
func isClose(_ one: Double, _ other: Double?, _ bound: Double = 1e-9) -> Bool {
  guard let other else { return false }
  return one == other || abs(one - other) <= bound * abs(other) || max(abs(one), abs(other)) < 1e-15
}

/// The days of a ledger.
func history(_ path: String) throws -> LedgerHistory {
  var history = LedgerHistory()
  try ByteReader([path]).ndjson { try history.add($0) }
  return history
}

private func json(_ path: String, _ body: (JSONValue) throws -> Void) throws {
  let reader = ByteReader([path])
  _ = try reader.nextSource()
  try reader.readAll(atMost: 1 << 30).withUnsafeBytes { try withJSON($0, name: path, body) }
}

/// The fields of the lines of a file that begin so.
private func rows(_ path: String, where start: String = "") throws -> [[String]] {
  var rows: [[String]] = []
  try ByteReader([path]).lines { line in
    guard line.starts(with: start.utf8) else { return }
    rows.append(
      String(decoding: line, as: UTF8.self)
        .split(separator: ",", omittingEmptySubsequences: false).map(String.init))
  }
  return rows
}
