import Streams
import Testing

@testable import Scoring

/// The truth of a record of ours.
private func drawing(_ members: String, strokes: Int = 1) throws -> LabelledDrawing {
  let ink = [String](repeating: "[[0,0],[5,9]]", count: strokes).joined(separator: ",")
  var text = #"{"id":"a","truth":"x","strokes":["# + ink + "],\(members)}"
  return try text.withUTF8 { bytes in
    try withJSON(UnsafeRawBufferPointer(bytes), name: "t") { try LabelledDrawing($0, line: 1) }
  }
}

private func answer(
  _ value: String?, latex: String? = nil, code: String? = nil, confidence: Double? = nil
) -> CalculatorAnswer {
  CalculatorAnswer(
    id: "a", value: value, code: code, latex: latex, confidence: confidence, symbols: [])
}

@Suite struct TwoDimensionalScoreTests {
  @Test("a writer is a string, or nobody")
  func writer() throws {
    #expect(try drawing(#""writer":"w""#).writer == "w")
    #expect(try drawing(#""writer":null"#).writer == nil)
    #expect(throws: (any Error).self) { try drawing(#""writer":5"#) }
  }

  @Test("LaTeX is compared in one spelling")
  func spelling() throws {
    #expect(spelledLatex(#"\left( 2 \times 3 \right) ^ 2 ="#) == #"(2\times3)^{2}"#)
    #expect(spelledLatex(#"\dfrac{1}{2}\cdot\sqrt[3]{8}"#) == #"\frac{1}{2}\times\sqrt[3]{8}"#)
    #expect(spelledLatex("6÷2−1·1") == #"6\div2-1\times1"#)
    let truth = try drawing(#""latex":"\\frac{9}{5}^2","value":"81/25""#)
    #expect(answer(nil, latex: #"\frac 9 5"#).reads(truth) == false)
    #expect(answer(nil, latex: #"\frac{9}{5}^{2}"#).reads(truth))
    #expect(!answer("81/25").reads(truth))
  }

  @Test("values are compared by their kind")
  func kinds() throws {
    let fraction = try drawing(#""latex":"a","value":"170/39","value_kind":"rational""#).value
    #expect(fraction.isMet(by: answer("170/39")))
    #expect(!fraction.isMet(by: answer("171/39")))
    #expect(!fraction.isMet(by: answer(nil)))
    let verdict = try drawing(#""latex":"a","value":"true","value_kind":"equation""#).value
    #expect(verdict.isMet(by: answer("true")) && !verdict.isMet(by: answer("false")))
    let none = try drawing(#""latex":"4,2,1","comma":"list""#).value
    #expect(none.isMet(by: answer(nil, code: "unsure")) && !none.isMet(by: answer("421")))
    #expect(throws: Failure.self) {
      try drawing(#""latex":"a","value":"1","value_kind":"complex""#)
    }
    #expect(throws: Failure.self) { try drawing(#""latex":"a","value":1"#) }
    #expect(throws: Failure.self) {
      try drawing(#""latex":"a","value":"1/3","value_kind":"decimal""#)
    }
  }

  @Test("decimals are compared as far as both go, roots by their digits")
  func decimals() {
    let root = TrueValue.decimal("1.41421356237309504880168872420")
    for right in [
      "√2", "1.41421356237309504880168872421", "1.4142135623730950488016887242", "1.4142135624",
    ] { #expect(root.isMet(by: answer(right)), "\(right)") }
    for wrong in ["√3", "-√2", "1.41421356237309504880168872423", "14.1421356237", "2", "7/5", "∞"]
    {
      #expect(!root.isMet(by: answer(wrong)), "\(wrong)")
    }
    #expect(TrueValue.decimal("-2.12132034355964257320253308631").isMet(by: answer("-3√2/2")))
    #expect(TrueValue.decimal("1.5e-40").isMet(by: answer("1.5e-40")))
    #expect(!TrueValue.decimal("1.5e-40").isMet(by: answer("1.5e-41")))
    #expect(TrueValue.decimal("0.0125").isMet(by: answer("0.01250")))
  }

  @Test("bins of confidence: what is given at 0.9 is right nine times of ten, or that is the error")
  func reliability() throws {
    var worth = Reliability()
    #expect(worth.calibrationError == nil)
    for number in 0..<10 { worth.add(0.9, isRight: number > 0) }
    #expect(abs(try #require(worth.calibrationError)) < 1e-9)
    for _ in 0..<10 { worth.add(0.25, isRight: true) }
    // Half of the values are 0.75 off.
    #expect(abs(try #require(worth.calibrationError) - 0.375) < 1e-9)
    worth.add(1, isRight: true)
    worth.add(0, isRight: false)
    #expect(worth.bins.map(\.count) == [1, 0, 10, 0, 0, 0, 0, 0, 0, 11])
    #expect(worth.bins[9].right == 10)
  }
}
