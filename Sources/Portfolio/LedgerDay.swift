import Days
import Statistics
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
  /// The change of the benchmark: 0 where it has no close, NaN where there is none to compare with.
  public let benchmark: Double
  /// The orders, sales first.
  public let orders: [Order]

  /// The share of the account that was won, before costs.
  public var `return`: Double { (worth - before + cost) / before }

  /// The mean share of its amount that an order got; NaN without orders.
  public var fulfilled: Double {
    orders.map { $0.dealAmount / $0.amount }.known.mean
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
  /// Whether positions have what a share was bought for.
  public var writesCosts = false

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

  /// Writes what an account is traded by, by the names of the options: `{"record":"settings",...}`.
  public mutating func write(_ settings: Backtest.Settings) throws {
    json.beginObject()
    json.put("record", "settings")
    for (name, value) in settings.parameters { json.put(name, value) }
    end()
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
    json.put("account", day.worth)
    json.put("return", day.return)
    json.put("total_turnover", day.account.totalTurnover)
    json.put("turnover", day.turnover / day.before)
    json.put("total_cost", day.account.totalCost)
    json.put("cost", day.cost / day.before)
    json.put("value", day.account.value)
    json.put("cash", day.account.cash)
    json.put("bench", day.benchmark)
    let none = day.orders.isEmpty
    json.put("ffr", day.fulfilled)
    json.put("pa", none ? .nan : 0)
    json.put("pos", none ? .nan : 0)
    json.put("deal_amount", day.orders.reduce(0) { $0 + $1.dealAmount })
    json.put("deal_value", day.orders.reduce(0) { $0 + $1.value })
    json.put("orders", day.orders.count)
    end()
  }

  private mutating func write(
    _ order: Order, _ place: Int, _ date: String, record: String = "order"
  ) {
    begin(record, date)
    json.put("seq", place)
    json.put("dir", order.direction.rawValue)
    json.put("instrument", "\(order.code)")
    json.put("amount", order.amount)
    json.put("deal_amount", order.dealAmount)
    json.put("factor", order.factor)
    json.put("price", order.price)
    json.put("value", order.value)
    json.put("cost", order.cost)
    end()
  }

  private mutating func write(_ holding: Holding, _ date: String, _ worth: Double) {
    begin("position", date)
    json.put("instrument", "\(holding.code)")
    json.put("amount", holding.amount)
    json.put("price", holding.price)
    json.put("weight", holding.value / worth)
    json.put("count_day", holding.dayCount)
    if writesCosts { json.put("cost", holding.cost ?? .nan) }
    end()
  }

  private mutating func begin(_ record: String, _ date: String) {
    json.beginObject()
    json.put("record", record)
    json.put("date", date)
  }

  private mutating func end() {
    json.endObject()
    json.endLine()
  }
}
