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
    guard unit != .price, !known.isEmpty else { return nil }
    if let fault = level(known, column) { return fault }
    guard unit == .share else { return nil }
    let moves = known.map(\.magnitude).filter { $0 > 0 }.sorted()
    let middle = moves.isEmpty ? 0 : moves.sortedQuantile(0.5)
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

  /// What gives away prices, an equity curve or sums: numbers that are near the one before.
  ///
  /// Of returns, which have no memory, the mean square of the differences is about twice the variance;
  /// of sums of n of them some 6/n of it (J. von Neumann, "Distribution of the ratio of the mean square
  /// successive difference to the variance", 1941). Rates of interest creep too, and are small.
  private func level(_ known: [Double], _ column: String) -> String? {
    let least = known.min() ?? 0
    let (most, isFew) = (known.map(\.magnitude).max() ?? 0, known.count < 30)
    let steps = zip(known, known.dropFirst()).map { $1 - $0 }
    let square = steps.map { $0 * $0 }.mean
    let variance = known.squaresAboutMean / Double(known.count)
    let creeps = !isFew && variance > 0 && square < 0.3 * variance
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

  /// What is strange, and yet may be so: told in a line each.
  static func notes(_ days: [Day], _ values: [Double], _ unit: ReturnUnit) -> [String] {
    var notes: [String] = []
    let moves = values.known.map(\.magnitude).filter { $0 > 0 }.sorted()
    if unit == .percent, !moves.isEmpty, moves.sortedQuantile(0.5) < 0.02 {
      notes.append(
        "--percent: half of the days move by less than \(shown(moves.sortedQuantile(0.5))) %: are these "
          + "shares of 1?")
    }
    return notes
  }
}

/// How often there is a return, as the gaps between its days say.
public struct ReturnRhythm: Sendable {
  /// The days of the calendar from one return to the next, in the middle.
  public let step: Double
  /// The share of days that are Saturdays or Sundays.
  public let weekends: Double
  /// The longest time without a return: the days before and after it.
  public let longest: (before: Day, after: Day)?

  /// The rhythm of days that ascend.
  public init(_ days: [Day]) {
    let gaps = zip(days, days.dropFirst()).map { Double($1.number - $0.number) }
    step = gaps.isEmpty ? .nan : gaps.sorted().sortedQuantile(0.5)
    weekends = days.map { $0.weekday > 4 ? 1 : 0 }.mean
    longest = zip(days, days.dropFirst()).max {
      $0.1.number - $0.0.number < $1.1.number - $1.0.number
    }
    .map { (before: $0.0, after: $0.1) }
  }

  /// Returns in a year where they are further apart than days are: 52, 12, 4 or 1; nil where they are not.
  public var returnsOfYear: Double? {
    !(step >= 5)
      ? nil : [52, 12, 4, 1].min { abs($0 * step - 365.25) < abs($1 * step - 365.25) }
  }

  /// What is to be told of days that are there every day of the week, or missing for weeks; nil of none.
  public func note(annualization: Double?) -> String? {
    var parts: [String] = []
    if weekends > 0.2, annualization == nil {
      parts.append(
        "\(Int((100 * weekends).rounded(), within: 0...100)) % of the days are Saturdays and Sundays: "
          + "a year has \(Int(TradingYear.days, within: 0...999)) days all the same (--annualization 365)"
      )
    }
    if step < 5, let longest, longest.after.number - longest.before.number > 21 {
      parts.append("no day between \(longest.before) and \(longest.after)")
    }
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }
}

/// A number in few digits.
private func shown(_ value: Double) -> String { "\(value.rounded(significant: 4))" }
