import Days
import Streams

extension BarCollection {
  /// Reads every source of the input: CSV, NDJSON or npy, told apart by their first byte that is no
  /// blank.
  ///
  /// A row that breaks a rule is one bad record, named by its file and line. With `days`, npy tables of
  /// a day each are not collected but go through these, and on to `body`.
  public func read(
    _ input: ByteReader, passing days: BarDays? = nil, _ body: (BarDay) throws -> Void = { _ in }
  ) throws {
    let row = BarRowReader(self)
    refusesContradictions = input.badRecords.tolerated
    var daysPass: Bool?
    try input.forEachSource {
      try Self.refuseUTF16(input)
      let first = try Self.firstByte(input)
      if daysPass == true, let first, first != 0x93 {
        throw DayError.rule("days of npy were read before, so this must be npy too")
      }
      switch first {
      case nil: break
      case UInt8(ascii: "{"):
        place = { "\(input.name):\(input.lineNumber)" }
        try input.ndjsonOfSource { try row.add($0) }
      case 0x93 where minutes != nil:
        throw DayError.rule("rows of minutes must be CSV or NDJSON, this is npy")
      case 0x93:
        try input.arraysOfSource { array in
          // The first table tells, unless others were read before it.
          if daysPass == nil, array.count > 0 {
            daysPass = try days != nil && isEmpty && BarTable(array).isOneDay
          }
          if daysPass == true {
            try days?.add(array, input, body)
          } else {
            let table = try BarTable(array)
            hasLimits = hasLimits || table.hasLimits
            try table.forEach(input) { try add($0, $1, $2, isMember: $3) }
          }
        }
      default: try CSVBars.read(input, into: self)
      }
    }
    try endMinutes()
  }

  /// UTF-16 begins with a mark of its own.
  private static func refuseUTF16(_ input: ByteReader) throws {
    let mark = Array(try input.peek(2))
    guard mark == [0xff, 0xfe] || mark == [0xfe, 0xff] else { return }
    throw Failure.badData(input.name, "\(BarError.encoding("UTF-16", iconv: "UTF-16"))")
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

/// Rows of NDJSON objects.
private final class BarRowReader {
  private let bars: BarCollection
  private var row = RawBar()
  private var isFirst = true

  init(_ bars: BarCollection) { self.bars = bars }

  /// One object: the names of the columns are its keys; null is a missing number, other keys are left.
  func add(_ object: JSONValue) throws {
    let (code, moment) = try instrumentAndTime(object)
    // The first row tells whether there are limits, as a header does: what is read of a day does not depend
    // on later ones.
    if isFirst {
      isFirst = false
      bars.hasLimits = BarColumn.ofLimits.contains { object[$0.name] != nil }
    }
    for column in BarColumn.allCases {
      row[column] =
        try BarColumn.required.contains(column)
        ? object.requireNumber(orNull: column.name) : object.number(orNull: column.name)
    }
    let delisted = object["delisted"].map { $0.kind != .null } ?? false
    try bars.add(code, moment, row, delisted: delisted ? object.day("delisted") : nil)
  }

  /// The keys of a row: of one of minutes its time, from `datetime` or, as qlib has it, from `date`.
  private func instrumentAndTime(
    _ object: JSONValue
  ) throws -> (InstrumentCode, Moment) {
    guard bars.minutes != nil else {
      let (code, day) = try object.instrumentAndDay()
      return (code, Moment(day: day, second: 0))
    }
    let code = try object.instrument()
    let text = try object["datetime"] ?? object.require("date")
    guard let string = text.string else {
      throw text.failure("datetime must be a string, got \(text.kindName)")
    }
    let moment = try Array(string.utf8).withUnsafeBytes { try Moment($0) }
    return (code, moment)
  }
}
