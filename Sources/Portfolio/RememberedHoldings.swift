import Days
import Streams

/// Whether bars still say what they said when an account took them in: a source whose adjusted history
/// is rewritten after a split does not, and the account's shares would be worth something else.
struct RememberedHoldings: Sendable {
  /// The closes that were remembered and not met again.
  private var closes: [InstrumentCode: Float]

  init(_ account: Account) {
    closes = Dictionary(uniqueKeysWithValues: account.holdings.map { ($0.code, Float($0.price)) })
  }

  /// Checks the bars of the last day that was taken in: what had a close then must have the same.
  func check(_ quotes: QuoteDay, _ account: Account, in name: String) throws {
    for holding in account.holdings where holding.missedDays == 0 {
      let close = Double(quotes.close(holding.code))
      guard close != holding.price else { continue }
      throw Failure.badData(
        name,
        "history was rewritten: the close of \(holding.code) on \(quotes.day) is \(close), the "
          + "remembered one \(holding.price)")
    }
  }

  /// Checks the bars of a new day: the change of what has a close must be that since the remembered one.
  mutating func check(_ quotes: QuoteDay, in name: String) throws {
    for (code, remembered) in closes.sorted(by: { $0.key < $1.key }) {
      guard let row = quotes.row(code), !quotes.closes[row].isNaN else { continue }
      closes[code] = nil
      do {
        try RememberedClose.check(
          code, quotes.day, close: quotes.closes[row], change: quotes.changes[row],
          factor: quotes.factors[row], remembered: remembered)
      } catch let error as RewrittenHistory {
        throw Failure.badData(name, "\(error)")
      }
    }
  }
}
