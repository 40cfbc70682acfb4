import ArgumentParser

/// How many trading days count as a year: the one option, and the one default, of whatever says what
/// days come to in a year.
public struct TradingYear: ParsableArguments {
  /// The days of a year that qlib's `risk_analysis` takes, some four fewer than China's exchanges have.
  public static let days = 238.0

  /// Trading days that count as a year, where the option says so.
  @Option(
    name: .customLong("annualization"),
    help: ArgumentHelp("Trading days that count as a year. (default: 238)", valueName: "days"))
  public var given: Double?

  /// Trading days that count as a year.
  public var days: Double { given ?? Self.days }

  /// The default, as the parser wants it.
  public init() {}

  /// Refuses what is no year.
  public func validate() throws {
    guard days >= 1, days <= 1e6 else {
      throw ValidationError("--annualization must be in 1...1000000: \(days)")
    }
  }
}
