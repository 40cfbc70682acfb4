import Mechanics
import Testing

@testable import Days

/// Codes that are looked for among others.
@Suite struct CodeJoinTests {
  private func codes(_ names: String) throws -> [InstrumentCode] {
    try names.split(separator: " ").map { try InstrumentCode($0) }
  }

  @Test("a join of nothing shows a code of each side, spelt otherwise where there is one")
  func nothing() throws {
    var join = CodeJoin("scores", with: "bars.npy")
    let error = #expect(throws: DayError.self) {
      try join.add(codes("600000.SH 600001.SH"), among: codes("SH000300 SH600000 SH600001"))
    }
    #expect(
      error?.description == "none of 2 scores is in bars.npy: 600000.SH here, SH600000 there")
    // Nothing to look for, or nowhere to look, is no contradiction.
    var empty = CodeJoin("scores", with: "bars.npy")
    #expect(try empty.add([], among: codes("A")).isEmpty)
    #expect(try empty.add(codes("A"), among: []) == [0])
  }

  @Test("a join of a part names the first three of those that were never found")
  func part() throws {
    var join = CodeJoin("scores", with: "bars.npy")
    #expect(try join.add(codes("A B C D E"), among: codes("A")) == [1, 2, 3, 4])
    #expect(join.note == "4 of 5 scores are not in bars.npy: B, C, D, ...")
    #expect(try join.add(codes("B D F"), among: codes("B D F")) == [])
    #expect(join.note == "2 of 6 scores are not in bars.npy: C, E")
    try join.add(codes("C E"), among: codes("C E"))
    #expect(join.note == nil && join.count == 6)
  }

  @Test("three names are all there are, of four more follow")
  func three() throws {
    var join = CodeJoin("scores", with: "bars.npy")
    try join.add(codes("A B C D"), among: codes("A"))
    #expect(join.note == "3 of 4 scores are not in bars.npy: B, C, D")
    try join.add(codes("A E"), among: codes("A"))
    #expect(join.note == "4 of 5 scores are not in bars.npy: B, C, D, ...")
    #expect([1, 2].firstThree == "1, 2")
  }

  @Test("random codes, beside sets")
  func sets() throws {
    var random = SplitMix64(seed: 5)
    let all = try (100..<130).map { try InstrumentCode("S\($0)") }
    for _ in 0..<50 {
      var join = CodeJoin("scores", with: "bars")
      var (asked, found) = (Set<InstrumentCode>(), Set<InstrumentCode>())
      for _ in 0..<10 {
        let here = all.filter { _ in random.happens(0.4) }
        let there = all.filter { _ in random.happens(0.4) }
        let both = Set(here).intersection(there)
        guard !both.isEmpty || here.isEmpty || there.isEmpty else { continue }
        let absent = try join.add(here, among: there)
        #expect(absent.map { here[$0] } == here.filter { !both.contains($0) })
        asked.formUnion(here)
        found.formUnion(both)
      }
      #expect(join.missing == asked.subtracting(found).sorted() && join.count == asked.count)
    }
  }
}
