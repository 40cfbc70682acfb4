import Days
import Streams

/// What was really dealt, in real shares and prices: booked instead of what a backtest would trade.
public struct Fills: Sendable {
  /// One trade.
  struct Fill: Sendable {
    let place: String
    let code: InstrumentCode
    let direction: Order.Direction
    fileprivate(set) var shares: Double
    fileprivate(set) var price: Double
    /// What it cost; nil where the rules say it.
    let fee: Double?
    /// The day; nil where the file names none.
    let day: Day?
    /// The place of a row before it that says the same in every column; nil where there is none.
    let twin: String?

    /// Adds what was dealt of the same order, whose least cost is paid once.
    fileprivate mutating func add(_ part: Fill) {
      let value = shares * price + part.shares * part.price
      shares += part.shares
      price = value / shares
    }
  }

  private let path: String
  /// Whether the trades are all of one day that is not named.
  private let isOfOneDay: Bool
  private var waiting: [Fill] = []
  private var firstDay: Day?
  private var lastDay: Day?

  /// Reads CSV with the columns instrument, side (buy or sell), shares and price, and perhaps fee and
  /// date.
  public init(reading path: String) throws {
    var fills: [Fill] = []
    var rows: [String: [CSVRow]] = [:]
    try ByteReader([path]).csvRows(required: ["instrument", "side", "shares", "price"]) { row in
      guard let side = Order.Direction(rawValue: try row.text("side").uppercased()) else {
        throw row.failure("side must be buy or sell: '\(row["side"] ?? "")'")
      }
      let (shares, price) = (try row.number("shares"), try row.number("price"))
      let fee = try row.number(orNone: "fee")
      guard shares > 0, price > 0, fee ?? 0 >= 0 else {
        throw row.failure("shares and price must be above 0, fee 0 or more")
      }
      let code = try row.code("instrument")
      let twin = rows["\(code)"]?.first { $0.isSame(as: row) }?.place
      rows["\(code)", default: []].append(row)
      let fill = Fill(
        place: row.place, code: code, direction: side, shares: shares, price: price, fee: fee,
        day: try row.day(orNone: "date"), twin: twin)
      guard (fill.day == nil) == (fills.first?.day == nil) || fills.isEmpty else {
        throw row.failure("all rows have a date, or none has")
      }
      fills.append(fill)
    }
    self.path = path
    waiting = fills
    isOfOneDay = !fills.isEmpty && fills[0].day == nil
  }

  /// Takes the trades of a day; throws where nothing says of which day they are.
  mutating func take(_ day: Day) throws -> DealtDay {
    if isOfOneDay, let lastDay {
      throw Failure.badData(
        path, "fills have no date, but both \(lastDay) and \(day) are traded: add a column date")
    }
    (firstDay, lastDay) = (firstDay ?? day, day)
    let rows = waiting.filter { $0.day ?? day == day }
    waiting.removeAll { $0.day ?? day == day }
    return DealtDay(path: path, day: day, isDated: !isOfOneDay, rows: rows)
  }

  /// Ends the days; throws where fills are left that no traded day is of.
  func finish() throws {
    guard let left = waiting.first else { return }
    guard let firstDay, let lastDay else {
      throw Failure.badData(left.place, "no day is traded, so that nothing can be booked")
    }
    let days = firstDay == lastDay ? "\(firstDay)" : "\(firstDay) to \(lastDay)"
    throw Failure.badData(
      left.place,
      "\(left.day ?? lastDay) is none of the days that are traded, \(days)")
  }
}

/// What was dealt on one day.
struct DealtDay: Sendable {
  /// The file.
  let path: String
  /// The day that they are booked on.
  let day: Day
  /// Whether the file says so.
  let isDated: Bool
  /// The rows of the file.
  let rows: [Fills.Fill]

  /// The trades, sales first, parts without a fee of their own made one.
  var orders: [Fills.Fill] {
    var orders: [Fills.Fill] = []
    for row in rows {
      let part = orders.firstIndex {
        $0.fee == nil && row.fee == nil && $0.code == row.code && $0.direction == row.direction
      }
      if let part { orders[part].add(row) } else { orders.append(row) }
    }
    return orders.filter { $0.direction == .sell } + orders.filter { $0.direction == .buy }
  }
}

extension Exchange {
  /// The share of its value that no trade of some size costs.
  private static let mostCost = 0.1

  /// Books what was really dealt; throws where that cannot have been.
  func book(_ fill: Fills.Fill, _ account: inout Account) throws -> Order {
    func failure(_ rule: String) -> Failure { .badData(fill.place, rule) }
    guard let row = quotes.row(fill.code), !quotes.closes[row].isNaN else {
      throw failure(
        "\(fill.code) has no close on \(quotes.day), so that it was not traded"
          + (fill.code.alike(among: quotes.codes).map { " (the bars have \($0))" } ?? ""))
    }
    guard !fill.code.isIndex else {
      throw failure("\(fill.code) is an index, which nobody trades: \(fill.code.indexHint)")
    }
    let factor = quotes.factors[row].isNaN ? 1 : Double(quotes.factors[row])
    let close = Double(quotes.closes[row]) / factor
    guard (0.5...2).contains(fill.price / close) else {
      throw failure(
        "price of \(fill.code) is \(fill.price), its close on \(quotes.day) \(fixed(close, 2)): prices "
          + "and shares are real ones, without factor")
    }
    let held = account.amount(fill.code) * factor
    var order = Order(fill.direction, fill.code, fill.shares / factor)
    order.dealAmount = order.amount
    (order.factor, order.price) = (factor, fill.price * factor)
    order.value = fill.shares * fill.price
    let rate = fill.direction == .buy ? rules.openCost : rules.closeCost
    order.cost = fill.fee ?? max(order.value * rate, rules.minCost)
    // A small trade may cost a tenth of its value; of a large one it is another number.
    if let fee = fill.fee, fee > Self.mostCost * order.value, fee > 20 * rules.minCost {
      throw failure(
        "fee of \(fill.code) is \(fee), \(fixed(100 * fee / order.value, 1)) % of the "
          + "\(fixed(order.value, 2)) that were dealt: is the column another?")
    }
    guard fill.direction == .sell else {
      account.book(order)
      return order
    }
    let left = held - fill.shares
    let rounding = 1e-6 * held
    let hasFractions = rules.tradeUnit == 0
    guard left > (hasFractions ? -rounding : -0.5) else {
      throw failure(
        "\(fill.shares.plain) shares of \(fill.code) are sold, \(fixed(held, 2)) were held")
    }
    // A part of a share, which no order can sell, would take a place for ever.
    if left < (hasFractions ? rounding : 1 - rounding) {
      account.remove(order)
    } else {
      account.book(order)
    }
    return order
  }
}

extension Double {
  /// Without a point where it is whole.
  var plain: String { self == rounded() ? fixed(self, 0) : "\(self)" }
}
