import Days
import Streams

/// A trade that was ordered, in real shares.
struct OrderedTrade: Sendable, Equatable {
  let code: InstrumentCode
  let direction: Order.Direction
  let shares: Double
}

/// A trade that was booked, in real shares and prices.
///
/// Its fee is none of it: brokers add that later.
struct BookedTrade: Sendable, Equatable {
  let code: InstrumentCode
  let direction: Order.Direction
  let shares: Double
  let price: Double
}

/// The last fills that an account has booked: a file that is left where it was brings them again.
struct BookedFills: Sendable, Equatable {
  /// The last day on which anything was dealt, or the first on which a file said that nothing was.
  var day: Day
  var trades: [BookedTrade]

  /// The same after another day.
  static func following(_ before: BookedFills?, _ dealt: DealtDay) -> BookedFills {
    let trades = dealt.rows.map {
      BookedTrade(code: $0.code, direction: $0.direction, shares: $0.shares, price: $0.price)
    }
    if let before, trades.isEmpty { return before }
    return BookedFills(day: dealt.day, trades: trades)
  }
}

/// Whether fills can be those of a day: beside what was booked before, what was ordered, and the prices of
/// the day.
struct FillCheck: Sendable {
  /// What there is to say, the first of each kind, and on how many days.
  private var told: [(kind: Kind, text: String, days: Int)] = []

  private enum Kind { case twin, unordered, excess, price, fee }

  /// Looks at the fills of a day, before they are booked; throws where they are another day's, or there
  /// twice.
  mutating func see(
    _ dealt: DealtDay, after booked: BookedFills?, ordered: [OrderedTrade]?, _ exchange: Exchange
  ) throws {
    if !dealt.isDated, let booked { try Self.refuse(dealt, again: booked) }
    let trades = Self.totals(dealt.rows)
    if let ordered {
      try Self.refuse(dealt, trades, lotsOf: exchange.rules.tradeUnit, ordered)
      try see(dealt, trades, ordered)
    } else if let twin = dealt.rows.first(where: { $0.twin != nil }) {
      let count = dealt.rows.count { $0.twin != nil }
      tell(
        .twin,
        "\(count) of \(dealt.rows.count) fills of \(dealt.day) say what a row before them says, and are "
          + "booked too: first \(twin.place), as \(twin.twin ?? "")")
    }
    try seePrices(dealt, exchange.quotes)
    seeFees(dealt, exchange.rules)
  }

  /// A line for each kind.
  var notes: [String] {
    told.map { $0.text + ($0.days > 1 ? " (so on \($0.days) days)" : "") }
  }

  private mutating func tell(_ kind: Kind, _ text: String) {
    if let place = told.firstIndex(where: { $0.kind == kind }) {
      told[place].days += 1
    } else {
      told.append((kind, text, 1))
    }
  }

  /// All that was booked on the last day, once more, without a word of the day: the file of that day.
  private static func refuse(_ dealt: DealtDay, again booked: BookedFills) throws {
    guard !booked.trades.isEmpty else { return }
    var rows = BookedFills.following(nil, dealt).trades
    for trade in booked.trades {
      guard let place = rows.firstIndex(of: trade) else { return }
      rows.remove(at: place)
    }
    throw Failure.badData(
      dealt.path,
      "all \(booked.trades.count) fills that were booked on \(booked.day) are here again, for "
        + "\(dealt.day): is it the old file? a column date says that they are of \(dealt.day)")
  }

  /// A trade of an instrument in one direction, of all its parts.
  private struct Total {
    let code: InstrumentCode
    let direction: Order.Direction
    var shares: Double
    /// Those of rows that say what a row before them says.
    var twins: Double
    /// The place of its first row.
    let place: String

    var name: String { "\(direction.rawValue) \(code)" }
  }

  private static func totals(_ rows: [Fills.Fill]) -> [Total] {
    var totals: [Total] = []
    for row in rows {
      let twins = row.twin == nil ? 0 : row.shares
      if let place = totals.firstIndex(where: {
        $0.code == row.code && $0.direction == row.direction
      }) {
        totals[place].shares += row.shares
        totals[place].twins += twins
      } else {
        totals.append(
          Total(
            code: row.code, direction: row.direction, shares: row.shares, twins: twins,
            place: row.place))
      }
    }
    return totals
  }

  /// Each of several orders dealt to the hundredth: a broker that counts lots.
  private static func refuse(
    _ dealt: DealtDay, _ trades: [Total], lotsOf unit: Double, _ ordered: [OrderedTrade]
  ) throws {
    guard unit > 1, trades.count > 1, let first = trades.first,
      trades.allSatisfy({ trade in
        ordered.contains {
          $0.code == trade.code && $0.direction == trade.direction
            && abs(trade.shares * unit - $0.shares) < 0.5
        }
      })
    else { return }
    throw Failure.badData(
      first.place,
      "\(first.shares.plain) of \(first.code) were dealt, \((first.shares * unit).plain) ordered, and so "
        + "it is with all \(trades.count): shares look like lots of \(unit.plain)")
  }

  /// What was not ordered, or not as much of it.
  private mutating func see(
    _ dealt: DealtDay, _ trades: [Total], _ ordered: [OrderedTrade]
  ) throws {
    func order(_ trade: Total) -> OrderedTrade? {
      ordered.first { $0.code == trade.code && $0.direction == trade.direction }
    }
    let strangers = trades.filter { order($0) == nil }
    if let first = strangers.first {
      // Its owner may have traded too; but a file of which nothing was ordered is hardly this day's.
      guard dealt.isDated || trades.count < 2 || strangers.count < trades.count else {
        throw Failure.badData(
          dealt.path,
          "none of \(trades.count) trades was ordered for \(dealt.day), first \(first.name): are they of "
            + "another day? a column date says that they are of \(dealt.day)")
      }
      tell(
        .unordered,
        "\(strangers.count) of \(trades.count) trades of \(dealt.day) were not ordered: "
          + "\(strangers.map(\.name).firstThree), first \(first.place)")
    }
    for trade in trades where trade.twins > 0 {
      let most = order(trade)?.shares ?? 0
      guard trade.shares > most + 0.5, trade.shares - trade.twins <= most + 0.5,
        let row = dealt.rows.first(where: { $0.code == trade.code && $0.twin != nil })
      else { continue }
      throw Failure.badData(
        row.place,
        "says what \(row.twin ?? "a row before") says, and with it \(trade.shares.plain) of "
          + "\(trade.code) are dealt, \(most.plain) were ordered: is it there twice?")
    }
    let excess = trades.compactMap { trade -> (trade: Total, ordered: Double)? in
      guard let order = order(trade), trade.shares > order.shares + 0.5 else { return nil }
      return (trade, order.shares)
    }
    if let (trade, most) = excess.first {
      tell(
        .excess,
        "more was dealt on \(dealt.day) than was ordered: \(trade.name), \(trade.shares.plain) and not "
          + "\(most.plain)" + (excess.count > 1 ? ", and \(excess.count - 1) more" : ""))
    }
  }

  /// Prices that the day did not see.
  private mutating func seePrices(_ dealt: DealtDay, _ quotes: QuoteDay) throws {
    var outside: [(row: Fills.Fill, low: Double, high: Double)] = []
    for row in dealt.rows {
      guard let place = quotes.row(row.code), let range = quotes.range(place) else { continue }
      let factor = quotes.factors[place].isNaN ? 1 : Double(quotes.factors[place])
      let (low, high) = (Double(range.low) / factor, Double(range.high) / factor)
      // A mean of parts is rounded, and so are prices that were adjusted and are not any more.
      guard row.price < low * 0.999 - 0.01 || row.price > high * 1.001 + 0.01 else { continue }
      outside.append((row, low, high))
    }
    guard let (row, low, high) = outside.first else { return }
    let text =
      "\(outside.count) of \(dealt.rows.count) fills of \(dealt.day) have a price that the day did not "
      + "see: first \(row.code) at \(row.price), the day's are \(fixed(low, 2)) to \(fixed(high, 2))"
    guard outside.count < 2 || 2 * outside.count <= dealt.rows.count else {
      throw Failure.badData(row.place, text + ": are they of another day?")
    }
    tell(.price, "\(row.place): \(text)")
  }

  /// Fees that are not there yet.
  private mutating func seeFees(_ dealt: DealtDay, _ rules: ExchangeRules) {
    let fees = dealt.rows.compactMap(\.fee)
    if !fees.isEmpty, fees.count < dealt.rows.count {
      tell(
        .fee,
        "\(dealt.rows.count - fees.count) of \(dealt.rows.count) fills of \(dealt.day) have no fee: that "
          + "of the rules is booked")
    }
    // Where lots are of one share, brokers ask for none.
    if !fees.isEmpty, fees.count == dealt.rows.count, fees.allSatisfy({ $0 == 0 }),
      rules.minCost > 0, rules.tradeUnit > 1
    {
      tell(
        .fee,
        "the fees of all \(fees.count) fills of \(dealt.day) are 0: are they not known yet? without a "
          + "column fee those of the rules are booked")
    }
  }
}
