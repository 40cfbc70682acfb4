import Ink
import Mechanics
import Streams
import Testing

@testable import Scoring

/// The box of the n-th character in a row.
private func place(_ number: Int) -> Box {
  Box(lower: Point(Double(number) * 10.1, 0.3), upper: Point(Double(number) * 10.1 + 7, 9))
}

private func characters(_ texts: String...) -> [LabelledDrawing.Character] {
  texts.enumerated().map { LabelledDrawing.Character(text: $1, box: place($0)) }
}

private func rates(_ score: RecognitionScore) -> [Double?] { score.rates.map(\.value) }

@Test("an exact reading is right in every way, whatever way the signs are spelled")
func exactReading() {
  let truth = LabelledDrawing(id: "a", text: "3 * 4 =", characters: characters("3", "×", "4", "="))
  let answer = CalculatorAnswer(id: "a", value: "12", symbols: characters("3", "×", "4", "="))
  var score = RecognitionScore()
  score.add(truth, answer)
  #expect(rates(score) == [1, 1, 1, 1])
}

@Test("a wrong character costs the text and the symbol; the value may survive")
func wrongCharacter() {
  let truth = LabelledDrawing(id: "a", text: "4/2", characters: characters("4", "/", "2"))
  let answer = CalculatorAnswer(id: "a", value: "2", symbols: characters("4", "÷", "2"))
  var score = RecognitionScore()
  score.add(truth, answer)
  #expect(rates(score) == [0, 1, 2.0 / 3, 1])
}

@Test("a wrong segmentation costs its characters only")
func wrongSegmentation() {
  let truth = LabelledDrawing(id: "a", text: "1+1", characters: characters("1", "+", "1"))
  let merged = LabelledDrawing.Character(text: "4", box: place(1).union(place(2)))
  let answer = CalculatorAnswer(
    id: "a", value: "14", symbols: [characters("1")[0], merged])
  var score = RecognitionScore()
  score.add(truth, answer)
  #expect(rates(score) == [0, 0, 1.0 / 3, 1.0 / 3])
}

@Test("a character that was read is that of one place, though another has the same box")
func sameBox() {
  let two = ["1", "1"].map { LabelledDrawing.Character(text: $0, box: place(0)) }
  var score = RecognitionScore()
  score.add(
    LabelledDrawing(id: "a", text: "11", characters: two),
    CalculatorAnswer(id: "a", value: "1", symbols: [two[0]]))
  #expect(rates(score) == [0, 0, 0.5, 0.5])
}

@Test("no answer is all wrong; no drawing has no rate")
func nothing() {
  var score = RecognitionScore()
  #expect(rates(score) == [nil, nil, nil, nil])
  score.add(LabelledDrawing(id: "a", text: "1", characters: characters("1")), nil)
  #expect(rates(score) == [0, 0, 0, 0])
}

@Test("no value is right only where the truth breaks the same rule")
func noValue() {
  func valuesRight(_ truth: String, _ code: String?) -> Int {
    var score = RecognitionScore()
    score.add(
      LabelledDrawing(id: "a", text: truth, characters: []),
      CalculatorAnswer(id: "a", value: nil, code: code, symbols: []))
    #expect(score.withoutValue == (truth == "2+2" ? 1 : 0))
    return score.valuesRight
  }
  #expect(valuesRight("0/0", "undefined") == 1)
  #expect(valuesRight("0/0", "unsure") == 0)
  #expect(valuesRight("0/0", nil) == 0)
  #expect(valuesRight("(1", "unclosed") == 1)
  #expect(valuesRight("(1", "unopened") == 0)
  #expect(valuesRight("", nil) == 1)
  #expect(valuesRight("2+2", nil) == 0)
  #expect(TrueValue(of: "1/3+1/6") == .exact("1/2"))
  #expect(TrueValue(of: "2+2=5") == .exact("false"))
}

@Test("boxes are the same through 32-bit floats, and no further")
func roundedBoxes() {
  let box = Box(lower: Point(7884.4123, -0.1), upper: Point(7968.81, 1e-3))
  let rounded = Box(
    lower: Point(SIMD2<Float>(box.lower)), upper: Point(SIMD2<Float>(box.upper)))
  #expect(RecognitionScore.isSame(box, rounded))
  #expect(!RecognitionScore.isSame(box, Box(lower: box.lower, upper: box.upper + 0.1)))
  // A millionth of the larger of two corners, whichever that is.
  let (one, other) = (Point(0, 1e6), Point(0, 1e6 + 1.000_000_5))
  let corner = Box(lower: .zero, upper: one)
  #expect(RecognitionScore.isSame(corner, Box(lower: .zero, upper: other)))
  #expect(RecognitionScore.isSame(Box(lower: .zero, upper: other), corner))
  #expect(!RecognitionScore.isSame(corner, Box(lower: .zero, upper: Point(0, 1e6 + 1.01))))
}

@Test("every writer is in one fold; the hash is FNV-1a's")
func folds() {
  #expect(fnv1a("") == 0xcbf2_9ce4_8422_2325)
  #expect(fnv1a("foobar") == 0x8594_4171_f739_67e8)
  for number in 0..<50 {
    let drawing = LabelledDrawing(id: "a", writer: "w\(number)", text: "", characters: [])
    let folds = (0..<5).filter { HoldOut(count: 5, fold: $0).contains(drawing.writer) }
    #expect(folds == [Int(fnv1a("w\(number)") % 5)])
  }
  // Whose writer is not known is in none: it is always learned from.
  let unknown = LabelledDrawing(id: "a", text: "", characters: [])
  #expect((0..<5).allSatisfy { !HoldOut(count: 5, fold: $0).contains(unknown.writer) })
}

@Test("operators are told from digits, dots and parentheses")
func operators() {
  for (text, has) in [("12", false), ("1.5", false), ("(3)", false), ("1−2", true), ("7=", true)] {
    #expect(LabelledDrawing(id: "a", text: text, characters: []).hasOperator == has)
  }
}
