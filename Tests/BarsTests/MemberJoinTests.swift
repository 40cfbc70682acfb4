import Streams
import TestFolders
import Testing

@testable import Bars
@testable import Days

/// The members of a market among the instruments of a source, read as CSV and by the day.
@Suite(.serialized) struct MemberJoinTests {
  private func note(_ members: String, byDay: Bool) throws -> String? {
    try withFolder { folder in
      put(members, "\(folder)/members")
      let selection = BarSelection(members: try Membership(reading: "\(folder)/members"))
      let source = try bars(file: "\(root)/testdata/market/bars.csv")
      guard byDay else { return try source.noteOnMembers(selection) }
      let output = try ByteWriter("\(folder)/bars.npy")
      try source.days(BarSelection()) {
        output.write($0.array)
        try output.commit()
      }
      try output.finish()
      let days = BarDays(selection)
      try BarCollection().read(ByteReader(["\(folder)/bars.npy"]), passing: days)
      return try days.noteOnMembers()
    }
  }

  @Test("spans in any form of a day; one that there is not, or CR for LF, is told")
  func spans() throws {
    func members(_ text: String) throws -> Membership {
      try withFolder { folder in
        put(text, "\(folder)/members")
        return try Membership(reading: "\(folder)/members")
      }
    }
    let wanted = try members("A,2020-01-02,2020-02-03\n").spans
    for text in ["A\t20200102\t20200203\n", "A,2020/1/2,2020/2/3\n"] {
      #expect(try members(text).spans == wanted)
    }
    for (text, rule) in [
      (
        "A,2020-13-02,2021-02-03\n",
        ":1: expected CODE, START and END, START not after END: 'A,2020-13-02,"
      ),
      ("A,2020-01-02,2020-02-30\n", "'A,2020-01-02,2020-02-30' (there is no such day)"),
      ("A,2/1/2020,3/2/2020\n", "(the year must come first)"),
      ("A,2020-01-02,2020-02-03\rB,2020-01-02,2020-02-03\r", ":1: lines must end with LF or CRLF"),
      ("A,2020-02-03,2020-01-02\n", "START not after END: 'A,2020-02-03,2020-01-02'"),
    ] {
      let error = #expect(throws: Failure.self, "\(text)") { try members(text) }
      #expect(error?.description.contains(rule) == true, "\(String(describing: error))")
    }
  }

  @Test(
    "none is an error, some are named, and those of other times are not missed",
    arguments: [false, true])
  func join(byDay: Bool) throws {
    let error = #expect(throws: DayError.self) {
      try note("aaa.SH\t2019-01-01\t2030-12-31\nBBB.SH\t2020-01-01\t2020-01-31\n", byDay: byDay)
    }
    #expect(error?.description == "none of 2 members is in the source: AAA.SH here, AAA there")
    #expect(
      try note("AAA\t2019-01-01\t2030-12-31\nZZZ\t2020-01-08\t2020-02-01\n", byDay: byDay)
        == "1 of 2 members are not in the source: ZZZ")
    #expect(
      try note("AAA\t2019-01-01\t2030-12-31\nZZZ\t2019-01-08\t2020-01-01\n", byDay: byDay) == nil)
    #expect(try note("ZZZ\t2019-01-08\t2020-01-01\n", byDay: byDay) == nil)
  }
}
