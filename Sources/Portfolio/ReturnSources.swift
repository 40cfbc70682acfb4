import Days
import Streams

extension ByteReader {
  /// The returns of all sources, joined end to end: a ledger's day lines, or tables of returns.
  ///
  /// The first byte of a source tells CSV from NDJSON, the keys of its first line a ledger from returns;
  /// qlib's report, which has a ledger's columns, is read as one. Nil where there is no day. `tell` is
  /// given what to say: columns that are not used.
  public func dailyReturns(
    _ reading: ReturnReading = ReturnReading(), tell: (String) -> Void = { _ in }
  ) throws -> DailyReturns? {
    var sources = ReturnSources(reading)
    beginFingerprint()
    try forEachSource {
      sources.beginSource()
      switch try firstCharacter() {
      case UInt8(ascii: "{"), UInt8(ascii: "["), nil:
        try ndjsonOfSource { try sources.add($0) }
      default:
        try csvRowsOfSource(
          required: [reading.columns.return.lowercased()],
          canDrop: true, header: { try sources.begin($0, at: $1) }
        ) { try sources.add($0) }
      }
    }
    // Rows that descend are all bad but the first: what is left is no history.
    let bad = badRecords
    guard reading.isTrusting || bad.dropped < 10 || bad.dropped <= bad.good else {
      throw Failure.badData(
        name,
        "\(bad.dropped) of \(bad.dropped + bad.good) records are bad, and no more than half may be "
          + "dropped (--trust takes the rest)")
    }
    var returns = try sources.end(name, tell)
    returns?.fingerprint = fingerprint
    return returns
  }
}

/// Sources of returns as they are read, all of one kind.
private struct ReturnSources {
  private let reading: ReturnReading
  private var ledger = LedgerHistory()
  private var rows: ReturnRows
  private var kind: Kind?
  /// Whether the rows of the current table are those of a ledger.
  private var isLedger = false

  private enum Kind: String {
    case ledger = "a ledger"
    case returns = "returns"
  }

  init(_ reading: ReturnReading) {
    self.reading = reading
    rows = ReturnRows(reading)
  }

  /// Sees to it that all is of one kind.
  private mutating func take(_ next: Kind) throws {
    guard kind != next else { return }
    if let kind {
      throw DayError.rule(
        "\(kind.rawValue) and \(next.rawValue) are not joined end to end (--side-by-side compares them)"
      )
    }
    if next == .ledger, reading.unit != .share {
      throw DayError.rule("a ledger has returns that are shares of 1: no --percent, no --prices")
    }
    kind = next
  }

  /// Begins a source, which may be no continuation of the one before.
  mutating func beginSource() { rows.beginSource() }

  /// Takes in the header of a table.
  mutating func begin(_ names: [String], at place: String) throws {
    isLedger = LedgerHistory.required.allSatisfy(names.contains)
    do {
      try take(isLedger ? .ledger : .returns)
      if !isLedger { try rows.begin(names) }
    } catch {
      throw Failure.badData(place, "\(error)")
    }
  }

  /// Takes in a row of a table.
  mutating func add(_ row: CSVRow) throws {
    guard isLedger else { return try rows.add(row) }
    guard let day = try row.day(orNone: reading.columns.date.lowercased()) else {
      throw row.failure("\(reading.columns.date) is empty")
    }
    try ledger.add(row, day: day)
  }

  /// Takes in a line of NDJSON.
  mutating func add(_ line: JSONValue) throws {
    // A line of a ledger says which kind of record it is.
    let isReturn = line["record"] == nil && line[reading.columns.return] != nil
    guard isReturn || line["record"] != nil else {
      throw line.failure(
        "expected a line of a ledger, with a key 'record', or of returns, with "
          + "'\(reading.columns.date)' and '\(reading.columns.return)'")
    }
    do { try take(isReturn ? .returns : .ledger) } catch { throw line.failure("\(error)") }
    if isReturn { try rows.add(line) } else { try ledger.add(line) }
  }

  /// What was read.
  func end(_ place: String, _ tell: (String) -> Void) throws -> DailyReturns? {
    guard kind == .returns else { return ledger.days.isEmpty ? nil : DailyReturns(ledger) }
    guard !rows.days.isEmpty else {
      tell("\(place): there is no day, and nothing to report")
      return nil
    }
    if !rows.unused.isEmpty {
      let names = rows.unused.map { $0.isEmpty ? "a column without a name" : $0 }
      tell("\(place): not used: \(names.joined(separator: ", "))")
    }
    return try rows.history(place)
  }
}
