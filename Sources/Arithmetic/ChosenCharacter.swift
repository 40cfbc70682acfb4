import Alphabet
import Streams

/// A character that somebody chose by hand: these strokes are it, and no part of another.
public struct ChosenCharacter: Equatable, Sendable {
  /// Which strokes, ascending.
  let strokes: [Int]
  /// The character in the spelling of answers, or `none`.
  let text: String

  /// Those of a drawing: `[{"strokes":[3,4],"text":"4"},...]`.
  ///
  /// Throws `badData` where one is malformed, or has a stroke that another one has.
  public static func all(_ value: JSONValue) throws -> [ChosenCharacter] {
    guard value.kind == .array else {
      throw value.failure("chosen: expected an array, got \(value.kindName)")
    }
    var taken: Set<Int> = []
    return try value.elements.map { one in
      let strokes = try LatticeSymbol.strokes(one.require("strokes"))
      guard let text = try one.require("text").string, Alphabet.classes.contains(text) else {
        throw one.failure("chosen: text must be a character that is read, or none")
      }
      for stroke in strokes where !taken.insert(stroke).inserted {
        throw one.failure("chosen: stroke \(stroke) is of two characters")
      }
      return ChosenCharacter(strokes: strokes, text: text)
    }
  }
}

extension [LatticeSymbol] {
  /// The candidates that are left when some characters are known.
  ///
  /// Strokes that were only candidates together with a chosen one are none of a character then. What is chosen
  /// of strokes that no candidate has says nothing: the drawing has changed since.
  public func choosing(_ chosen: [ChosenCharacter]) -> [LatticeSymbol] {
    var symbols = self
    for choice in chosen
    where choice.strokes.allSatisfy({ stroke in contains { $0.strokes.contains(stroke) } }) {
      let own = Set(choice.strokes)
      let rivals = symbols.filter { !own.isDisjoint(with: $0.strokes) }
      symbols.removeAll { !own.isDisjoint(with: $0.strokes) }
      let left = Set(symbols.flatMap(\.strokes))
      let same = rivals.first { $0.strokes == choice.strokes }
      symbols.append(LatticeSymbol(choice.strokes, of: same.map { [$0] } ?? rivals, choice.text))
      for stroke in Set(rivals.flatMap(\.strokes)).subtracting(own).subtracting(left).sorted() {
        symbols.append(
          LatticeSymbol([stroke], of: rivals.filter { $0.strokes.contains(stroke) }, Alphabet.none))
      }
    }
    return symbols
  }
}

extension LatticeSymbol {
  /// Strokes of a known text, as far as candidates tell where they are: within the smallest for each.
  fileprivate init(_ strokes: [Int], of candidates: [LatticeSymbol], _ text: String) {
    let smallest = strokes.compactMap { stroke in
      candidates.filter { $0.strokes.contains(stroke) }
        .min { $0.box.width + $0.box.height < $1.box.width + $1.box.height }
    }
    let box = smallest.dropFirst().reduce(smallest[0].box) { $0.union($1.box) }
    self.init(
      first: smallest.map(\.first).min() ?? 0, last: smallest.map(\.last).max() ?? 1,
      strokes: strokes, box: box, top: [(text, 1)])
  }
}
