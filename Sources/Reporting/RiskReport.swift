import Days
import Portfolio

/// What a ledger comes to: everything that the table, the NDJSON and the page show.
public struct RiskReport: Sendable {
  /// The days of the ledger.
  public let history: LedgerHistory
  /// What the scores were worth, if they are given.
  public let signal: SignalHistory?
  /// Days that count as a year.
  public let annualization: Double
  /// What orders came to.
  public let indicators: OrderIndicators
  /// The months of the ledger.
  public let months: [CalendarMonth]
  private let returns: [ReturnSeries: [Double]]
  private let riskFree: Double

  /// The deepest falls that are listed.
  static let drawdownCount = 5

  /// A report; `riskFree` is the rate of a year that Sharpe, Sortino and alpha compare with.
  public init(
    _ history: LedgerHistory, signal: SignalHistory? = nil,
    annualization: Double = TradingYear.days, riskFree: Double = 0
  ) {
    self.history = history
    self.signal = signal
    self.annualization = annualization
    self.riskFree = riskFree
    indicators = OrderIndicators(history)
    months = CalendarMonth.months(of: history.days)
    returns = Dictionary(
      uniqueKeysWithValues: ReturnSeries.allCases.map { ($0, history.returns($0)) })
  }

  /// Daily returns; NaN where there is none.
  func daily(_ series: ReturnSeries) -> [Double] { returns[series] ?? [] }

  /// The same with 0 where there is none, for curves that go through every day.
  func filled(_ series: ReturnSeries) -> [Double] { daily(series).map { $0.isNaN ? 0 : $0 } }

  /// Whether a series has a day at all, as the benchmark may not.
  func isKnown(_ series: ReturnSeries) -> Bool { daily(series).contains { !$0.isNaN } }

  func statistics(_ series: ReturnSeries, _ convention: ReturnConvention) -> RiskStatistics {
    RiskStatistics(daily(series), convention, annualization: annualization)
  }

  /// What the days of the ledger are ground enough for.
  var ground: ReturnGround {
    ReturnGround(
      days: history.days.count, annualization: annualization, varies: history.days.count > 1)
  }

  func measures(_ series: ReturnSeries) -> RiskMeasures {
    RiskMeasures(
      daily(series), benchmark: daily(.benchmark), annualization: annualization,
      // An excess is over the benchmark's return, not over a rate.
      riskFree: series == .excessWithCost || series == .excessWithoutCost ? 0 : riskFree)
  }

  /// The deepest falls of a series.
  func drawdowns(_ series: ReturnSeries, _ convention: ReturnConvention) -> [Drawdown] {
    isKnown(series)
      ? Array(Drawdown.all(filled(series), convention).prefix(Self.drawdownCount)) : []
  }

  /// The series and convention of each table of falls: the account as it grows, and the excess as
  /// qlib sums it.
  static let fallen: [(series: ReturnSeries, convention: ReturnConvention)] = [
    (.returnWithCost, .product), (.excessWithCost, .sum),
  ]
}
