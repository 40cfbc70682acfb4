import Days
import Portfolio

/// What returns come to: everything that the table, the NDJSON and the page show.
public struct RiskReport: Sendable {
  /// The returns, and the ledger that they may be from.
  public let returns: DailyReturns
  /// What the scores were worth, if they are given.
  public let signal: SignalHistory?
  /// Days that count as a year.
  public let annualization: Double
  /// What orders came to; nil of plain returns, which have none.
  public let indicators: OrderIndicators?
  /// The months of the days.
  public let months: [CalendarMonth]
  /// The days that rolling figures are of.
  public let window: Int
  let riskFree: Double

  /// The deepest falls that are listed.
  static let drawdownCount = 10

  /// A report; `riskFree` is the rate of a year that Sharpe, Sortino, omega and alpha compare with.
  public init(
    _ returns: DailyReturns, signal: SignalHistory? = nil,
    annualization: Double = TradingYear.days, riskFree: Double = 0, window: Int? = nil
  ) {
    self.returns = returns
    self.signal = signal
    self.annualization = annualization
    self.riskFree = riskFree
    self.window = window ?? RollingReturns.usualWindow(annualization: annualization)
    indicators = returns.ledger.map { OrderIndicators($0) }
    months = CalendarMonth.months(of: returns.days)
  }

  /// The days, ascending.
  var days: [Day] { returns.days }

  /// The numbers of a ledger under a key of its lines; none of plain returns.
  func column(_ key: String) -> [Double] { returns.ledger?.column(key) ?? [] }

  /// The series that are told of: those of a ledger, or what plain returns have.
  var series: [ReturnSeries] {
    returns.ledger == nil
      ? [.benchmark, .returnWithCost, .excessWithCost] : ReturnSeries.allCases
  }

  /// Daily returns; NaN where there is none.
  func daily(_ series: ReturnSeries) -> [Double] { returns[series] }

  /// The same with 0 where there is none, for curves that go through every day.
  func filled(_ series: ReturnSeries) -> [Double] { daily(series).map { $0.isNaN ? 0 : $0 } }

  /// Whether a series has a day at all, as the benchmark may not.
  func isKnown(_ series: ReturnSeries) -> Bool { daily(series).contains { !$0.isNaN } }

  func statistics(_ series: ReturnSeries, _ convention: ReturnConvention) -> RiskStatistics {
    RiskStatistics(daily(series), convention, annualization: annualization)
  }

  /// What the days are ground enough for.
  var ground: ReturnGround {
    ReturnGround(days: days.count, annualization: annualization, varies: days.count > 1)
  }

  /// The rate without risk that a series is held against: an excess is over the benchmark's return, not over
  /// a rate.
  private func riskFree(_ series: ReturnSeries) -> Double {
    series == .excessWithCost || series == .excessWithoutCost ? 0 : riskFree
  }

  func measures(_ series: ReturnSeries) -> RiskMeasures {
    RiskMeasures(
      daily(series), benchmark: daily(.benchmark), annualization: annualization,
      riskFree: riskFree(series))
  }

  func shape(_ series: ReturnSeries) -> ReturnShape {
    ReturnShape(daily(series), rate: riskFree(series) / annualization)
  }

  func rolling(_ series: ReturnSeries) -> RollingReturns {
    RollingReturns(
      daily(series), benchmark: daily(.benchmark), window: window, annualization: annualization,
      rate: riskFree(series) / annualization)
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
