import Market
import Streams

/// One day of a backtest.
public struct LedgerDay: Sendable {
  /// The trading day.
  public let day: Day
  /// The account at its end.
  public let account: Account
  /// Cash and shares.
  public let worth: Double
  /// What the account was worth a day before.
  public let before: Double
  /// The costs of the day.
  public let cost: Double
  /// The value of the day's trades.
  public let turnover: Double
  /// The change of the benchmark.
  public let benchmark: Double
  /// The orders, sales first.
  public let orders: [Order]

  /// The share of the account that was won, before costs.
  public var `return`: Double { (worth - before + cost) / before }

  /// The mean share of its amount that an order got; NaN without orders.
  public var fulfilled: Double {
    let shares = orders.map { $0.dealAmount / $0.amount }.filter { !$0.isNaN }
    return shares.isEmpty ? .nan : shares.reduce(0, +) / Double(shares.count)
  }
}

/// Writes ledgers as NDJSON.
///
/// `{"record":"day",...}` a day, and where they are wanted `{"record":"order",...}` before it and
/// `{"record":"position",...}` after it.
public struct LedgerWriter {
  private let output: ByteWriter
  private var json: JSONWriter
  /// Whether orders are written.
  public var writesOrders = false
  /// Whether positions are written.
  public var writesPositions = false

  /// A writer of day records.
  public init(_ output: ByteWriter) {
    self.output = output
    json = JSONWriter(output)
  }

  /// Writes a day, whole.
  public mutating func write(_ day: LedgerDay) throws {
    let date = "\(day.day)"
    if writesOrders {
      for (place, order) in day.orders.enumerated() { write(order, place, date) }
    }
    write(day, date)
    if writesPositions {
      for holding in day.account.holdings { write(holding, date, day.worth) }
    }
    try output.commit()
  }

  /// Writes what is planned for the day after the last, whole: `{"record":"plan",...}` an order.
  public mutating func write(_ plan: OrderPlan) throws {
    for (place, order) in plan.orders.enumerated() where order.dealAmount > 0 {
      write(order, place, "\(plan.day)", record: "plan")
    }
    try output.commit()
  }

  private mutating func write(_ day: LedgerDay, _ date: String) {
    begin("day", date)
    put("account", day.worth)
    put("return", day.return)
    put("total_turnover", day.account.totalTurnover)
    put("turnover", day.turnover / day.before)
    put("total_cost", day.account.totalCost)
    put("cost", day.cost / day.before)
    put("value", day.account.value)
    put("cash", day.account.cash)
    put("bench", day.benchmark)
    let none = day.orders.isEmpty
    put("ffr", day.fulfilled)
    put("pa", none ? .nan : 0)
    put("pos", none ? .nan : 0)
    put("deal_amount", day.orders.reduce(0) { $0 + $1.dealAmount })
    put("deal_value", day.orders.reduce(0) { $0 + $1.value })
    put("orders", day.orders.count)
    end()
  }

  private mutating func write(
    _ order: Order, _ place: Int, _ date: String, record: String = "order"
  ) {
    begin(record, date)
    put("seq", place)
    put("dir", order.direction.rawValue)
    put("instrument", "\(order.code)")
    put("amount", order.amount)
    put("deal_amount", order.dealAmount)
    put("factor", order.factor)
    put("price", order.price)
    put("value", order.value)
    put("cost", order.cost)
    end()
  }

  private mutating func write(_ holding: Holding, _ date: String, _ worth: Double) {
    begin("position", date)
    put("instrument", "\(holding.code)")
    put("amount", holding.amount)
    put("price", holding.price)
    put("weight", holding.value / worth)
    put("count_day", holding.dayCount)
    end()
  }

  private mutating func begin(_ record: String, _ date: String) {
    json.beginObject()
    put("record", record)
    put("date", date)
  }

  private mutating func put(_ key: String, _ value: Double) {
    json.key(key)
    json.value(value)
  }

  private mutating func put(_ key: String, _ value: Int) {
    json.key(key)
    json.value(value)
  }

  private mutating func put(_ key: String, _ value: String) {
    json.key(key)
    json.value(value)
  }

  private mutating func end() {
    json.endObject()
    json.endLine()
  }
}
