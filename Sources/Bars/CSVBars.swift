import Days
import Streams

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Bars of a CSV source (RFC 4180, but without line breaks in fields): columns by name, in any order.
///
/// Numbers are as `SpelledNumber` has them. A value, not an object: what a row touches is then on the
/// stack, which makes reading twice as fast.
struct CSVBars {
  /// What each column holds; nil of those that nobody needs.
  private var roles: [(role: ColumnRole, scale: Double)?] = []
  private let spelling: CodeSpelling?
  private var row = RawBar()
  private var day = Day(number: 0)
  /// The second of the day, of rows of minutes.
  private var second = 0
  /// The day that the time names as well, as BaoStock's does; nil where it is a time alone.
  private var dayOfTime: Day?
  private let areMinutes: Bool
  /// Whether the time stands in a column of its own.
  private var hasTimes = false
  /// Yahoo's adjusted close, where there is that column.
  private var adjustedClose: Double?
  /// From which day on the instrument has no rows, where the row tells.
  private var delisted: Day?
  /// The code of the row; its text, which the next row mostly repeats.
  private var code: InstrumentCode?
  private var codeText: [UInt8] = []

  /// A row that waits for those before it, where a vendor writes the newest first.
  private typealias Waiting = (
    code: InstrumentCode, moment: Moment, row: RawBar, delisted: Day?, place: String
  )

  private init(_ bars: BarCollection) {
    spelling = bars.columns.spelling
    areMinutes = bars.minutes != nil
  }

  /// Reads the current source; a row that breaks a rule is one bad record.
  static func read(_ input: ByteReader, into bars: BarCollection) throws {
    var rows = CSVBars(bars)
    let place = { "\(input.name):\(input.lineNumber)" }
    bars.place = place
    let sorts = bars.columns.isLenient
    var waiting: [Waiting] = []
    try input.linesOfSource { line in
      if rows.roles.isEmpty { return try rows.readHeader(line, input, bars) }
      try input.badRecords.attempt(place()) {
        try rows.readRow(line)
        guard let code = rows.code else { return }
        let moment = Moment(day: rows.day, second: rows.second)
        if sorts {
          waiting.append((code, moment, rows.row, rows.delisted, place()))
        } else {
          try bars.add(code, moment, rows.row, delisted: rows.delisted)
        }
      }
    }
    guard sorts else { return }
    waiting.sort { $0.code != $1.code ? $0.code < $1.code : $0.moment < $1.moment }
    for row in waiting {
      bars.place = { row.place }
      try input.badRecords.attempt(row.place) {
        try bars.add(row.code, row.moment, row.row, delisted: row.delisted)
      }
    }
  }

  /// A header that lacks a column cannot be read past; an unknown column can, under `--skip-bad`.
  private mutating func readHeader(
    _ line: UnsafeRawBufferPointer, _ input: ByteReader, _ bars: BarCollection
  ) throws {
    let place = "\(input.name):\(input.lineNumber)"
    guard String(validating: line, as: UTF8.self) != nil else {
      throw Failure.badData(place, "\(BarError.encoding("not, perhaps GBK", iconv: "GB18030"))")
    }
    if !line.contains(UInt8(ascii: ",")),
      line.contains(where: { $0 == 9 || $0 == UInt8(ascii: ";") })
    {
      let text = String(decoding: line.prefix(40), as: UTF8.self)
      throw Failure.badData(place, "\(BarError.unknownColumn(text))")
    }
    guard !line.contains(0x0d) else { throw Failure.badData(place, "\(BarError.lineEnds)") }
    var cursor = CSVCursor(line)
    var header: [String] = []
    repeat {
      let name = String(decoding: cursor.text(), as: UTF8.self)
      header.append(String(name.split(whereSeparator: \.isWhitespace).joined(separator: " ")))
    } while cursor.nextField()
    let names = header.map { $0.lowercased() }
    for (column, name) in names.enumerated() where names[..<column].contains(name) {
      throw Failure.badData(place, "\(BarError.duplicateColumn(header[column]))")
    }
    let lacking = bars.columns.lacking(names)
    guard lacking.isEmpty else {
      throw Failure.badData(place, "\(BarError.missingColumns(lacking)) (see --columns)")
    }
    roles = bars.columns.roles(of: names)
    let times: [ColumnRole] = [.datetime, .time]
    let hasTimes = roles.contains { $0.map { times.contains($0.role) } ?? false }
    if !areMinutes, hasTimes {
      guard roles.contains(where: { $0?.role == .date }) else {
        throw Failure.badData(place, "header has times and no date: rows of minutes? --minutes")
      }
      roles = roles.map { role in role.flatMap { times.contains($0.role) ? nil : $0 } }
    }
    self.hasTimes = roles.contains { $0?.role == .time }
    let unused = zip(header, roles).filter { $0.1 == nil }.map(\.0)
    let hint =
      bars.columns.vendor == nil
      ? Vendor.of(names).map { "; this looks like \($0.rawValue)'s: --source \($0.rawValue)" } ?? ""
      : ""
    if bars.columns.isLenient {
      if !unused.isEmpty { bars.note("\(place): not used: \(unused.joined(separator: ", "))") }
    } else {
      for name in unused {
        try input.badRecords.attempt(place) {
          throw DayError.rule("\(BarError.unknownColumn(name))\(hint)")
        }
      }
    }
    let seen = roles.compactMap { $0?.role }
    for (column, role) in seen.enumerated() where seen[..<column].contains(role) {
      throw Failure.badData(place, "\(BarError.duplicateColumn(role.name))")
    }
    if !seen.contains(.instrument), bars.columns.isLenient {
      code = try Self.code(ofFile: input.name, bars.columns.spelling, place)
    }
    bars.hasLimits =
      bars.hasLimits || seen.contains { BarColumn.ofLimits.map(ColumnRole.number).contains($0) }
    let needed =
      (code == nil ? ["instrument"] : []) + [dateColumn(seen)] + BarColumn.required.map(\.name)
      + (bars.needsFactor ? ["factor"] : [])
    let missing = needed.filter { name in !seen.contains { $0.name == name } }
    guard missing.isEmpty else {
      throw Failure.badData(place, "\(BarError.missingColumns(missing))\(hint)")
    }
  }

  /// The column that days must come from: qlib writes the times of minutes as `date`.
  private func dateColumn(_ seen: [ColumnRole]) -> String {
    areMinutes && (seen.contains(.datetime) || !seen.contains(.date)) ? "datetime" : "date"
  }

  /// The instrument that a file without such a column is named after: `AAPL.csv`, `sh600000.csv.gz`.
  private static func code(
    ofFile name: String, _ spelling: CodeSpelling?, _ place: String
  ) throws -> InstrumentCode? {
    var stem = name.split(separator: "/").last.map(String.init) ?? name
    for ending in [".gz", ".csv", ".txt"] where stem.lowercased().hasSuffix(ending) {
      stem.removeLast(ending.count)
    }
    do {
      return try Array(stem.utf8).withUnsafeBytes { try spelling?.code($0) }
    } catch {
      throw Failure.badData(
        place, "no column has the instrument, and the file is not named after one: \(error)")
    }
  }

  private mutating func readRow(_ line: UnsafeRawBufferPointer) throws {
    var cursor = CSVCursor(line)
    for place in roles.indices {
      if place > 0, !cursor.nextField() {
        throw BarError.fieldCount(place, header: roles.count)
      }
      guard let (role, scale) = roles[place] else {
        _ = cursor.text()
        continue
      }
      switch role {
      case .number(let column): row[column] = try Self.number(&cursor, column) * scale
      case .adjustedClose: adjustedClose = try Self.number(&cursor, .close)
      case .date:
        if areMinutes, !hasTimes {
          try readMoment(cursor.text())
        } else {
          day = try Self.day(cursor.text())
        }
      case .datetime: try readMoment(cursor.text())
      case .time: (second, dayOfTime) = try Moment.second(of: cursor.text())
      case .delisted:
        let text = cursor.text()
        delisted = text.isEmpty ? nil : try Self.day(text)
      case .instrument: try readCode(cursor.text())
      }
    }
    if let dayOfTime, dayOfTime != day {
      throw BarError.disagreement("date is \(day), and time of \(dayOfTime)")
    }
    if let adjustedClose { row.factor = adjustedClose / row.prices[3] }
    guard cursor.isAtEnd else {
      var count = roles.count
      while cursor.nextField() {
        _ = cursor.text()
        count += 1
      }
      throw BarError.fieldCount(count, header: roles.count)
    }
  }

  @inline(__always)
  private static func day(_ text: UnsafeRawBufferPointer) throws -> Day {
    guard let day = Day(text) ?? Day(spelled: text) else {
      throw BarError.date(String(decoding: text.prefix(40), as: UTF8.self))
    }
    return day
  }

  private mutating func readMoment(_ text: UnsafeRawBufferPointer) throws {
    let moment = try Moment(text)
    (day, second) = (moment.day, moment.second)
  }

  @inline(__always)
  private mutating func readCode(_ text: UnsafeRawBufferPointer) throws {
    let isSame = codeText.withUnsafeBytes { last in
      guard text.count == last.count, let one = text.baseAddress, let other = last.baseAddress
      else { return false }
      return memcmp(one, other, text.count) == 0
    }
    if isSame { return }
    code = try spelling?.code(text) ?? InstrumentCode(text)
    codeText = Array(text)
  }

  @inline(__always)
  private static func number(_ cursor: inout CSVCursor, _ column: BarColumn) throws -> Double {
    if let value = cursor.shortDecimal() { return value }
    return try otherNumber(cursor.text(), column)
  }

  /// What is no decimal of few digits.
  @inline(never)
  private static func otherNumber(
    _ text: UnsafeRawBufferPointer, _ column: BarColumn
  ) throws -> Double {
    if text.isEmpty { return .nan }
    let string = String(decoding: text, as: UTF8.self)
    if SpelledNumber.isMissing(string) { return .nan }
    guard let value = SpelledNumber.value(string) else {
      throw BarError.number(column.name, String(string.prefix(40)))
    }
    return value
  }
}
