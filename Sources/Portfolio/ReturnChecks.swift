import Days
import Statistics
import Streams

/// Whether numbers can be daily returns, or are something else that looks like them.
///
/// Each rule names what it has seen, and the option that reads the numbers as what they seem to be.
struct ReturnChecks {
  let days: [Day]
  let unit: ReturnUnit

  /// What is wrong with the numbers of a column, as they stand in the table; nil where nothing is.
  func fault(_ values: [Double], _ column: String) -> String? {
    let known = values.known
    guard !known.isEmpty else { return nil }
    if let fault = gross(known, column) { return fault }
    guard unit != .price else { return nil }
    if let fault = level(known, column) { return fault }
    let moves = known.map(\.magnitude).filter { $0 > 0 }.sorted()
    let middle = moves.isEmpty ? 0 : moves.sortedQuantile(0.5)
    if middle > (unit == .percent ? 20 : 5) {
      return
        "\(column) must be \(unit == .percent ? "percent" : "shares of 1"), half of these are beyond "
        + "±\(shown(middle)): are they basis points (divide by \(unit == .percent ? "100" : "10000")), "
        + (unit == .percent ? "" : "or percent (--percent), ") + "or is it so (--trust)?"
    }
    guard unit == .share else { return nil }
    if middle > 0.2 {
      return "\(column) must be shares of 1, half of these are beyond ±\(shown(middle)): are they "
        + "percent (--percent), or is it so (--trust)?"
    }
    if let place = values.firstIndex(where: { $0.magnitude > 1 }) {
      // A day alone is no other unit.
      let beyond = known.count { $0.magnitude > 1 }
      if values[place] < -1, 50 * beyond < known.count, middle < 0.1 {
        return "\(column) must be -1 or more, which is a loss of all, on \(days[place]) it is "
          + "\(shown(values[place])) (--trust takes it)"
      }
      return
        "\(column) must be shares of 1, on \(days[place]) it is \(shown(values[place])): are they "
        + "percent (--percent), or is it so (--trust)?"
    }
    return nil
  }

  /// What gives away 1 + return in place of a return: all near 1, and without memory, as no price is.
  private func gross(_ known: [Double], _ column: String) -> String? {
    guard known.count > 9, known.varies, let least = known.min(), let most = known.max(),
      least > 0.2,
      most < 5, (0.8...1.25).contains(known.sorted().sortedQuantile(0.5)),
      Self.restlessness(known) > 1
    else { return nil }
    return
      "\(column) must be \(unit == .price ? "prices" : "returns, 0.01 for 1 %"), these are all about 1 "
      + "and none is near the one before, as 1 + return is: take 1 from each"
      + (unit == .price ? ", or is it so (--trust)?" : "")
  }

  /// The mean square of the differences over the variance: 2 of numbers without memory, little of sums.
  private static func restlessness(_ known: [Double]) -> Double {
    let steps = zip(known, known.dropFirst()).map { $1 - $0 }
    return steps.map { $0 * $0 }.mean / (known.squaresAboutMean / Double(known.count))
  }

  /// What gives away prices, an equity curve or sums: numbers that are near the one before.
  ///
  /// Of returns, which have no memory, the mean square of the differences is about twice the variance;
  /// of sums of n of them some 6/n of it (J. von Neumann, "Distribution of the ratio of the mean square
  /// successive difference to the variance", 1941). Rates of interest creep too, and are small.
  private func level(_ known: [Double], _ column: String) -> String? {
    let least = known.min() ?? 0
    let (most, isFew) = (known.map(\.magnitude).max() ?? 0, known.count < 30)
    let variance = known.squaresAboutMean
    let creeps = !isFew && variance > 0 && Self.restlessness(known) < 0.3
    let limit = unit == .percent ? 20.0 : 0.2
    if known.count > 1, least > limit, isFew || creeps || variance == 0 {
      return
        "\(column) must be returns, all of these are above \(shown(limit)): are they prices or what "
        + "an account was worth (--prices)?"
    }
    guard creeps, most > limit / 10 else { return nil }
    return least > 0
      ? "\(column) must be returns, these are all above 0 and near the one before: are they prices or "
        + "what an account was worth (--prices), or is it so (--trust)?"
      : "\(column) must be returns of a day, these are each near the one before, as sums are: are they "
        + "cumulated? Give the daily ones (or --trust)"
  }
}

/// A number in few digits.
private func shown(_ value: Double) -> String { "\(value.rounded(significant: 4))" }
