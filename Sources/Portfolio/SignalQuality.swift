import Days
import Statistics

/// What the scores of one day were worth, by the labels that came true.
public struct SignalDay: Sendable {
  /// The day of the scores.
  public var day: Day
  /// Rows that have both a score and a label.
  public var count = 0
  /// Rows that have a score.
  public var scored = 0
  /// Whether there are several scores, and all are the same: what it says of groups is then the codes' order.
  public var isFlat = false
  /// Pearson's correlation of scores and labels over those rows; NaN where a side is constant.
  public var correlation = Double.nan
  /// The same of their ranks, equal values sharing their mean rank.
  public var rankCorrelation = Double.nan
  /// Half the difference of mean labels: the fifth of the highest scores less that of the lowest.
  public var longShort = Double.nan
  /// The mean label of each group, that of the highest scores first.
  public var groups: [Double] = []
  /// The correlation of today's ranks with those of each instrument's score before.
  public var autocorrelation = Double.nan
  /// The share of the first group's instruments that were not in it by their scores before.
  public var turnover = Double.nan
}

/// Measures scores against labels, a day at a time, by the definitions of qlib.
///
/// Sources: `calc_ic` and `calc_long_short_return` of qlib.contrib.eva.alpha, `_group_return`,
/// `_pred_autocorr` and `_pred_turnover` of its analysis_model_performance.
public struct SignalQuality {
  private let groupCount: Int
  private var sorter = RankSorter()
  /// The score of each instrument's last row.
  private var before: [InstrumentCode: Double] = [:]

  /// Measures with so many groups.
  public init(groups: Int = 5) { groupCount = groups }

  /// The share of rows at either end that long-short is made of.
  static let tail = 0.2

  /// Measures a day whose labels are in the order of its rows.
  public mutating func measure(_ scores: ScoreDay, labels: [Double]) -> SignalDay {
    var result = SignalDay(day: scores.day)
    // An infinite label is none.
    let labels = labels.map { $0.isFinite ? $0 : .nan }
    let values = scores.scores
    (result.count, result.correlation, result.rankCorrelation) = correlate(values, labels)
    let known = values.known
    result.scored = known.count
    result.isFlat = known.count > 1 && known.allSatisfy { $0 == known[0] }
    // Equal scores in order of their codes, as pandas takes them.
    let order = values.indices.filter { !values[$0].isNaN }
      .sorted { (values[$0], $1) > (values[$1], $0) }
    let ascending = order.sorted { (values[$0], $0) < (values[$1], $1) }
    let size = Int(Double(values.count) * Self.tail, within: 0...values.count)
    let high = order.prefix(size).map { labels[$0] }.known.mean
    result.longShort = (high - ascending.prefix(size).map { labels[$0] }.known.mean) / 2
    let share = order.count / groupCount
    result.groups = (0..<groupCount).map { group in
      order[share * group..<share * (group + 1)].map { labels[$0] }.known.mean
    }
    compare(scores, order, &result)
    for (code, score) in zip(scores.codes, values) { before[code] = score }
    return result
  }

  /// The correlations over pairs of which neither is NaN.
  private mutating func correlate(
    _ values: [Double], _ labels: [Double]
  ) -> (count: Int, linear: Double, ranks: Double) {
    let rows = values.indices.filter { !values[$0].isNaN && !labels[$0].isNaN }
    let (x, y) = (rows.map { values[$0] }, rows.map { labels[$0] })
    return (rows.count, Self.correlation(x, y), Self.correlation(sorter.ranks(x), sorter.ranks(y)))
  }

  /// Compares with the scores before.
  private mutating func compare(_ scores: ScoreDay, _ order: [Int], _ result: inout SignalDay) {
    let last = scores.codes.map { before[$0] ?? .nan }
    let both = order.filter { !last[$0].isNaN }
    guard !both.isEmpty else { return }
    let (now, then) = (ranks(scores.scores), ranks(last))
    result.autocorrelation = Self.correlation(both.map { now[$0] }, both.map { then[$0] })
    let size = scores.codes.count / groupCount
    guard size > 0 else { return }
    let first = last.indices.filter { !last[$0].isNaN }
      .sorted { (last[$0], $1) > (last[$1], $0) }.prefix(size)
    let kept = Set(first).intersection(order.prefix(size)).count
    result.turnover = 1 - Double(kept) / Double(size)
  }

  /// Ranks among those that are not NaN, which have none.
  private mutating func ranks(_ values: [Double]) -> [Double] {
    let rows = values.indices.filter { !values[$0].isNaN }
    var ranks = [Double](repeating: .nan, count: values.count)
    for (row, rank) in zip(rows, sorter.ranks(rows.map { values[$0] })) { ranks[row] = rank }
    return ranks
  }

  private static func correlation(_ x: [Double], _ y: [Double]) -> Double {
    var moments = PairMoments()
    for (one, other) in zip(x, y) { moments.add(one, other) }
    return moments.correlation
  }
}
