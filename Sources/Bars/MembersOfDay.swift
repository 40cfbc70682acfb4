/// What the members of a market have on a day, of those that had a close on the day before.
struct MembersOfDay {
  /// How many there are, have a row, and have a close.
  var (expected, present, closed) = (0, 0, 0)
  /// How many have the prices and the volume of their row before, to the bit.
  var stale = 0

  /// Why a day is doubtful.
  enum Doubt: Equatable {
    case few(present: Int, expected: Int)
    case untraded(Int)
    case stale(Int, of: Int)
  }

  /// Of fewer all may be suspended on one day, or stand still.
  static let many = 5
  /// The share of closes that are yesterday's on a day that is yesterday's: some have a new factor.
  static let staleShare = 0.9

  /// Why the day is not to be taken; nil where it is.
  func doubt(_ leastShare: Double) -> Doubt? {
    // One that is missing is suspended; of few, it is a large part.
    if expected - present > 1, Double(present) < leastShare * Double(expected) {
      return .few(present: present, expected: expected)
    }
    if present >= Self.many, closed == 0 { return .untraded(present) }
    if closed >= Self.many, Double(stale) >= Self.staleShare * Double(closed) {
      return .stale(stale, of: closed)
    }
    return nil
  }
}
