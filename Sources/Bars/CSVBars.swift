import Days
import Streams

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Bars of a CSV source (RFC 4180, but without line breaks in fields): columns by name, in any order.
///
/// An empty field, `nan` and `NaN` are a missing number. A value, not an object: what a row touches is
/// then on the stack, which makes reading twice as fast.
struct CSVBars {
  /// What a column holds.
  private enum Role { case instrument, date, delisted, number(BarColumn), none }

  private var roles: [Role] = []
  private var row = RawBar()
  private var day = Day(number: 0)
  /// From which day on the instrument has no rows, where the row tells.
  private var delisted: Day?
  /// The code of the row; its text, which the next row mostly repeats.
  private var code: InstrumentCode?
  private var codeText: [UInt8] = []

  /// Reads the current source; a row that breaks a rule is one bad record.
  static func read(_ input: ByteReader, into bars: BarCollection) throws {
    var rows = CSVBars()
    try input.linesOfSource { line in
      if rows.roles.isEmpty {
        return try rows.readHeader(line, input, needsFactor: bars.needsFactor)
      }
      try input.badRecords.attempt("\(input.name):\(input.lineNumber)") {
        try rows.readRow(line)
        if let code = rows.code { try bars.add(code, rows.day, rows.row, delisted: rows.delisted) }
      }
    }
  }

  /// A header that lacks a column cannot be read past; an unknown column can, under `--skip-bad`.
  private mutating func readHeader(
    _ line: UnsafeRawBufferPointer, _ input: ByteReader, needsFactor: Bool
  ) throws {
    let place = "\(input.name):\(input.lineNumber)"
    var cursor = CSVCursor(line)
    var seen: Set<String> = []
    repeat {
      let name = String(decoding: cursor.text(), as: UTF8.self)
      guard seen.insert(name).inserted else {
        throw Failure.badData(place, "\(BarError.duplicateColumn(name))")
      }
      if name == "instrument" {
        roles.append(.instrument)
      } else if name == "date" {
        roles.append(.date)
      } else if name == "delisted" {
        roles.append(.delisted)
      } else if let column = BarColumn.allCases.first(where: { $0.name == name }) {
        roles.append(.number(column))
      } else {
        try input.badRecords.attempt(place) { throw BarError.unknownColumn(name) }
        roles.append(.none)
      }
    } while cursor.nextField()
    let needed =
      ["instrument", "date"] + BarColumn.required.map(\.name) + (needsFactor ? ["factor"] : [])
    let missing = needed.filter { !seen.contains($0) }
    guard missing.isEmpty else {
      throw Failure.badData(place, "\(BarError.missingColumns(missing))")
    }
  }

  private mutating func readRow(_ line: UnsafeRawBufferPointer) throws {
    var cursor = CSVCursor(line)
    for place in roles.indices {
      if place > 0, !cursor.nextField() {
        throw BarError.fieldCount(place, header: roles.count)
      }
      switch roles[place] {
      case .number(let column): row[column] = try Self.number(&cursor, column)
      case .date: day = try Self.day(cursor.text())
      case .delisted:
        let text = cursor.text()
        delisted = text.isEmpty ? nil : try Self.day(text)
      case .instrument: try readCode(cursor.text())
      case .none: _ = cursor.text()
      }
    }
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
    guard let day = Day(text) else {
      throw DayError.date(String(decoding: text.prefix(40), as: UTF8.self))
    }
    return day
  }

  @inline(__always)
  private mutating func readCode(_ text: UnsafeRawBufferPointer) throws {
    let isSame = codeText.withUnsafeBytes { last in
      guard text.count == last.count, let one = text.baseAddress, let other = last.baseAddress
      else { return false }
      return memcmp(one, other, text.count) == 0
    }
    if isSame { return }
    code = try InstrumentCode(text)
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
    if text.isEmpty || text.elementsEqual("nan".utf8) || text.elementsEqual("NaN".utf8) {
      return .nan
    }
    let string = String(decoding: text, as: UTF8.self)
    // Double reads words and hexadecimal numbers too.
    let isDecimal = text.allSatisfy { (0x2b...0x39).contains($0) || $0 | 0x20 == 0x65 }
    guard isDecimal, let value = Double(string), value.isFinite else {
      throw BarError.number(column.name, String(string.prefix(40)))
    }
    return value
  }
}
