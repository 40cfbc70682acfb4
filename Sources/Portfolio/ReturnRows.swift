import Days
import Statistics
import Streams

/// Rows of a table of returns as they come, CSV or NDJSON.
struct ReturnRows {
  private let reading: ReturnReading
  private(set) var days: [Day] = []
  private(set) var returns: [Double] = []
  private(set) var benchmark: [Double] = []
  /// Columns that nobody asked for.
  private(set) var unused: [String] = []
  /// The rows that a source begins with.
  private var starts: [Int] = []

  init(_ reading: ReturnReading) { self.reading = reading }

  private var columns: ReturnColumns { reading.columns }

  /// What the column of days is called in the header at hand.
  private var date = "date"

  /// Takes in a header: which column has the days, and which are not used; throws where one is missing.
  ///
  /// A first column without a name is the index that pandas has written.
  mutating func begin(_ names: [String]) throws {
    let wanted = columns.date.lowercased()
    guard names.contains(wanted) || (names.first == "" && columns.isUsual) else {
      throw DayError.rule(
        "header must have \(columns.date), \(columns.return) (see --columns): no '\(columns.date)' in "
          + "'\(names.joined(separator: ",").prefix(60))'")
    }
    date = names.contains(wanted) ? wanted : ""
    see(names.filter { $0 != date })
  }

  /// Begins a source.
  mutating func beginSource() { if !days.isEmpty { starts.append(days.count) } }

  /// Takes note of the columns that are not used.
  private mutating func see(_ names: [String]) {
    for name in columns.unused(of: names) where !unused.contains(name) { unused.append(name) }
  }

  /// Takes in a row of CSV, whose header is in small letters.
  mutating func add(_ row: CSVRow) throws {
    let day = try row.day(date)
    let own = try number(row, columns.return)
    let name =
      row[columns.benchmark.lowercased()] == nil && columns.isUsual ? "bench" : columns.benchmark
    let other = try number(row, name)
    do { try append(day, own, other) } catch let error as DayError { throw row.failure("\(error)") }
  }

  /// Takes in an object.
  mutating func add(_ object: JSONValue) throws {
    let date = try object.require(columns.date)
    guard let text = date.string, let day = Day(spelled: text) else {
      let number = date.double == nil ? "" : " (pandas: to_json(date_format=\"iso\"))"
      throw date.failure(
        "\(columns.date) must be \"YYYY-MM-DD\", got "
          + (date.string.map { "'\($0.prefix(40))'" } ?? date.kindName)
          + Day.fault(date.string ?? "") + number)
    }
    let own = try object.requireNumber(orNull: columns.return)
    let name = object[columns.benchmark] == nil && columns.isUsual ? "bench" : columns.benchmark
    let other = try object.number(orNull: name)
    see(object.members.map(\.key))
    do { try append(day, own, other) } catch let error as DayError {
      throw date.failure("\(error)")
    }
  }

  private mutating func append(_ day: Day, _ own: Double, _ other: Double) throws {
    let year = day.parts.year
    guard reading.isTrusting || (1700...2100).contains(year) else {
      throw DayError.rule("\(columns.date) must be of 1700 to 2100: \(day) (--trust takes it)")
    }
    try DayOrder(after: days.last).check(day)
    try check(own, columns.return)
    try check(other, columns.benchmark)
    days.append(day)
    returns.append(own)
    benchmark.append(other)
  }

  private func check(_ value: Double, _ name: String) throws {
    switch reading.unit {
    case .price where value <= 0:
      throw DayError.rule("\(name) must be a price above 0: \(value)")
    case .percent where value < -100:
      throw DayError.rule("\(name) must be -100 or more, which is a loss of all: \(value)")
    default: break
    }
  }

  /// A number with a point, perhaps with % behind it; NaN where there is none.
  private func number(_ row: CSVRow, _ name: String) throws -> Double {
    guard let text = row[name.lowercased()], !SpelledNumber.isMissing(text) else { return .nan }
    let isPercent = text.hasSuffix("%")
    let digits = isPercent ? String(text.dropLast()).trimmingSpaces : text
    guard !digits.contains(","), let value = SpelledNumber.value(digits) else {
      throw row.failure(
        "\(name) must be a number: '\(text.prefix(40))'"
          + (text.contains(",") ? " (a point before decimals, and no commas)" : ""))
    }
    guard isPercent else { return value }
    switch reading.unit {
    case .share: return value / 100
    case .percent: return value
    case .price: throw row.failure("\(name) must be a price: '\(text.prefix(40))'")
    }
  }

  /// The returns; throws where they look like something else.
  func history(_ place: String) throws -> DailyReturns {
    if !reading.isTrusting {
      let checks = ReturnChecks(days: days, unit: reading.unit)
      for (values, name) in [(returns, columns.return), (benchmark, columns.benchmark)] {
        if let fault = checks.fault(values, name) ?? seam(values, name) {
          throw Failure.badData(place, fault)
        }
      }
    }
    switch reading.unit {
    case .share: return DailyReturns(days, returns: returns, benchmark: benchmark)
    case .percent:
      return DailyReturns(
        days, returns: returns.map { $0 / 100 }, benchmark: benchmark.map { $0 / 100 })
    case .price:
      guard days.count > 1 else {
        throw Failure.badData(place, "prices of two days make a return: \(days.count) here")
      }
      return DailyReturns(
        Array(days.dropFirst()), returns: Self.changes(returns), benchmark: Self.changes(benchmark))
    }
  }

  /// What is wrong where prices of one source follow those of another, as curves that start at 1 each.
  private func seam(_ prices: [Double], _ name: String) -> String? {
    guard reading.unit == .price else { return nil }
    let changes = Self.changes(prices).map(\.magnitude)
    let middle = changes.known.isEmpty ? 0 : changes.known.sorted().sortedQuantile(0.5)
    for start in starts where start < days.count {
      let change = changes[start - 1]
      guard change > 0.01, change > 5 * middle else { continue }
      return "\(name) must go on where the file before ends: from \(prices[start - 1]) on "
        + "\(days[start - 1]) to \(prices[start]) on \(days[start]); take the changes of each file by itself "
        + "(--trust takes it)"
    }
    return nil
  }

  /// The change of each price but the first from the last one that is known.
  private static func changes(_ prices: [Double]) -> [Double] {
    var last = prices.first ?? .nan
    return prices.dropFirst().map { price in
      defer { if !price.isNaN { last = price } }
      return price / last - 1
    }
  }
}

extension CSVRow {
  /// The day of a column, as vendors and spreadsheets write it.
  fileprivate func day(_ name: String) throws -> Day {
    guard let day = try day(orNone: name) else { throw failure("\(name) is empty") }
    return day
  }
}

extension String {
  /// The text without blanks at its end.
  fileprivate var trimmingSpaces: String {
    String(prefix(count - reversed().prefix { $0 == " " }.count))
  }
}
