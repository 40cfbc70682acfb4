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
