import Days
import Streams

/// A series of daily returns that a ledger holds.
public enum ReturnSeries: String, CaseIterable, Sendable {
  /// The benchmark's.
  case benchmark = "bench"
  /// The account's, as if trading were free.
  case returnWithoutCost = "return_without_cost"
  /// The account's.
  case returnWithCost = "return_with_cost"
  /// The account's over the benchmark's, as if trading were free.
  case excessWithoutCost = "excess_return_without_cost"
  /// The account's over the benchmark's.
  case excessWithCost = "excess_return_with_cost"
}

/// The days of a ledger, a column for each of their numbers; NaN where there is none.
public struct LedgerHistory: Sendable {
  /// The days, ascending.
  public private(set) var days: [Day] = []
  /// Money and shares of the account, by the key of the ledger's day lines.
  private var columns: [String: [Double]]

  /// Keys that a day line must have, and those that it may.
  static let required = ["account", "return", "turnover", "cost", "bench"]
  private static let optional = [
    "total_cost", "total_turnover", "value", "cash", "ffr", "pa", "pos", "orders",
  ]
  /// What was held at the end of the last day, as far as the ledger says: the share of the account that
  /// each instrument was.
  public private(set) var positions: [(instrument: String, weight: Double)] = []
  /// How many instruments were held at the end of each day; NaN where the ledger does not say.
  public private(set) var holdings: [Double] = []

  /// A history of no days.
  public init() {
    columns = Dictionary(uniqueKeysWithValues: (Self.required + Self.optional).map { ($0, []) })
  }

  /// What the ledger says of how it was made, by name, as its line `settings` has it.
  public private(set) var settings: [(name: String, text: String)] = []

  /// Takes in a line of a ledger; of other records than `day` those of positions are counted, and that of
  /// settings is kept.
  ///
  /// Throws `badData` where a key is missing or of another type, or the days do not ascend.
  public mutating func add(_ line: JSONValue) throws {
    let record = try line.require("record")
    guard let name = record.string else { throw record.failure("record must be a string") }
    if name == "position" { addPosition(line) }
    if name == "settings" { addSettings(line) }
    guard name == "day" else { return }
    let day = try line.day("date")
    do { try DayOrder(after: days.last).check(day) } catch {
      throw try line.require("date").failure("\(error)")
    }
    var numbers: [(key: String, value: Double)] = []
    for key in Self.required { numbers.append((key, try line.requireNumber(orNull: key))) }
    for key in Self.optional { numbers.append((key, try line.number(orNull: key))) }
    append(day, numbers)
  }

  /// Takes in a row of a table with the same numbers under the same names, as qlib's report is one.
  mutating func add(_ row: CSVRow, day: Day) throws {
    do { try DayOrder(after: days.last).check(day) } catch { throw row.failure("\(error)") }
    append(
      day, try (Self.required + Self.optional).map { ($0, try row.number(orNone: $0) ?? .nan) })
  }

  private mutating func append(_ day: Day, _ numbers: [(key: String, value: Double)]) {
    days.append(day)
    holdings.append(.nan)
    positions = []
    for (key, value) in numbers { columns[key]?.append(value) }
  }

  /// Counts what was held at the end of the last day; a line of another day, or without a weight, counts for
  /// nothing.
  private mutating func addPosition(_ line: JSONValue) {
    guard let last = days.last, line["date"]?.string.flatMap({ Day($0) }) == last,
      let instrument = line["instrument"]?.string, let weight = line["weight"]?.double
    else { return }
    let count = holdings[holdings.count - 1]
    holdings[holdings.count - 1] = count.isNaN ? 1 : count + 1
    positions.append((instrument, weight))
  }

  /// Keeps settings as they stand; of ledgers that are joined those that differ come one after the other.
  private mutating func addSettings(_ line: JSONValue) {
    for (name, value) in line.members where name != "record" {
      let text = value.string ?? String(decoding: value.text, as: UTF8.self)
      if !settings.contains(where: { $0 == (name, text) }), settings.count < 100 {
        settings.append((name, String(text.prefix(200))))
      }
    }
  }

  /// The share of the account that is in instruments, day by day; NaN where the ledger does not say.
  public var exposure: [Double] {
    zip(column("value"), column("account")).map { $1 == 0 ? .nan : $0 / $1 }
  }

  /// The numbers under a key of the ledger's day lines.
  public func column(_ key: String) -> [Double] { columns[key] ?? [] }

  /// What trading has cost in money by the last day; NaN where the ledger does not say.
  ///
  /// `total_cost` counts from the opening of an account, also of those whose ledgers are joined.
  public var totalCost: Double {
    let totals = column("total_cost")
    var (past, last) = (0.0, Double.nan)
    for day in days.indices where !totals[day].isNaN {
      if isOpening(day, after: last) { past += last }
      last = totals[day]
    }
    return past + last
  }

  /// Whether an account is opened on a day, where ledgers are joined: its costs begin anew, which shows, as
  /// they are, less the cost of the day, nearer to nothing than to those by the day before.
  private func isOpening(_ day: Int, after last: Double) -> Bool {
    let (total, cost) = (column("total_cost")[day], column("cost")[day])
    // The account of the day before, also where this is the first line of a ledger.
    let money = cost * column("account")[day] / (1 + column("return")[day] - cost)
    let opening = money.isFinite ? total - money : total
    return opening.magnitude < (opening - last).magnitude
  }

  /// Where the account does not grow by what the ledger says that it earned, as where a day is missing or
  /// money was paid in; nil where it does on every day.
  ///
  /// An account that is opened, where ledgers are joined, does not go on from the one before.
  public var contradiction: String? {
    func percent(_ share: Double) -> String {
      share.magnitude < 1e6 ? fixed(100 * share, 3) : "\(100 * share)"
    }
    let (accounts, net) = (column("account"), returns(.returnWithCost))
    let totals = column("total_cost")
    var (count, first) = (0, "")
    for day in days.indices.dropFirst() {
      let growth = accounts[day] / accounts[day - 1] - 1
      guard growth.isFinite, (growth - net[day]).magnitude > 1e-5 * max(1, net[day].magnitude),
        !isOpening(day, after: totals[day - 1])
      else { continue }
      count += 1
      if first.isEmpty {
        first =
          "\(days[day]), \(percent(growth)) % since \(days[day - 1]) where return less cost is "
          + "\(percent(net[day])) %"
      }
    }
    return count == 0
      ? nil
      : "the account does not grow by its returns on \(count) of \(days.count) days, first \(first): is a "
        + "day missing, or was money paid in or out? What is reported goes by the returns"
  }

  /// Daily returns.
  public func returns(_ series: ReturnSeries) -> [Double] {
    let (gross, cost, bench) = (column("return"), column("cost"), column("bench"))
    return days.indices.map { day in
      switch series {
      case .benchmark: bench[day]
      case .returnWithoutCost: gross[day]
      case .returnWithCost: gross[day] - cost[day]
      case .excessWithoutCost: gross[day] - bench[day]
      case .excessWithCost: gross[day] - bench[day] - cost[day]
      }
    }
  }
}

/// What qlib's `indicator_analysis` says of orders: means over days, weighted by how many there were.
public struct OrderIndicators: Sendable {
  /// The share of orders' amounts that was dealt.
  public let fulfilment: Double
  /// The advantage of the price dealt.
  public let priceAdvantage: Double
  /// The share of orders with an advantage.
  public let positiveShare: Double
  /// Whether any order was dealt at another price than the one it is compared with.
  ///
  /// At the close, which is compared with the close, `priceAdvantage` and `positiveShare` are 0 and say
  /// nothing.
  public let comparesPrices: Bool

  /// The indicators of a ledger.
  ///
  /// A day without a number adds nothing, but its weight stays, as in qlib.
  public init(_ history: LedgerHistory) {
    let weights = history.column("orders").map { $0.isNaN ? 0 : $0 }
    let total = weights.reduce(0, +)
    func mean(_ key: String) -> Double {
      zip(history.column(key), weights).reduce(0) { $0 + ($1.0.isNaN ? 0 : $1.0 * $1.1) } / total
    }
    fulfilment = mean("ffr")
    priceAdvantage = mean("pa")
    positiveShare = mean("pos")
    comparesPrices = ["pa", "pos"].contains { key in
      history.column(key).known.contains { $0 != 0 }
    }
  }
}
