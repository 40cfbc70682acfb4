import ArgumentParser

/// What the columns of a table of returns are called.
public struct ReturnColumns: ExpressibleByArgument, Sendable {
  /// The column of days.
  public private(set) var date = "date"
  /// The column of returns.
  public private(set) var `return` = "return"
  /// The column of the benchmark's returns, which need not be there.
  public private(set) var benchmark = "benchmark"
  /// Whether the benchmark may go by its name in ledgers, `bench`.
  private(set) var isUsual = true

  /// The usual names.
  public init() {}

  /// Names as an option has them: `date=Day,return=Fund,benchmark=Index`.
  public init?(argument: String) {
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
      guard pair.count == 2 else { return nil }
      switch pair[0] {
      case "date": date = pair[1]
      case "return": `return` = pair[1]
      case "benchmark": (benchmark, isUsual) = (pair[1], false)
      default: return nil
      }
    }
    guard Set([date, `return`, benchmark]).count == 3 else { return nil }
  }

  /// Those of a header that are no column of returns.
  func unused(of names: [String]) -> [String] {
    let wanted = ([date, `return`, benchmark] + (isUsual ? ["bench"] : [])).map { $0.lowercased() }
    return names.filter { !wanted.contains($0.lowercased()) }
  }
}

/// How a table of returns is to be read.
public struct ReturnReading: Sendable {
  /// What the columns are called.
  public var columns = ReturnColumns()
  /// What its numbers are.
  public var unit = ReturnUnit.share
  /// Whether numbers are believed that look like something else than returns.
  public var isTrusting = false

  /// Shares of 1 under the usual names.
  public init() {}
}

/// What the numbers of a table of returns are.
public enum ReturnUnit: Sendable {
  /// Returns: 0.01 is 1 %.
  case share
  /// Returns in percent: 1 is 1 %.
  case percent
  /// Prices, or what an account was worth: the returns are their changes.
  case price
}
