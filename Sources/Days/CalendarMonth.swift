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
    let names = days.map { String("\($0)".prefix(7)) }
    for place in names.indices where place + 1 == names.count || names[place + 1] != names[place] {
      let name = names[place]
      months.append(
        CalendarMonth(
          year: Int(name.prefix(4)) ?? 0, month: Int(name.suffix(2)) ?? 0,
          days: start..<place + 1, name: name))
      start = place + 1
    }
    return months
  }
}
