import Streams

extension BarCollection {
  /// Reads every source of the input: CSV, NDJSON or npy, told apart by their first byte that is no
  /// blank.
  ///
  /// A row that breaks a rule is one bad record, named by its file and line.
  public func read(_ input: ByteReader) throws {
    let row = BarRowReader(self)
    try input.forEachSource {
      switch try Self.firstByte(input) {
      case nil: break
      case UInt8(ascii: "{"): try input.ndjsonOfSource { try row.add($0) }
      case 0x93: try input.arraysOfSource { try row.add($0) }
      default: try CSVBars.read(input, into: self)
      }
    }
    finish()
  }

  /// The first byte that tells; nil where there is none.
  ///
  /// A byte order mark is taken off.
  private static func firstByte(_ input: ByteReader) throws -> UInt8? {
    if try input.peek(1).first == 0xef, try input.peek(3).elementsEqual([0xef, 0xbb, 0xbf]) {
      input.skip(3)
    }
    var count = 1
    while case let head = try input.peek(count), head.count == count {
      guard let last = head.last, last <= 0x20, count < 1 << 16 else { return head.last }
      count += 1
    }
    return nil
  }
}

/// Rows of NDJSON objects and of npy tables.
private final class BarRowReader {
  private let bars: BarCollection
  private var row = RawBar()

  init(_ bars: BarCollection) { self.bars = bars }

  /// One object: the names of the columns are its keys; null is a missing number, other keys are left.
  func add(_ object: JSONValue) throws {
    func text(_ key: String) throws -> String {
      let value = try object.require(key)
      guard let text = value.string else { throw value.failure("\(key) must be a string") }
      return text
    }
    let code = try InstrumentCode(try text("instrument"))
    let date = try text("date")
    guard let day = Day(date) else { throw MarketError.date(date) }
    for column in BarColumn.allCases {
      let value = object[column.name]
      if value == nil, BarColumn.required.contains(column) { _ = try object.require(column.name) }
      row[column] = try value.map(number(column)) ?? .nan
    }
    try bars.add(code, day, row)
  }

  private func number(_ column: BarColumn) -> (JSONValue) throws -> Double {
    { value in
      if value.kind == .null { return .nan }
      guard let number = value.double else {
        throw value.failure("\(column.name) must be a number or null")
      }
      return number
    }
  }

  /// One table with the fields of `DayTable`; factor, vwap, change and member may be missing.
  func add(_ table: NpyArray) throws {
    guard let instrument = table.field("instrument"), case .bytes = instrument.scalar else {
      throw MarketError.rule("table has no field 'instrument' of bytes")
    }
    let date = try table.field("date", .day)
    var columns: [(BarColumn, NpyField)] = []
    for column in BarColumn.allCases {
      if BarColumn.required.contains(column) || table.field(column.name) != nil {
        columns.append((column, try table.field(column.name, .float32)))
      }
      row[column] = .nan
    }
    let member = try table.field("member").map { try table.field($0.name, .uint8) }
    for index in 0..<table.count {
      let code = try InstrumentCode(try table.text(instrument, row: index))
      let number = table.bytes(date, row: index).withUnsafeBytes {
        $0.loadUnaligned(as: Int64.self)
      }
      guard let day = Int32(exactly: number).map(Day.init(number:)), Day.years.contains(day) else {
        throw MarketError.date(number == .min ? "NaT" : "\(number) days from 1970-01-01")
      }
      for (column, field) in columns { row[column] = Double(table.float(field, row: index)) }
      let isMember = member.map { table.bytes($0, row: index).first != 0 }
      try bars.add(code, day, row, isMember: isMember)
    }
  }
}
