import Mechanics
import Streams
import Testing

@testable import Arithmetic

/// Characters that somebody chose by hand.
@Suite struct ChosenCharacterTests {
  private func chosen(_ text: String) throws -> [ChosenCharacter] {
    try Array(text.utf8).withUnsafeBytes { try withJSON($0, name: "test", ChosenCharacter.all) }
  }

  private func symbol(_ strokes: [Int], _ text: String) -> LatticeSymbol {
    LatticeSymbol(
      first: strokes[0], last: strokes[strokes.count - 1] + 1, strokes: strokes,
      box: .init(x0: Double(10 * strokes[0]), y0: 0, x1: Double(10 * strokes[0] + 9), y1: 10),
      top: [(text, 0.9), ("none", 0.1)])
  }

  @Test func whatIsChosenIsCertainAndItsRivalsAreGone() throws {
    let lattice = [
      symbol([0], "1"), symbol([0, 1], "4"), symbol([1], "1"), symbol([1, 2], "7"),
      symbol([2], "3"),
    ]
    let left = lattice.choosing(try chosen(#"[{"strokes":[0,1],"text":"9"}]"#))
    #expect(left.map(\.strokes) == [[2], [0, 1]])
    #expect(left[1].top.map(\.text) == ["9"] && left[1].top[0].probability == 1)
    #expect(lattice.choosing([]) == lattice)
  }

  @Test("strokes that were in no other candidate are no character, and are not forgotten")
  func theOthersOfARivalStay() throws {
    let lattice = [symbol([0, 1], "4"), symbol([2], "3")]
    let left = lattice.choosing(try chosen(#"[{"strokes":[1],"text":"1"}]"#))
    #expect(left.map(\.strokes) == [[2], [1], [0]])
    #expect(left[2].top.map(\.text) == ["none"])
  }

  @Test func strokesThatAreGoneSayNothing() throws {
    let lattice = [symbol([0], "1")]
    #expect(lattice.choosing(try chosen(#"[{"strokes":[0,7],"text":"4"}]"#)) == lattice)
  }

  @Test("every stroke stays, whatever is chosen")
  func nothingIsLost() throws {
    var random = SplitMix64(seed: 11)
    for _ in 0..<300 {
      let count = Int.random(in: 1...6, using: &random)
      var sets: Set<[Int]> = []
      for stroke in 0..<count {
        let others = (0..<count).filter { _ in Int.random(in: 0..<3, using: &random) == 0 }
        sets.insert(Set(others + [stroke]).sorted())
      }
      let lattice = sets.sorted { $0.lexicographicallyPrecedes($1) }.map { symbol($0, "1") }
      let own = (0..<count).filter { _ in Bool.random(using: &random) }
      guard !own.isEmpty else { continue }
      let left = lattice.choosing(try chosen("[{\"strokes\":\(own),\"text\":\"7\"}]"))
      #expect(Set(left.flatMap(\.strokes)) == Set(0..<count))
      #expect(left.filter { !Set(own).isDisjoint(with: $0.strokes) }.map(\.strokes) == [own])
    }
  }

  @Test(arguments: [
    "7", "{}", "[7]", #"[{"text":"4"}]"#, #"[{"strokes":[0]}]"#, #"[{"strokes":[],"text":"4"}]"#,
    #"[{"strokes":[1,0],"text":"4"}]"#, #"[{"strokes":[0],"text":"x"}]"#,
    #"[{"strokes":[0],"text":4}]"#, #"[{"strokes":[-1],"text":"4"}]"#,
    #"[{"strokes":[0],"text":"4"},{"strokes":[0,1],"text":"4"}]"#,
  ]) func malformed(text: String) {
    #expect(throws: (any Error).self) { try chosen(text) }
  }
}
