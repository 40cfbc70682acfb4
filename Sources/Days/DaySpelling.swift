extension Day {
  /// Reads a day as vendors and spreadsheets write it: `2020-08-31`, also with the time of midnight and
  /// perhaps a time zone behind it, `20200831` or `2020/8/31`; nil for anything else.
  ///
  /// The year comes first in all of them: what could be two days is none. So is a time of the day, as of
  /// bars of an hour.
  public init?(spelled text: UnsafeRawBufferPointer) {
    if let day = Day(text) {
      self = day
      return
    }
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    func number(_ range: Range<Int>) -> Int? {
      guard (1...4).contains(range.count) else { return nil }
      var value = 0
      for place in range {
        guard digits.contains(text[place]) else { return nil }
        value = value * 10 + Int(text[place] - digits.lowerBound)
      }
      return value
    }
    if text.count == 8, text.allSatisfy(digits.contains) {
      guard let year = number(0..<4), let month = number(4..<6), let day = number(6..<8) else {
        return nil
      }
      self.init(year: year, month: month, day: day)
      return
    }
    if text.count > 10, text[10] == UInt8(ascii: "T") || text[10] == UInt8(ascii: " ") {
      guard Self.isMidnight(text[11...]) else { return nil }
      self.init(UnsafeRawBufferPointer(rebasing: text[..<10]))
      return
    }
    let slash = UInt8(ascii: "/")
    guard (8...10).contains(text.count), text[4] == slash,
      let second = (5..<text.count).first(where: { text[$0] == slash }),
      let year = number(0..<4), let month = number(5..<second),
      let day = number(second + 1..<text.count), second <= 7, text.count - second <= 3
    else { return nil }
    self.init(year: year, month: month, day: day)
  }

  /// The same of a text.
  public init?(spelled text: String) {
    guard let day = Array(text.utf8).withUnsafeBytes({ Day(spelled: $0) }) else { return nil }
    self = day
  }

  /// What is wrong with a text that is no day here, in brackets; nothing where it is not even like one.
  ///
  /// A day that does not exist is another fault than a day in another form.
  public static func fault(_ text: String) -> String {
    if let day = Day(spelled: text) { return " (\(day) is meant?)" }
    func isNumber(_ text: some StringProtocol) -> Bool {
      text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
    if text.utf8.count == 8, isNumber(text) { return " (there is no such day)" }
    if isNumber(text), let number = Int64(text) { return instant(number) }
    if text.utf8.count > 10, let day = Day(spelled: String(text.prefix(10))),
      [" ", "T"].contains(text.dropFirst(10).first)
    {
      return " (a time that is not midnight: give the day alone, \(day))"
    }
    if text.contains(where: \.isLetter), text.contains(where: \.isNumber), text.utf8.count < 20 {
      let words = text.split { !$0.isLetter }
      if words.contains(where: { months.contains($0.prefix(3).lowercased()) }) {
        return " (a month must be a number)"
      }
    }
    let parts = text.split(omittingEmptySubsequences: false) { "-/.".contains($0) }
    let numbers = parts.compactMap { Int($0) }
    if parts.count == 2, numbers.count == 2, parts[0].utf8.count == 4, parts[1].utf8.count < 3 {
      return " (a month is no day: give its last)"
    }
    guard parts.count == 3, numbers.count == 3, parts.allSatisfy(isNumber) else { return "" }
    guard parts[0].utf8.count == 4 else {
      return parts[2].utf8.count == 4 ? " (the year must come first)" : ""
    }
    return Day(year: numbers[0], month: numbers[1], day: numbers[2])
      .map { " (\($0) is meant?)" } ?? " (there is no such day)"
  }

  private static let months: Set<String> = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]

  /// The day that a number may be meant as, in brackets: seconds or milliseconds since 1970, or a
  /// spreadsheet's days since 1899-12-30; nothing where it is none of them.
  private static func instant(_ number: Int64) -> String {
    func day(_ number: Int64) -> String { "\(Day(number: Int32(clamping: number)))" }
    switch number {
    case 20_000..<80_000: return " (a spreadsheet's number of \(day(number - 25_569))?)"
    case 100_000_000..<10_000_000_000:
      return " (seconds since 1970, of \(day(number / 86_400))?)"
    case 100_000_000_000..<10_000_000_000_000:
      return " (milliseconds since 1970, of \(day(number / 86_400_000))?)"
    default: return ""
    }
  }

  /// `00:00`, `00:00:00` or `00:00:00.000`, and nothing or a time zone behind it.
  private static func isMidnight(_ text: Slice<UnsafeRawBufferPointer>) -> Bool {
    let time = text.prefix { !"Z+-".utf8.contains($0) }
    let zone = text[time.endIndex...]
    let zeros = time.filter { $0 == UInt8(ascii: "0") }.count
    let marks = time.filter { ":.".utf8.contains($0) }.count
    return zeros >= 4 && zeros + marks == time.count && zone.count <= 6
  }
}
