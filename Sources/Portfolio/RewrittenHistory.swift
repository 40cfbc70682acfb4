import Days
import Streams

/// Whether bars still say what they said when an account took them in: a source whose adjusted history
/// is rewritten after a split does not, and the account's shares would be worth something else.
extension Account {
  /// Checks the bars of the last day that was taken in: what had a close must have the same.
  func check(_ quotes: QuoteDay, in name: String) throws {
    for holding in holdings where holding.missedDays == 0 {
      let close = Double(quotes.close(holding.code))
      guard close != holding.price else { continue }
      throw Failure.badData(
        name,
        "the close of \(holding.code) on \(quotes.day) is \(close), in the state \(holding.price): "
          + "was the source's history rewritten?")
    }
  }

  /// Checks the bars of the day after it: the close, less its change, must be the last one.
  ///
  /// Prices are rounded to a hundredth, and changes that come with them to as much.
  func checkChanges(_ quotes: QuoteDay, in name: String) throws {
    for holding in holdings {
      guard let row = quotes.row(holding.code), !quotes.closes[row].isNaN,
        !quotes.changes[row].isNaN
      else { continue }
      let factor = Double(quotes.factors[row])
      let before = Double(quotes.closes[row]) / (1 + Double(quotes.changes[row]))
      let rounding = 0.01 * (factor.isNaN ? 1 : factor)
      guard abs(before - holding.price) > 0.001 * holding.price + rounding else { continue }
      throw Failure.badData(
        name,
        "by its change on \(quotes.day) the close of \(holding.code) was \(Float(before)) before, in "
          + "the state \(holding.price): was the source's history rewritten?")
    }
  }
}
