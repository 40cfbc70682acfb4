import Days
import Streams

/// What the owner of a real account should know of a run.
struct RealAccountNotes: Sendable {
  private var assumed: (first: Day, days: Int)?
  private var overdrawn: (day: Day, cash: Double)?
  /// The last day of which fills were booked before the orders that were not.
  private var booked: Day?

  /// Sees that orders of a real account were dealt by the bars alone, though fills of another day were
  /// `booked`.
  mutating func assumeDealt(_ day: Day, after booked: Day?) {
    self.booked = self.booked ?? booked
    assumed = (assumed?.first ?? day, (assumed?.days ?? 0) + 1)
  }

  /// Sees the money after what was really dealt, of an account that was worth so much the day before.
  ///
  /// Throws where the debt is more than that, which nobody lends.
  mutating func see(_ cash: Double, of worth: Double, after dealt: DealtDay) throws {
    guard -cash <= max(worth, 1) else {
      throw Failure.badData(
        dealt.path,
        "the fills of \(dealt.day) leave an account that was worth \(fixed(worth, 2)) with "
          + "\(fixed(cash, 2)) in cash: are shares and prices real ones?")
    }
    // A unit of money may be rounding.
    if cash < -1, overdrawn == nil { overdrawn = (dealt.day, cash) }
  }

  /// A line for each.
  var notes: [String] {
    [
      assumed.map {
        "no --fills: the orders of \($0.days) days, the first \($0.first), are booked in the real account "
          + "as if they were dealt at the prices of the bars"
          + (booked.map { ", although the fills of \($0) were booked: were they forgotten?" } ?? "")
      },
      overdrawn.map {
        "the fills of \($0.day) leave the account with \(fixed($0.cash, 2)) in cash: more was bought than "
          + "there was money for"
      },
    ].compactMap(\.self)
  }
}
