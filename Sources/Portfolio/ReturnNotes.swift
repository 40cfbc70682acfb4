import Days
import Statistics
import Streams

/// What is strange about plain returns, and yet may be so: told in a line each.
public struct ReturnNotes {
  let returns: DailyReturns
  let unit: ReturnUnit
  let year: TradingYear

  /// What is to be told of returns that were read as numbers of this unit.
  public init(_ returns: DailyReturns, _ unit: ReturnUnit, _ year: TradingYear) {
    (self.returns, self.unit, self.year) = (returns, unit, year)
  }

  private var days: [Day] { returns.days }
  private var own: [Double] { returns[.returnWithCost] }
  private var benchmark: [Double] { returns[.benchmark] }

  /// The lines; nothing of a ledger but that its money is not what its returns say.
  public var all: [String] {
    if let ledger = returns.ledger { return [ledger.contradiction].compactMap(\.self) }
    let rhythm = ReturnRhythm(days).note(annualization: year.given)
    return [
      returns.gaps, rhythm, small, jump, bridge, ruin, Self.zeros(own, "return"),
      Self.zeros(benchmark, "benchmark"), constant(own, "return"), constant(benchmark, "benchmark"),
      Self.overlap(own, "return"), Self.overlap(benchmark, "benchmark"), shifted, unlike, outcome,
    ].compactMap(\.self)
  }

  /// Percent that are less than anyone writes as percent.
  private var small: String? {
    let moves = own.known.map(\.magnitude).filter { $0 > 0 }.sorted()
    guard unit == .percent, !moves.isEmpty, moves.sortedQuantile(0.5) < 0.0002 else { return nil }
    return
      "--percent: half of the days move by less than \(shown(100 * moves.sortedQuantile(0.5))) %: are "
      + "these shares of 1?"
  }

  /// A change of a price, alone of its size.
  private var jump: String? {
    let moves = own.known.map(\.magnitude).filter { $0 > 0 }.sorted()
    guard unit == .price, let most = moves.last,
      let place = own.firstIndex(where: { $0.magnitude == most })
    else { return nil }
    let times = most / moves.sortedQuantile(0.5)
    // What came about over days without a price has a line of its own.
    guard moves.count > 9, most > 0.2, times > 15,
      place == 0 || !own[place - 1].isNaN
    else { return nil }
    return
      "the price changes by \(fixed(100 * own[place], 1)) % on \(days[place]), \(fixed(times, 0)) times as "
      + "much as in the middle: is it a split, or money paid in or out?"
  }

  /// A change over days without a price, which is booked on the day after them.
  private var bridge: String? {
    var (run, longest, end) = (0, 0, 0)
    for (place, value) in own.enumerated() {
      if value.isNaN {
        run += 1
      } else {
        if run > longest { (longest, end) = (run, place) }
        run = 0
      }
    }
    guard unit == .price, longest > 4 else { return nil }
    return
      "no price on \(longest) days in a row: the change over them counts as that of a day, \(days[end])"
  }

  /// The day after which nothing is left.
  private var ruin: String? {
    returns.ruin.map { "on \(days[$0]) all is lost: a return of \(fixed(100 * own[$0], 1)) %" }
  }

  /// Nothing but 0 for weeks at an end, where the numbers may have been filled in.
  private static func zeros(_ values: [Double], _ name: String) -> String? {
    let known = values.known
    let head = known.prefix { $0 == 0 }.count
    guard head < known.count else {
      return head < 20 ? nil : "\(name) is 0 on all of \(head) days, and they count: is there none?"
    }
    let tail = known.reversed().prefix { $0 == 0 }.count
    let parts = [(head, "first"), (tail, "last")].filter { $0.0 >= 20 }
      .map { "the \($0.1) \($0.0)" }
    return parts.isEmpty
      ? nil
      : "\(name) is 0 on \(parts.joined(separator: " and ")) of \(known.count) days, and they count: were "
        + "they filled in?"
  }

  /// One number for days on end, as a gap is filled with the last value; 0 may be a time out of the market.
  private func constant(_ values: [Double], _ name: String) -> String? {
    var (run, longest, end) = (0, 0, 0)
    for (place, value) in values.enumerated() {
      run = value != 0 && place > 0 && value == values[place - 1] ? run + 1 : 0
      if run > longest { (longest, end) = (run, place) }
    }
    guard longest >= 9 else { return nil }
    return
      "\(name) is \(shown(values[end])) on \(longest + 1) days in a row, from \(days[end - longest]) on: were "
      + "they filled in?"
  }

  /// Returns that go with those of the day before, as those of several days each do, which overlap.
  private static func overlap(_ values: [Double], _ name: String) -> String? {
    let own = correlation(values, values, later: 1)
    guard own > 0.5 else { return nil }
    return
      "\(name) goes with that of the day before, with a correlation of \(fixed(own, 2)): is it of several days, "
      + "which overlap, or of prices that are smoothed?"
  }

  /// Returns that go with the benchmark of a day beside theirs.
  private var shifted: String? {
    let same = Self.correlation(own, benchmark, later: 0)
    for (name, other) in [
      ("before", Self.correlation(benchmark, own, later: 1)),
      ("after", Self.correlation(own, benchmark, later: 1)),
    ] where other > 0.5 && other > same + 0.3 {
      return
        "return goes with the benchmark of the day \(name), with a correlation of \(fixed(other, 2)), and by "
        + "\(fixed(same, 2)) with its own: is one of them a day off?"
    }
    return nil
  }

  /// The correlation of numbers with others that are so many places later; NaN of fewer than 60 pairs.
  private static func correlation(_ one: [Double], _ other: [Double], later: Int) -> Double {
    let other = Array(other.dropFirst(later))
    guard zip(one, other).count(where: { !$0.isNaN && !$1.isNaN }) >= 60 else { return .nan }
    return ReturnLikeness(one, other).correlation
  }

  /// Returns and a benchmark of which one may be percent; that of money moves by hardly anything.
  private var unlike: String? {
    let ratio = own.known.deviation / benchmark.known.deviation
    guard own.known.varies, benchmark.known.varies, ratio > 10 || ratio < 0.1,
      min(own.known.deviation, benchmark.known.deviation) > 0.0002
    else { return nil }
    return ratio > 10
      ? "return varies \(fixed(ratio, 0)) times as much as benchmark: are both of one unit?"
      : "benchmark varies \(fixed(1 / ratio, 0)) times as much as return: are both of one unit?"
  }

  /// What hardly anything earns, or swings by, in a year.
  private var outcome: String? {
    let risk = RiskMeasures(own, benchmark: benchmark, annualization: year.days)
    let swing = RiskMeasures(benchmark, benchmark: benchmark, annualization: year.days).volatility
    var parts: [String] = []
    if risk.sharpe.magnitude > 10 { parts.append("a Sharpe ratio of \(fixed(risk.sharpe, 1))") }
    if risk.volatility > 2 {
      parts.append("a volatility of \(fixed(100 * risk.volatility, 0)) % a year")
    }
    if swing > 2 { parts.append("a benchmark's volatility of \(fixed(100 * swing, 0)) % a year") }
    return parts.isEmpty
      ? nil : "\(parts.joined(separator: ", ")): are the numbers returns of a day, and shares of 1?"
  }
}

extension DailyReturns {
  /// The place of the day after which nothing is left, or less; nil where something is.
  public var ruin: Int? {
    var left = 1.0
    return self[.returnWithCost].firstIndex { value in
      if !value.isNaN { left *= 1 + value }
      return left <= 0
    }
  }
}

/// A number in few digits.
private func shown(_ value: Double) -> String { "\(value.rounded(significant: 4))" }
