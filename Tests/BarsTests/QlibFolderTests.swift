import Streams
import TestFolders
import Testing

@testable import Bars
@testable import Days

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite struct QlibFolderTests {
  @Test("folders are as qlib names them")
  func folders() throws {
    #expect(try InstrumentCode("SH600000").folder == "sh600000")
    #expect(try InstrumentCode("con").folder == "_qlib_con")
    #expect(try InstrumentCode("Lpt1").folder == "_qlib_lpt1")
    #expect(try InstrumentCode("CONX").folder == "conx")
  }

  private static let example = "\(root)/testdata/market/bars.csv"

  private static func members(_ span: DaySpan = .all) throws -> BarSelection {
    let members = try Membership(reading: "\(root)/testdata/market/members.csv")
    return BarSelection(span, members: members, benchmark: try InstrumentCode("IDX"))
  }

  /// The rows that the folder has of the example: in all.txt all are members.
  private static func rows(_ source: BarCollection, _ span: DaySpan = .all) throws -> [StreamRow] {
    try source.rows(members(span)).map { row in
      var row = row
      row.isMember = true
      return row
    }
  }

  /// A folder written from the example.
  private func withExample(_ body: (String, BarCollection) throws -> Void) throws {
    try withFolder { folder in
      let source = try bars(file: Self.example, adjusting: true)
      let selection = try Self.members()
      try source.writeQlibFolder("\(folder)/q", selection, market: "csi")
      try body("\(folder)/q", source)
    }
  }

  @Test("CSV to qlib's folder and back: the same bars")
  func thereAndBack() throws {
    try withExample { path, source in
      let folder = try QlibFolder(path)
      expectSame(try folder.rows(), try Self.rows(source))
      let members = try Membership(reading: "\(root)/testdata/market/members.csv")
      let market = try QlibFolder(path, market: "csi")
      expectSame(try market.rows(), try source.rows(BarSelection(members: members)))
      // A second copy, of the folder itself.
      try folder.writeQlibFolder("\(path)2", BarSelection(), market: "all")
      expectSame(try QlibFolder("\(path)2").rows(), try Self.rows(source))
      // A part of it begins with its own calendar.
      let part = try DaySpan(from: Day("2020-01-06"), to: Day("2020-01-08"))
      try folder.writeQlibFolder("\(path)3", BarSelection(part))
      expectSame(try QlibFolder("\(path)3").rows(), try Self.rows(source, part))
      #expect(try QlibFolder("\(path)3").calendar.days.count == 3)
    }
  }

  @Test("a file of a feature: the place of the first day, then floats")
  func layout() throws {
    try withExample { path, _ in
      let bytes = try ByteReader(["\(path)/features/bbb/close.day.bin"]).allBytes()
      let floats = bytes.withUnsafeBytes { bytes in
        (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
      }
      #expect(floats == [2, 49.5, Float(36.3 * 1.5), Float(32.67 * 1.5), 48.75])
    }
  }

  @Test("files that are missing: vwap and change are computed, others are NaN")
  func missingFeatures() throws {
    try withExample { path, source in
      let expected = try Self.rows(source)
      unlink("\(path)/features/aaa/change.day.bin")
      unlink("\(path)/features/aaa/vwap.day.bin")
      unlink("\(path)/features/aaa/factor.day.bin")
      let rows = try QlibFolder(path).rows()
      for (row, before) in zip(rows, expected) {
        #expect(row.code != "AAA" || row.floats[6].isNaN)
        for field in [0, 1, 2, 3, 4, 5, 7] {
          let (one, other) = (row.floats[field], before.floats[field])
          #expect(one.isNaN == other.isNaN && !(abs(one - other) > 2e-6 * abs(other) + 1e-7))
        }
      }
      // Close of the day before the first is still looked at.
      let late = try QlibFolder(path).rows(
        BarSelection(try DaySpan(from: Day("2020-01-08"), to: nil)))
      #expect(abs(late[0].floats[7] - Float(5.35 / 5.2 - 1)) < 1e-6)
      put([0, 0, 0, 0].map(UInt8.init), "\(path)/features/aaa/change.day.bin")
      #expect(try QlibFolder(path).rows()[0].floats[7].isNaN)
    }
  }

  @Test("damaged folders are refused with the path and the rule")
  func damaged() throws {
    try withExample { path, _ in
      func refusal(_ body: () throws -> Void) -> String {
        let error = #expect(throws: Failure.self) { try body() }
        return error?.description ?? ""
      }
      let close = "\(path)/features/aaa/close.day.bin"
      for (bytes, rule) in [
        ([0, 0, 0], "size must be"), ([], "size must be"),
        ([0, 0, 0x80, 0xbf, 0, 0, 0, 0], "1 days from place -1.0"),
        ([0, 0, 0xc0, 0x7f, 0, 0, 0, 0], "from place nan"),
        ([0, 0, 0, 0x3f, 0, 0, 0, 0], "from place 0.5"),
        ([0, 0, 0xc0, 0x40, 0, 0, 0, 0], "1 days from place 6.0 are not within the calendar of 6"),
      ] as [([UInt8], String)] {
        put(bytes, close)
        let text = refusal { _ = try QlibFolder(path).rows() }
        #expect(text.hasPrefix("\(close): ") && text.contains(rule), "\(text)")
      }
      put("2020-01-02\n2020-01-02\n", "\(path)/calendars/day.txt")
      #expect(refusal { _ = try QlibFolder(path) }.contains("day.txt:2: trading days must ascend"))
      put("2020-01-02\n2020-01-3\n", "\(path)/calendars/day.txt")
      #expect(refusal { _ = try QlibFolder(path) }.contains("day.txt:2: date must be YYYY-MM-DD"))
      put("2020-01-02\n", "\(path)/calendars/day.txt")
      put("AAA\t2020-01-03\t2020-01-02\n", "\(path)/instruments/csi.txt")
      let span = refusal { _ = try QlibFolder(path, market: "csi") }
      #expect(span.contains("csi.txt:1: expected CODE, START and END"))
      #expect(refusal { _ = try QlibFolder(path, market: "none") }.contains("none.txt: No such"))
    }
  }

  @Test("an existing folder is not written into, and nothing is left of what failed")
  func existing() throws {
    try withExample { path, source in
      #expect(throws: Failure.self) { try source.writeQlibFolder(path, BarSelection()) }
      mkdir("\(path)-empty", 0o777)
      try source.writeQlibFolder("\(path)-empty/", BarSelection())
      #expect(exists("\(path)-empty/calendars/day.txt"))
      let none = BarSelection(try DaySpan(from: Day("2021-01-01"), to: nil))
      #expect(throws: DayError.self) { try source.writeQlibFolder("\(path)-none", none) }
      #expect(!exists("\(path)-none"))
      #expect(throws: Failure.self) {
        try source.writeQlibFolder("\(path)/no/such", BarSelection())
      }
    }
  }

  @Test(
    "qlib's own folder: its rows of members, and every value as it stands there",
    .enabled(if: Requirement.reference.isMet, "\(Requirement.reference)"))
  func qlibsOwn() throws {
    let small = "\(reference)/qlib/small"
    let folder = try QlibFolder("\(small)/provider", market: "csi300")
    let rows = try folder.rows()
    var index: [String] = []
    try ByteReader(["\(small)/index.csv"]).lines {
      index.append(String(decoding: $0, as: UTF8.self))
    }
    #expect(rows.filter(\.isMember).map { "\($0.date),\($0.code)" } == Array(index.dropFirst()))
    for code in folder.membership.codes {
      let own = rows.filter { $0.code == code.description }
      for (field, name) in Bar.names.enumerated() {
        let path = "\(small)/provider/features/\(code.folder)/\(name).day.bin"
        let bytes = try ByteReader([path]).allBytes()
        let words = bytes.withUnsafeBytes { bytes in
          (1..<bytes.count / 4).map {
            bytes.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)
          }
        }
        #expect(own.map { $0.values[field] } == words, "\(path)")
      }
    }
  }
}

extension ByteReader {
  /// Everything of the only source.
  fileprivate func allBytes() throws -> [UInt8] {
    var bytes: [UInt8] = []
    try forEachSource { bytes += try readAll(atMost: 1 << 30) }
    return bytes
  }
}
