/// A month of trading days.
public struct CalendarMonth: Sendable {
  /// The year.
  public let year: Int
  /// The month of the year, from 1.
  public let month: Int
  /// Which of the days given are in it, by their places.
  public let days: Range<Int>

  /// `YYYY-MM`.
  public let name: String

  /// The months of days that ascend; months without a day are left out.
  public static func months(of days: [Day]) -> [CalendarMonth] {
    var months: [CalendarMonth] = []
    var start = 0
    let parts = days.map { ($0.parts.year, $0.parts.month) }
    for place in parts.indices where place + 1 == parts.count || parts[place + 1] != parts[place] {
      months.append(
        CalendarMonth(
          year: parts[place].0, month: parts[place].1, days: start..<place + 1,
          name: String("\(days[place])".prefix(7))))
      start = place + 1
    }
    return months
  }
}
