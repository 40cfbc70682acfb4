import Days
import Streams
import TestFolders
import Testing

@testable import Portfolio

/// Figures of returns beside those that pandas gave; its formulas stand in the file.
@Suite struct FigureParityTests {
  static let series: [ReturnSeries] = [.benchmark, .returnWithCost, .excessWithCost]

  private func withExpected(
    _ series: ReturnSeries, _ part: String,
    _ body: (LedgerHistory, [Double], JSONValue) throws -> Void
  ) throws {
    let history = try history("\(RiskParityTests.folder)/ledger.ndjson.gz")
    let whole = history.returns(series)
    let returns = part == "whole" ? whole : whole.enumerated().map { $0 % 7 == 0 ? .nan : $1 }
    let path = "\(RiskParityTests.folder)/figures.json"
    try #require(contents(path)).withUnsafeBytes {
      try withJSON($0, name: path) { json in
        try body(
          history, returns,
          json.require("series").require(series.rawValue).require(part))
      }
    }
  }

  @Test("shape and likeness", arguments: series, ["whole", "skipped"])
  func shape(_ series: ReturnSeries, _ part: String) throws {
    try withExpected(series, part) { history, returns, expected in
      let (ours, theirs) = (ReturnShape(returns), try expected.require("shape"))
      for (name, value) in [
        ("total", ours.total), ("skew", ours.skewness), ("kurtosis", ours.kurtosis),
        ("omega", ours.omega), ("payoff", ours.payoff), ("gain_to_pain", ours.gainToPain),
        ("tail_ratio", ours.tailRatio), ("kelly", ours.kelly), ("ulcer", ours.ulcer),
        ("longest_gain", Double(ours.runs.gains)), ("longest_loss", Double(ours.runs.losses)),
      ] {
        #expect(isClose(value, theirs[name]?.double), "\(name): \(value)")
      }
      let rate = ReturnShape(returns, rate: 0.02 / 238)
      #expect(isClose(rate.omega, expected["omega_of_rate"]?.double))
      let likeness = ReturnLikeness(returns, history.returns(.benchmark))
      #expect(isClose(likeness.correlation, expected["correlation"]?.double))
    }
  }

  @Test("spans of the calendar", arguments: series, ["whole", "skipped"])
  func spans(_ series: ReturnSeries, _ part: String) throws {
    try withExpected(series, part) { history, returns, expected in
      for span in [CalendarSpan.month, .threeMonths, .sixMonths, .year, .oneYear] {
        let value = span.value(returns, history.days)
        #expect(
          isClose(value, try expected.require("spans")[span.rawValue]?.double), "\(span): \(value)")
      }
      #expect(CalendarSpan.threeYears.value(returns, history.days).isNaN)
      // Two years of these days, as three are: a root of what they came to.
      let two = try #require(expected.require("spans")["2y"]?.double)
      let start = try #require(history.days.last).months(before: 24)
      let known = zip(history.days, returns).filter { $0.0 > start }.map(\.1).filter { !$0.isNaN }
      #expect(isClose(known.compounded, two))
    }
  }

  @Test("periods and their quantiles", arguments: series, ["whole", "skipped"])
  func periods(_ series: ReturnSeries, _ part: String) throws {
    try withExpected(series, part) { history, returns, expected in
      for period in ReturnPeriod.allCases {
        let values = period.returns(returns, history.days).map(\.value)
        let (ours, theirs) = (
          ReturnSpread(values), try expected.require("periods").require(period.rawValue)
        )
        #expect(ours.count == theirs["count"]?.int, "\(period)")
        #expect(ours.outliers.count == theirs["outliers"]?.int, "\(period)")
        for (name, value) in [
          ("min", ours.least), ("q25", ours.lowerQuartile), ("median", ours.median),
          ("q75", ours.upperQuartile), ("max", ours.most), ("mean", ours.mean),
          ("wins", Double(values.count { $0 > 0 }) / Double(values.count)),
        ] {
          #expect(isClose(value, theirs[name]?.double), "\(period) \(name): \(value)")
        }
      }
    }
  }

  @Test("rolling figures", arguments: series, ["whole", "skipped"])
  func rolling(_ series: ReturnSeries, _ part: String) throws {
    try withExpected(series, part) { history, returns, expected in
      let ours = RollingReturns(
        returns, benchmark: history.returns(.benchmark), window: 119, annualization: 238)
      for (name, values) in [
        ("volatility", ours.volatility), ("sharpe", ours.sharpe), ("sortino", ours.sortino),
        ("beta", ours.beta),
      ] {
        let known = values.filter { !$0.isNaN }
        let theirs = try expected.require("rolling").require(name)
        #expect(known.count == theirs["count"]?.int, "\(name)")
        for (key, value) in [
          ("first", known.first), ("last", known.last), ("min", known.min()), ("max", known.max()),
          ("sum", known.reduce(0, +)),
        ] {
          #expect(isClose(value ?? .nan, theirs[key]?.double), "\(name) \(key)")
        }
      }
    }
  }
}
