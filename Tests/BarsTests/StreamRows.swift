import Streams
import TestFolders
import Testing

@testable import Bars
@testable import Days

/// What is read of a text, CSV or NDJSON.
func bars(
  _ text: String, adjusting: Bool = false, calendar: TradingCalendar? = nil, skipBad: Bool = false
) throws -> BarCollection {
  try withFolder { folder in
    put(text, "\(folder)/bars")
    return try bars(
      file: "\(folder)/bars", adjusting: adjusting, calendar: calendar, skipBad: skipBad)
  }
}

func bars(
  file path: String, adjusting: Bool = false, calendar: TradingCalendar? = nil,
  skipBad: Bool = false
) throws -> BarCollection {
  let collection = BarCollection(adjusting: adjusting, calendar: calendar)
  try collection.read(ByteReader([path], badRecords: BadRecords(tolerated: skipBad)))
  return collection
}

/// A row of a day's table, as it is on the stream.
struct StreamRow: Equatable {
  let code: String
  let date: String
  /// The bits, so that NaN is equal to NaN.
  let values: [UInt32]
  var isMember: Bool

  var floats: [Float] { values.map(Float.init(bitPattern:)) }
}

extension BarSource {
  /// The whole stream, as a reader of it sees it.
  func rows(_ selection: BarSelection = BarSelection()) throws -> [StreamRow] {
    var rows: [StreamRow] = []
    try days(selection) { rows += try streamRows($0.array) }
    return rows
  }
}

func streamRows(_ table: NpyArray) throws -> [StreamRow] {
  let fields = try Bar.names.map { try table.field($0, .float32) }
  let code = try table.field("instrument", .bytes(16))
  let date = try table.field("date", .day)
  let member = try table.field("member", .uint8)
  return try (0..<table.count).map { row in
    let day = table.bytes(date, row: row).withUnsafeBytes { $0.loadUnaligned(as: Int64.self) }
    return StreamRow(
      code: try table.text(code, row: row), date: "\(Day(number: Int32(day)))",
      values: fields.map { table.float($0, row: row).bitPattern },
      isMember: table.bytes(member, row: row).first == 1)
  }
}

/// Checks that two streams are the same, bit by bit.
func expectSame(
  _ one: [StreamRow], _ other: [StreamRow], location: SourceLocation = #_sourceLocation
) {
  #expect(one.count == other.count, sourceLocation: location)
  if let place = zip(one, other).firstIndex(where: !=) {
    Issue.record("row \(place): \(one[place]), \(other[place])", sourceLocation: location)
  }
}

extension Sequence {
  fileprivate func firstIndex(where isWanted: (Element) -> Bool) -> Int? {
    enumerated().first { isWanted($0.element) }?.offset
  }
}
