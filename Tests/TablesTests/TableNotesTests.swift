import Testing

@testable import Tables

@Suite struct TableNotesTests {
  @Test("a line for each kind, with the first place: of a hundred columns too")
  func lines() {
    let notes = TableNotes()
    #expect(notes.lines.isEmpty)
    notes.add("is odd", in: "a", "1")
    #expect(notes.lines == ["column 'a' is odd: 1"])
    notes.add("is odd", in: "a", "2")
    #expect(notes.lines == ["column 'a' is odd: 1, the first of 2"])
    for column in 0..<100 { notes.add("is odd", in: "\(column)", "3") }
    notes.add("left out", "x")
    notes.add("left out", "y")
    #expect(
      notes.lines == [
        "column 'a' is odd: 1, the first of 102 in 101 columns", "left out: x, the first of 2",
      ])
  }
}
