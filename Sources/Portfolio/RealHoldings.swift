import Days
import Streams

/// What a real account holds, in real shares.
public struct RealHoldings: Sendable {
  /// Shares of one instrument.
  struct Entry: Sendable {
    let code: InstrumentCode
    let shares: Double
    /// What a share was bought for, less than 0 where a broker takes what was won off it; nil where nobody
    /// says.
    let cost: Double?
  }

  fileprivate let path: String
  /// In order of the codes, each once.
  private(set) var entries: [Entry] = []

  /// Reads CSV with the columns instrument and shares, and perhaps cost.
  public init(reading path: String) throws {
    self.path = path
    try ByteReader([path]).csvRows(required: ["instrument", "shares"]) { row in
      let code = try row.code("instrument")
      let shares = try row.number("shares")
      let cost = try row.number(orNone: "cost")
      guard shares >= 0 else {
        throw row.failure("shares must be 0 or more: '\(row["shares"] ?? "")'")
      }
      guard !entries.contains(where: { $0.code == code }) else {
        throw row.failure("second row of \(code)")
      }
      guard !code.isIndex else {
        throw row.failure("\(code) is an index, which nobody holds: \(code.indexHint)")
      }
      if shares > 0 { entries.append(Entry(code: code, shares: shares, cost: cost)) }
    }
    entries.sort { $0.code < $1.code }
  }
}

/// Real holdings on their way into an account: what is last known of each instrument's price.
struct OpeningHoldings: Sendable {
  private let holdings: RealHoldings
  private var known: [InstrumentCode: (close: Float, factor: Float, missedDays: Int)] = [:]
  /// The instruments of the last day, for those that are not found.
  private var others: [InstrumentCode] = []

  init(_ holdings: RealHoldings) { self.holdings = holdings }

  /// Takes in a day before the account is opened.
  mutating func see(_ quotes: QuoteDay) {
    others = quotes.codes
    for entry in holdings.entries {
      if let row = quotes.row(entry.code), !quotes.closes[row].isNaN {
        known[entry.code] = (quotes.closes[row], quotes.factors[row], 0)
      } else {
        known[entry.code]?.missedDays += 1
      }
    }
  }

  /// The holdings in adjusted shares, held long enough to be sold; throws where some have no price.
  func holdings(heldFor days: Int, on day: Day) throws -> [Holding] {
    let unknown = holdings.entries.map(\.code).filter { known[$0] == nil }
    if let one = unknown.first {
      throw Failure.badData(
        holdings.path,
        "\(unknown.count) of \(holdings.entries.count) holdings have no close in the bars up to \(day) to "
          + "be worth: \(unknown.firstThree) here"
          + (one.alike(among: others).map { ", \($0) there" } ?? ""))
    }
    return holdings.entries.compactMap { entry in
      guard let (close, factor, missedDays) = known[entry.code] else { return nil }
      let scale = factor.isNaN ? 1 : Double(factor)
      var holding = Holding(
        code: entry.code, amount: entry.shares / scale, price: Double(close), dayCount: days)
      holding.missedDays = missedDays
      holding.cost = entry.cost.map { $0 * scale }
      return holding
    }
  }
}

extension CSVRow {
  /// The instrument of a column; throws where it is none.
  func code(_ name: String) throws -> InstrumentCode {
    do {
      return try InstrumentCode(try text(name))
    } catch let error as DayError {
      throw failure("\(error)")
    }
  }

  /// The day of a column; nil where it is empty, or the column is not there.
  func day(orNone name: String) throws -> Day? {
    guard let text = self[name] else { return nil }
    guard let day = Day(spelled: text) else {
      throw failure("\(DayError.date(String(text.prefix(40))))")
    }
    return day
  }
}
