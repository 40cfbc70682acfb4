import Alphabet
import Testing

@Suite struct AlphabetTests {
  @Test func everySpellingAndLabelMeansOneCharacter() {
    let spellings = Alphabet.entries.flatMap { [$0.character] + $0.spellings }
    #expect(Set(spellings).count == spellings.count)
    let labels = Alphabet.entries.flatMap { [$0.text] + $0.labels } + [Alphabet.none]
    #expect(Set(labels).count == labels.count)
    #expect(Alphabet.lookAlikes.isDisjoint(with: labels))
  }

  @Test func theClassesOfTheModelStayWhereTheyAre() {
    let known = [
      "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "+", "-", "×", "÷", "(", ")", "=", ".", "/",
    ]
    #expect(Array(Alphabet.classes.prefix(known.count)) == known)
    #expect(Alphabet.classes.last == "none")
    // Pictures of the image sets are labelled by number, from the first class on.
    let count = Alphabet.entries.count { $0.isInImageSets }
    #expect(count == 16 && Alphabet.entries.prefix(count).allSatisfy(\.isInImageSets))
  }

  @Test("of every two operations it is known which binds more tightly")
  func precedence() {
    for one in Alphabet.Operation.allCases {
      for other in Alphabet.Operation.allCases {
        let isTighter = [.multiply, .divide].contains(one) && [.add, .subtract].contains(other)
        #expect((one.precedence > other.precedence) == isTighter, "\(one) and \(other)")
      }
    }
  }

  @Test func spellings() {
    #expect(Alphabet.spelled(" 1 – 2*3 ·4 ∶ 5") == "1-2×3×4÷5")
    // A hyphen, a minus and a dash of that width.
    #expect(Alphabet.spelled("5-4−3–2") == "5-4-3-2")
    #expect(Alphabet.entry(of: Character("∶"))?.character == "÷")
    #expect(Alphabet.entry(of: "∶") == nil)
    #expect(Alphabet.entry(of: Character("q")) == nil)
  }
}
