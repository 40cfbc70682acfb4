import Days
import Statistics

/// How often there is a return, as the gaps between its days say.
public struct ReturnRhythm: Sendable {
  /// The days of the calendar from one return to the next, in the middle.
  public let step: Double
  /// The returns of a year of the calendar, counted; NaN where there are too few to count.
  public let returnsOfYear: Double
  /// How many days are Mondays, Tuesdays and so on.
  public let weekdays: [Int]
  /// The first three gaps in a row that are far longer or shorter than the others: the days about them.
  public let other: (before: Day, after: Day)?
  /// The longest time without a return: the days before and after it.
  public let longest: (before: Day, after: Day)?
  /// How many times three weeks have no return.
  public let pauses: Int

  /// Longer than any holidays: nobody traded, or rows are missing.
  private static let pause = 21.0
  /// How far the returns of a year may be from what they are taken to be, either way: those of an
  /// exchange that is open every day are 1.53 times 238.
  private static let width = 1.6

  /// The rhythm of days that ascend.
  public init(_ days: [Day]) {
    let pairs = Array(zip(days, days.dropFirst()))
    let gaps = pairs.map { Double($1.number - $0.number) }
    let step = gaps.isEmpty ? .nan : gaps.sorted().sortedQuantile(0.5)
    self.step = step
    weekdays = (0..<7).map { weekday in days.count { $0.weekday == weekday } }
    longest = pairs.max { $0.1.number - $0.0.number < $1.1.number - $1.0.number }
      .map { (before: $0.0, after: $0.1) }
    pauses = gaps.count { $0 > Self.pause }
    // Of days, a pause is no part of the time that they are counted over.
    let counted = step < 5 ? gaps.filter { $0 <= Self.pause } : gaps
    let isCounted = counted.count >= 20
    returnsOfYear =
      isCounted
      ? Double(counted.count) / counted.reduce(0, +) * 365.25 : step >= 5 ? 365.25 / step : .nan
    // Holidays are one gap, or two; days that are given every third day have a rhythm of their own.
    let bounds = !(step >= 5) ? 0...4 : (step / 1.8)...(step * 1.8)
    let place = gaps.indices.dropLast(2).first { place in
      gaps[place..<place + 3].allSatisfy { $0 < bounds.lowerBound }
        || gaps[place..<place + 3].allSatisfy { $0 > bounds.upperBound }
    }
    other = place.map { (before: pairs[$0].0, after: pairs[$0 + 2].1) }
  }

  /// Why the returns cannot be those of `year.days` days a year; nil where they can.
  ///
  /// What a year has is counted from the days, and stands in the line.
  public func fault(_ year: TradingYear) -> String? {
    if let other {
      return "returns must be equally far apart: most are \(Self.shown(step)) day"
        + "\(step == 1 ? "" : "s") apart, the 4 from \(other.before) to \(other.after) are not "
        + "(--trust takes it)"
    }
    let ratio = returnsOfYear / year.days
    guard ratio > Self.width || ratio < 1 / Self.width else { return nil }
    let count = max(1, returnsOfYear.rounded())
    let apart = "returns are \(Self.shown(step)) day\(step == 1 ? "" : "s") apart"
    return year.given == nil
      ? "\(apart), and would count as those of days: --annualization \(Self.shown(count)) says how many "
        + "make a year"
      : "\(apart), some \(Self.shown(count)) in a year, and --annualization is "
        + "\(Self.shown(year.days)) (--trust takes it)"
  }

  /// What is to be told of days that are there every day of the week, or missing for weeks; nil of none.
  public func note(annualization: Double?) -> String? {
    var parts: [String] = []
    if step < 5, let text = weekends(annualization) { parts.append(text) }
    if step < 5, pauses > 0, let longest {
      parts.append(
        "no day between \(longest.before) and \(longest.after)"
          + (pauses > 1 ? ", the longest of \(pauses) such gaps" : ""))
    }
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }

  /// What is to be told of Saturdays and Sundays.
  private func weekends(_ annualization: Double?) -> String? {
    let names = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    let all = weekdays.reduce(0, +)
    let count = weekdays[5] + weekdays[6]
    guard count > 0 else { return nil }
    // Two in seven, where every day has a return.
    if 5 * count > all, annualization == nil {
      return "\(100 * count / all) % of the days are Saturdays and Sundays: "
        + "a year has \(Int(TradingYear.days, within: 0...999)) days all the same (--annualization 365)"
    }
    // One in five beside none of another day, as where days are those of a clock behind.
    if let (place, most) = weekdays.enumerated().suffix(2).max(by: { $0.element < $1.element }),
      10 * most > all, let missing = weekdays.prefix(5).firstIndex(where: { 50 * $0 < all })
    {
      return "\(100 * most / all) % of the days are \(names[place])s and hardly any is a "
        + "\(names[missing]): are they of another time zone?"
    }
    return 5 * count > all
      ? nil : "\(count) of \(all) days are Saturdays or Sundays: are they trading days?"
  }

  private static func shown(_ value: Double) -> String {
    value == value.rounded() ? "\(Int(value, within: 0...1_000_000_000))" : "\(value)"
  }
}
