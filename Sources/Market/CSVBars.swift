import Streams

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Bars of a CSV source (RFC 4180, but without line breaks in fields): columns by name, in any order.
///
/// An empty field, `nan` and `NaN` are a missing number.
final class CSVBars {
  /// What a column holds.
  private enum Role { case instrument, date, number(Int), none }

  private let input: ByteReader
  private let bars: BarCollection
  private var roles: [Role] = []
  private var row = RawBar()
  /// The text of the last code, which most rows repeat.
  private var codeText: [UInt8] = []
  private var code: InstrumentCode?

  init(_ input: ByteReader, _ bars: BarCollection) {
    self.input = input
    self.bars = bars
  }

  /// Reads the current source; a row that breaks a rule is one bad record.
  func read() throws {
    try input.linesOfSource { line in
      if roles.isEmpty { return try readHeader(line) }
      try input.badRecords.attempt("\(input.name):\(input.lineNumber)") { try readRow(line) }
    }
  }

  /// A header that lacks a column cannot be read past; an unknown column can, under `--skip-bad`.
  private func readHeader(_ line: UnsafeRawBufferPointer) throws {
    let place = "\(input.name):\(input.lineNumber)"
    var cursor = CSVCursor(line)
    var seen: Set<String> = []
    repeat {
      let name = String(decoding: cursor.text(), as: UTF8.self)
      guard seen.insert(name).inserted else {
        throw Failure.badData(place, "\(MarketError.duplicateColumn(name))")
      }
      if name == "instrument" {
        roles.append(.instrument)
      } else if name == "date" {
        roles.append(.date)
      } else if let column = BarColumn.allCases.first(where: { $0.name == name }) {
        roles.append(.number(column.rawValue))
      } else {
        try input.badRecords.attempt(place) { throw MarketError.unknownColumn(name) }
        roles.append(.none)
      }
    } while cursor.nextField()
    let needed =
      ["instrument", "date"] + BarColumn.required.map(\.name) + (bars.needsFactor ? ["factor"] : [])
    let missing = needed.filter { !seen.contains($0) }
    guard missing.isEmpty else {
      throw Failure.badData(place, "\(MarketError.missingColumns(missing))")
    }
  }

  private func readRow(_ line: UnsafeRawBufferPointer) throws {
    var cursor = CSVCursor(line)
    var day: Day?
    for (place, role) in roles.enumerated() {
      if place > 0, !cursor.nextField() {
        throw MarketError.fieldCount(place, header: roles.count)
      }
      switch role {
      case .number(let column): row.values[column] = try number(&cursor, column)
      case .date:
        let text = cursor.text()
        guard let parsed = Day(text) else {
          throw MarketError.date(String(decoding: text.prefix(40), as: UTF8.self))
        }
        day = parsed
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
      throw MarketError.fieldCount(count, header: roles.count)
    }
    if let code, let day { try bars.add(code, day, row) }
  }

  @inline(__always)
  private func readCode(_ text: UnsafeRawBufferPointer) throws {
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
  private func number(_ cursor: inout CSVCursor, _ column: Int) throws -> Double {
    if let value = cursor.shortDecimal() { return value }
    let text = cursor.text()
    if text.isEmpty || text.elementsEqual("nan".utf8) || text.elementsEqual("NaN".utf8) {
      return .nan
    }
    let string = String(decoding: text, as: UTF8.self)
    // Double reads words and hexadecimal numbers too.
    let isDecimal = text.allSatisfy { (0x2b...0x39).contains($0) || $0 | 0x20 == 0x65 }
    guard isDecimal, let value = Double(string), value.isFinite else {
      throw MarketError.number(BarColumn(rawValue: column)?.name ?? "", String(string.prefix(40)))
    }
    return value
  }
}
