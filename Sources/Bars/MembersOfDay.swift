/// What the members of a market have on a day, of those that had a close on the day before.
struct MembersOfDay {
  /// How many there are, have a row, and have a close.
  var (expected, present, closed) = (0, 0, 0)
  /// How many have the prices and the volume of their row before, to the bit.
  var stale = 0
  /// How many have far more volume than on the day before, and how many far less.
  var (swollen, shrunken) = (0, 0)

  /// Counts the close of a member that had one before, by what its volume was then.
  @inline(__always)
  mutating func countClose(volume: Float, before: Float) {
    closed += 1
    if volume > Self.volumeJump * before { swollen += 1 }
    if volume * Self.volumeJump < before { shrunken += 1 }
  }

  /// Why a day is doubtful.
  enum Doubt: Equatable {
    case few(present: Int, expected: Int)
    case untraded(Int)
    case stale(Int, of: Int)
    case volumes(Int, of: Int, areMore: Bool)
  }

  /// Of fewer all may be suspended on one day, or stand still.
  static let many = 5
  /// The share of closes that are yesterday's on a day that is yesterday's: some have a new factor.
  static let staleShare = 0.9

  /// No market trades so many times what it did on the day before, nor so small a part of it.
  ///
  /// 4.5 times is the most in ten years of one of 500 stocks. Lots of 100 beside shares are beyond it.
  static let volumeJump: Float = 20
  /// The share of closes whose volumes have jumped where their unit is another.
  static let volumeShare = 0.8
  /// Of the rows of members more than this share is not missing by suspensions alone, but on few days.
  private static let missingShare = 0.05

  /// Of the rows of members that had a close before, the share that has one on any day.
  private static let closedShare = 0.7

  /// Whether rows are missing that are fewer than stop a day, and more than is usual.
  var isThin: Bool {
    expected - present > 2 && Double(expected - present) > Self.missingShare * Double(expected)
  }

  /// Whether more members have a row without a close than are suspended in a crash: 110 of 504 were on
  /// 2015-07-08.
  var isQuiet: Bool { present - closed > 2 && Double(closed) < Self.closedShare * Double(present) }

  /// Why the day is not to be taken; nil where it is.
  ///
  /// `trusts` takes volumes as they are.
  func doubt(_ leastShare: Double, trusts: Bool = false) -> Doubt? {
    // One that is missing is suspended; of few, it is a large part.
    if expected - present > 1, Double(present) < leastShare * Double(expected) {
      return .few(present: present, expected: expected)
    }
    if present >= Self.many, closed == 0 { return .untraded(present) }
    if closed >= Self.many, Double(stale) >= Self.staleShare * Double(closed) {
      return .stale(stale, of: closed)
    }
    let jumped = max(swollen, shrunken)
    if !trusts, closed >= Self.many, Double(jumped) >= Self.volumeShare * Double(closed) {
      return .volumes(jumped, of: closed, areMore: swollen > shrunken)
    }
    return nil
  }
}
