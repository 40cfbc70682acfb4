import Ink
import Testing

@testable import Glyphs

@Suite struct ComposedSymbolsTests {
  /// A hundred characters each of five writers; one of them writes digits alone.
  private static func ink() throws -> InkCollection {
    let shapes = [
      ("0", "[[[2,0],[0,4],[2,9],[5,4],[2,0]]]"), ("1", "[[[0,0],[0.4,9]]]"),
      ("2", "[[[0,2],[3,0],[5,2],[0,9],[5,9]]]"), ("5", "[[[4,0],[0,0],[0,4],[4,6],[0,9]]]"),
      ("8", "[[[3,0],[0,2],[4,6],[2,9],[0,6],[4,2],[3,0]]]"),
      ("-", "[[[0,0],[6,0.2]]]"), (".", "[[[0,0],[0.3,0.1]]]"),
      ("\\phi", "[[[2,0],[0,4],[2,9],[5,4],[2,0]],[[2,-3],[2,12]]]"),
    ]
    let lines = (0..<5).flatMap { writer in
      (0..<100).map { number in
        let (label, strokes) = shapes[number % (writer == 0 ? 5 : shapes.count)]
        return """
          {"id":"\(writer)-\(number)","writer":"w\(writer)","label":"\(label)","strokes":\(strokes)}
          """.replacing(#"\"#, with: #"\\"#)
      }
    }
    return try TrainingDataTests.collection(lines)
  }

  @Test("the same seed makes the same, of the right classes, by writers who wrote the parts")
  func composed() throws {
    let written = try Self.ink()
    var (first, second, other) = (written, written, written)
    first.compose(seed: 1)
    second.compose(seed: 1)
    other.compose(seed: 2)
    let made = first.symbols.dropFirst(written.symbols.count)
    #expect(made.map(\.strokes) == second.symbols.dropFirst(written.symbols.count).map(\.strokes))
    #expect(made.map(\.strokes) != other.symbols.dropFirst(written.symbols.count).map(\.strokes))
    #expect(first.symbols.prefix(written.symbols.count).allSatisfy { $0.origin == .written })

    let characters = made.filter { $0.origin == .composed }
    let classes = Dictionary(grouping: characters) { Characters.all[$0.label] }
    // Of 500 symbols 5 of each kind; ÷ is written in two ways.
    #expect(classes.mapValues(\.count) == ["%": 5, "÷": 10, "!": 5])
    // A bar between dots needs a dash.
    let bars = try #require(classes["÷"]).prefix(5)
    #expect(bars.allSatisfy { $0.writer != "w0" && $0.strokes.count == 3 })
    // Some of the nine kinds need what not every writer has.
    let scribbles = made.filter { $0.origin == .scribble }
    #expect(scribbles.allSatisfy { $0.label == Characters.none })
    #expect((40...45).contains(scribbles.count))
    for symbol in made {
      let box = try #require(Box(around: symbol.strokes))
      #expect(max(box.width, box.height) < 4 && max(box.width, box.height) > 0.3)
    }
  }

  @Test func digitsAloneStayAlone() throws {
    var ink = try TrainingDataTests.collection(
      (0..<300).map { #"{"id":"\#($0)","label":"\#($0 % 2)","strokes":[[[0,0],[1,9]]]}"# })
    ink.compose(seed: 1)
    #expect(ink.symbols.count == 300)
  }
}
