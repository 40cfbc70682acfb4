import Days
import Statistics

/// Daily returns, whatever they were read from: a ledger, or a table of returns.
public struct DailyReturns: Sendable {
  /// What they are called beside others.
  public var name: String
  /// The days, ascending.
  public let days: [Day]
  /// The ledger that they are from, which knows of money and orders; nil of plain returns.
  public let ledger: LedgerHistory?
  /// What they were read from, as it can be told again: the SHA-256 of the bytes, unpacked.
  ///
  /// It stands in pages alone: what goes into a pipe is the same with other line ends, or a byte order mark.
  public var fingerprint: String?
  /// What is strange about them, and yet may be so: a line each, which stands on the page too.
  public var notes: [String] = []
  private let series: [ReturnSeries: [Double]]

  /// The returns of a ledger.
  public init(_ ledger: LedgerHistory, name: String = "") {
    self.name = name
    self.ledger = ledger
    days = ledger.days
    series = Dictionary(
      uniqueKeysWithValues: ReturnSeries.allCases.map { ($0, ledger.returns($0)) })
  }

  /// Plain returns, and those of a benchmark, NaN where there is none.
  ///
  /// Costs are taken to be in them: nothing tells what they were without.
  public init(_ days: [Day], returns: [Double], benchmark: [Double], name: String = "") {
    self.name = name
    self.days = days
    ledger = nil
    let none = days.map { _ in Double.nan }
    series = [
      .benchmark: benchmark, .returnWithoutCost: none, .returnWithCost: returns,
      .excessWithoutCost: none, .excessWithCost: zip(returns, benchmark).map { $0 - $1 },
    ]
  }

  /// Daily returns; NaN where there is none.
  public subscript(_ one: ReturnSeries) -> [Double] { series[one] ?? [] }

  /// The same of some days, by their places; money and orders are left behind.
  public func part(_ places: [Int]) -> DailyReturns {
    var part = DailyReturns(
      places.map { days[$0] }, returns: places.map { self[.returnWithCost][$0] },
      benchmark: places.map { self[.benchmark][$0] }, name: name)
    part.fingerprint = fingerprint
    part.notes = notes
    return part
  }

  /// What is to be told of days on which one of the two has no number; nil of none.
  ///
  /// A benchmark that has no day at all is none.
  public var gaps: String? {
    let (own, other) = (self[.returnWithCost], self[.benchmark])
    var parts: [String] = []
    func tell(_ what: String, _ values: [Double]) {
      guard let first = values.firstIndex(where: \.isNaN), values.contains(where: { !$0.isNaN })
      else { return }
      let count = values.count(where: \.isNaN)
      parts.append("\(what) on \(count) of \(days.count) days, first \(days[first])")
    }
    tell("no return", own)
    tell("no benchmark", other)
    return parts.isEmpty
      ? nil
      : parts.joined(separator: "; ") + ": these days are left out of what needs the number"
  }
}
