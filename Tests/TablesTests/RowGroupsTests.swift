import Streams
import Tables
import TestFolders
import Testing

/// Which rows are one array.
@Suite struct RowGroupsTests {
  /// The rows of each array.
  private func counts(_ text: String, each: String? = nil, types: String? = nil) throws -> [Int] {
    var counts: [Int] = []
    let known = try types.map(ColumnTypes.init(parsing:))
    try reading(text) {
      try TableReading(known).read($0, into: RowGroups(each: each) { counts.append($0.count) })
    }
    return counts
  }

  @Test("a new array begins where date changes, else id, else what is named")
  func changes() throws {
    let days = "date,x\n2020-01-01,1\n2020-01-01,2\n2020-01-02,2\n"
    #expect(try counts(days) == [2, 1])
    #expect(try counts(days, each: "x") == [1, 2])
    #expect(try counts(days, each: "none") == [3])
    #expect(try counts("id,x\na,1\nb,1\nb,2\na,3\n") == [1, 2, 1])
    #expect(try counts("x\n1\n1\n2\n") == [3])
    #expect(fault { _ = try counts(days, each: "y") }.hasSuffix("table has no field 'y'"))
    // A day that is none is no earlier one.
    #expect(try counts("date\n2020-01-02\nNaT\n2020-01-01\n") == [1, 1, 1])
    #expect(try counts("x\n", types: "x=f4") == [0])
  }

  @Test("many rows of no day are cut, those of a day never")
  func large() throws {
    let rows = 700_000
    let text = "x,y,z\n" + String(repeating: "1,2,3\n", count: rows)
    let counts = try counts(text)
    #expect(counts.reduce(0, +) == rows && counts.count == 3)
    #expect(counts.dropLast().allSatisfy { $0 * 24 >= 8 << 20 })
    let day = text.replacing("x,y,z", with: "x,y,date").replacing(",3\n", with: ",2020-01-01\n")
    #expect(try self.counts(day) == [rows])
  }
}
