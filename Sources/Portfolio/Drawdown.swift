/// A fall from a high until that high is reached again.
public struct Drawdown: Equatable, Sendable {
  /// The day of the high; nil where that is the start, before the first day.
  public let start: Int?
  /// The lowest day.
  public let trough: Int
  /// The day that is as high again; nil where there is none yet.
  public let recovery: Int?
  /// How far below the high the lowest day is: less than 0.
  public let depth: Double
  /// Days from the high to the recovery, or to the last day there is.
  public let length: Int

  /// The falls among returns without NaN, the deepest first; days are counted from 0.
  ///
  /// What rounding alone may have made is none.
  public static func all(_ returns: [Double], _ convention: ReturnConvention) -> [Drawdown] {
    let depths = convention.underwater(returns)
    let least = -convention.rounding(returns)
    var found: [Drawdown] = []
    var day = 0
    while day < depths.count {
      // NaN, below an account of less than nothing, is no fall and no recovery.
      guard depths[day] < least else {
        day += 1
        continue
      }
      let start = day - 1
      var trough = day
      while day < depths.count, !(depths[day] >= least) {
        if depths[day] < depths[trough] { trough = day }
        day += 1
      }
      let isOver = day < depths.count
      found.append(
        Drawdown(
          start: start < 0 ? nil : start, trough: trough, recovery: isOver ? day : nil,
          depth: depths[trough], length: (isOver ? day : depths.count - 1) - start))
    }
    return found.sorted { ($0.depth, $0.trough) < ($1.depth, $1.trough) }
  }
}
