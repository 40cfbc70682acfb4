import Days

/// Traps that qlib's backtest has, and this one by the same rules: seen as they bite, told once.
struct TradingTraps: Sendable {
  /// Days that a trap bit on.
  private struct Bites {
    private(set) var days = 0
    private(set) var first: (day: Day, what: String)?

    mutating func add(_ day: Day, _ what: @autoclosure () -> String) {
      days += 1
      if first == nil { first = (day, what()) }
    }
  }

  /// Days running with more cash than shares after which the cash is idle.
  static let idleAfter = 20

  private var days = 0
  private var smallUniverse = Bites()
  private var absentBest = Bites()
  private var equalScores = Bites()
  private var stuck = Bites()
  private var idle: (first: Day, last: Day, count: Int)?

  /// Sees the scores of a day as they are traded; `absent` are the rows of scores without bars.
  mutating func see(
    _ scores: ScoreDay, absent: [Int], _ settings: Backtest.Settings, on day: Day
  ) {
    let strategy = settings.strategy
    days += 1
    let known = scores.scores.reduce(0) { $1.isNaN ? $0 : $0 + 1 }
    if known < strategy.topk + strategy.nDrop { smallUniverse.add(day, "\(known)") }
    let all = scores.scores.lazy.filter { !$0.isNaN }
    if known > 1, let score = all.first, all.allSatisfy({ $0 == score }) {
      equalScores.add(day, "\(known) of \(score)")
    }
    let best = absent.first { row in
      let score = scores.scores[row]
      return !score.isNaN && scores.scores.reduce(0) { $1 > score ? $0 + 1 : $0 } < strategy.topk
    }
    if let best { absentBest.add(day, "\(scores.codes[best])") }
  }

  /// Sees what was to be sold, and how it is held.
  mutating func see(
    unsold: [Holding], of count: Int, _ settings: Backtest.Settings, on day: Day
  ) {
    guard count > 0, count == settings.strategy.nDrop, unsold.count == count,
      unsold.allSatisfy({ $0.missedDays + 1 >= settings.delistedAfter })
    else { return }
    stuck.add(day, unsold.prefix(3).map { "\($0.code)" }.joined(separator: ", "))
  }

  /// Sees how long most of the account has been cash.
  mutating func see(_ cash: IdleCash, on day: Day) {
    guard let since = cash.since, cash.days >= Self.idleAfter,
      cash.days > idle.map({ $0.first == since ? 0 : $0.count }) ?? 0
    else { return }
    idle = (since, day, cash.days)
  }

  /// A line for each trap that bit.
  func notes(_ settings: Backtest.Settings) -> [String] {
    let strategy = settings.strategy
    var notes: [String] = []
    if let (day, count) = smallUniverse.first {
      notes.append(
        "fewer scores than --topk \(strategy.topk) and --n-drop \(strategy.nDrop) ask for on "
          + "\(smallUniverse.days) of \(days) days, the first \(day): \(count)")
    }
    if let (day, code) = absentBest.first {
      notes.append(
        "scores without bars are among the best \(strategy.topk) on \(absentBest.days) of \(days) "
          + "days and take places that are not filled, the first \(day): \(code)")
    }
    if let (day, what) = equalScores.first {
      notes.append(
        "all scores are equal on \(equalScores.days) of \(days) days, so that codes decide, the first "
          + "\(day): \(what)")
    }
    if let (day, codes) = stuck.first {
      notes.append(
        "nothing can be sold on \(stuck.days) days, the first \(day), as in qlib: all --n-drop "
          + "\(strategy.nDrop) are holdings without a close for \(settings.delistedAfter) days or more: "
          + "\(codes) (see --delisting)")
    }
    if let idle {
      notes.append(
        "more than half of the account was cash on \(idle.count) days running, \(idle.first) to "
          + "\(idle.last)")
    }
    return notes
  }
}

/// How long more than half of an account has been cash.
struct IdleCash: Sendable, Equatable {
  /// The first of the days running; nil where the last day was none.
  var since: Day?
  /// How many they are.
  var days = 0

  /// Takes in the end of a day.
  mutating func add(_ day: Day, cash: Double, worth: Double) {
    guard cash > worth / 2 else { return self = IdleCash() }
    if since == nil { since = day }
    days += 1
  }
}
