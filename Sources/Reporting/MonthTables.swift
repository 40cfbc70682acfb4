import Days
import Pages
import Portfolio
import Statistics
import Streams

/// Tables of a row a year and a column a month, coloured by their numbers.
extension ReportTables {
  /// Compounded returns, a row a year and a column a month.
  func months(_ series: ReturnSeries, _ title: String) -> String {
    let daily = report.daily(series)
    return Self.heat(
      "\(title) <small>percent, compounded over the month and the year</small>",
      report.months.map { ($0.year, $0.month, 100 * $0.compounded(daily)) }, digits: 1, last: "Year"
    ) { year in
      let known = report.months.filter { $0.year == year }.flatMap { daily[$0.days] }.known
      return 100 * (ReturnConvention.product.cumulative(known).last ?? .nan)
    }
  }

  /// A figure of each month's days, a row a year.
  func months(
    _ title: String, _ series: ReturnSeries, digits: Int, _ figure: ([Double]) -> Double
  ) -> String {
    let daily = report.daily(series)
    return Self.heat(
      title, report.months.map { ($0.year, $0.month, figure(daily[$0.days].known)) },
      digits: digits, last: "Year"
    ) { year in
      figure(report.months.filter { $0.year == year }.flatMap { daily[$0.days] }.known)
    }
  }

  /// A mean of each month, a row a year.
  static func means(
    _ title: String, _ months: [CalendarMonth], _ values: [Double], digits: Int
  ) -> String {
    heat(
      title, months.map { ($0.year, $0.month, SignalHistory.mean(Array(values[$0.days]))) },
      digits: digits, last: "Year"
    ) { year in
      SignalHistory.mean(months.filter { $0.year == year }.flatMap { values[$0.days] })
    }
  }

  /// Months with the colour of their numbers: blue above 0, orange below.
  private static func heat(
    _ caption: String, _ cells: [(year: Int, month: Int, value: Double)], digits: Int, last: String,
    year total: (Int) -> Double
  ) -> String {
    let most = cells.map(\.value).filter(\.isFinite).map(\.magnitude).max() ?? 0
    let names = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    var years: [Int] = []
    for cell in cells where years.last != cell.year { years.append(cell.year) }
    return HTML.table(
      caption, head: [""] + names + [last],
      rows: years.map { year in
        var row: [(text: String, style: String)] = [("\(year)", "")]
        for month in 1...12 {
          guard let value = cells.first(where: { $0.year == year && $0.month == month })?.value
          else {
            row.append(("", ""))
            continue
          }
          let share = value.isFinite && most > 0 ? value.magnitude / most : 0
          let colour = value < 0 ? "--orange" : "--blue"
          row.append(
            (
              fixed(value, digits),
              share > 0 ? "background:rgba(var(\(colour)),\(fixed(0.5 * share, 2)))" : ""
            ))
        }
        return row + [(fixed(total(year), digits), "")]
      }, class: "heat freeze")
  }
}
