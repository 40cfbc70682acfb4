import Mechanics

/// A small market as CSV, made up from a seed, with what real sources do to those who trust them.
struct SmallMarket {
  /// How its source tells of a split.
  enum Adjusting: String, CaseIterable {
    /// Raw prices, and a factor that grows.
    case factor
    /// Adjusted prices, without a factor; the past is written anew.
    case rewritten
  }

  /// A row of an instrument.
  private struct Row {
    let open: Double
    let high: Double
    let low: Double
    let close: Double
    let volume: Double
  }

  private let adjusting: Adjusting
  /// Dates of its trading days.
  let days: [String]
  private var stocks: [[Row]] = []
  private var index: [Row] = []
  /// For each stock the day of its split into two, or beyond the last.
  private var splits: [Int] = []
  /// The day of the last split.
  var lastSplit: Int { splits.filter { $0 < .max }.max() ?? 0 }
  /// What is missing: the day and the stock, or -1 for the index.
  private var missing: Set<[Int]> = []
  /// A day whose index comes a day late.
  private let late: Int
  /// Days before which a row without numbers stands on a holiday.
  private let holiday: Int

  /// A market of so many weekdays from 2020-01-01 on; a share of the rows of the last days is missing.
  init(
    seed: UInt64, stocks count: Int = 12, days: Int, adjusting: Adjusting, holesFrom: Int = .max,
    missing share: Double = 0.04
  ) {
    self.adjusting = adjusting
    var numbers = SplitMix64(seed: seed)
    func uniform() -> Double { Double(numbers.next() >> 11) / 0x1p53 }
    self.days = Self.weekdays(days + 1).enumerated().filter { $0.offset != days - 3 }.map(\.element)
    (late, holiday) = (days - 4, days - 3)
    func walk(_ start: Double, _ step: Double) -> [Row] {
      var close = start
      return (0..<days).map { _ in
        let open = close
        close = (close * (1 + step * (uniform() - 0.49)) * 100).rounded() / 100
        let (high, low) = (max(open, close) + 0.01, min(open, close) - 0.01)
        let volume = 100 * (1000 + (9000 * uniform()).rounded())
        return Row(open: open, high: high, low: low, close: close, volume: volume)
      }
    }
    for place in 0..<count {
      stocks.append(walk(20 + Double(place), 0.05))
      // Some split on one of the last days.
      splits.append(place % 4 == 1 ? days - 2 - place / 4 : .max)
    }
    index = walk(3000, 0.02)
    guard holesFrom < days else { return }
    for day in holesFrom..<days {
      for place in -1..<count where uniform() < share {
        // A split shows in the row of its day, and the last day is whole when the index is.
        let isNeeded = place < 0 ? day == late || day == days - 1 : day == splits[place]
        if !isNeeded { missing.insert([day, place]) }
      }
    }
  }

  /// What its source says at the end of so many trading days.
  func csv(after count: Int) -> String {
    let hasColumn = adjusting == .factor
    var lines = ["instrument,date,open,high,low,close,volume" + (hasColumn ? ",factor" : "")]
    func add(_ code: String, _ place: Int, _ rows: [Row], split: Int) {
      for day in 0..<count {
        if place == 0, day == holiday {
          lines.append("\(code),\(holidayDate),,,,," + (hasColumn ? "," : ""))
        }
        if missing.contains([day, place]) { continue }
        // By the end of the next day the index has come.
        if place < 0, day == late, count == late + 1 { continue }
        let row = rows[day]
        // Before the split a share was worth two.
        let isBefore = day < split && (adjusting == .factor || count <= split)
        let scale = isBefore ? 1.0 : 0.5
        let prices = [row.open, row.high, row.low, row.close].map { "\($0 * scale)" }
        lines.append(
          "\(code),\(days[day]),\(prices.joined(separator: ",")),\(Int(row.volume / scale, within: 0 ... .max))"
            + (hasColumn ? ",\(1 / scale)" : ""))
      }
    }
    for (place, rows) in stocks.enumerated() {
      add("SH6\(padded(place))", place, rows, split: splits[place])
    }
    add("SH000300", -1, index, split: .max)
    return lines.joined(separator: "\n") + "\n"
  }

  private var holidayDate: String { Self.weekdays(days.count + 1)[holiday] }

  private func padded(_ number: Int) -> String { String("0000\(number)".suffix(5)) }

  /// Weekdays from 2020-01-01, a Wednesday.
  private static func weekdays(_ count: Int) -> [String] {
    var found: [String] = []
    var (year, month, day, weekday) = (2020, 1, 1, 2)
    while found.count < count {
      if weekday < 5 {
        found.append("\(year)-\(String("0\(month)".suffix(2)))-\(String("0\(day)".suffix(2)))")
      }
      weekday = (weekday + 1) % 7
      day += 1
      let isLeap = year % 4 == 0
      if day > [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] {
        (month, day) = (month + 1, 1)
        if month > 12 { (year, month) = (year + 1, 1) }
      }
    }
    return found
  }
}
