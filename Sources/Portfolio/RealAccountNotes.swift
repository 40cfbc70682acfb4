import Days
import Streams

/// What the owner of a real account should know of a run.
struct RealAccountNotes: Sendable {
  private var assumed: (first: Day, days: Int)?
  private var overdrawn: (day: Day, cash: Double)?

  /// Sees that orders of a real account were dealt by the bars alone.
  mutating func assumeDealt(_ day: Day) {
    assumed = (assumed?.first ?? day, (assumed?.days ?? 0) + 1)
  }

  /// Sees the money after what was really dealt.
  mutating func see(cash: Double, after day: Day) {
    // A unit of money may be rounding.
    if cash < -1, overdrawn == nil { overdrawn = (day, cash) }
  }

  /// A line for each.
  var notes: [String] {
    [
      assumed.map {
        "no --fills: the orders of \($0.days) days, the first \($0.first), are booked in the real account "
          + "as if they were dealt at the prices of the bars"
      },
      overdrawn.map {
        "the fills of \($0.day) leave the account with \(fixed($0.cash, 2)) in cash: more was bought than "
          + "there was money for"
      },
    ].compactMap(\.self)
  }
}
